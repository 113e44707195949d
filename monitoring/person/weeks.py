"""A person's weeks, one line each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring.people.outcomes import Outcome
from participants.models import Session
from scheduling.models import Kind, Prompt


@dataclass(frozen=True, kw_only=True)
class Line:
    """`mail` is the newest mail of the week's session, with its `outcome`; None where there is
    none.
    """

    session: Session
    is_open: bool
    mail: Prompt | None

    @property
    def became(self) -> str:
        """Of a planned mail whether it will go, as things stand."""
        mail: Any = self.mail
        is_planned = mail.state == Prompt.State.PLANNED
        return str(Outcome(mail.outcome).label) if is_planned else mail.became

    @property
    def use(self) -> list[datetime | None]:
        """When it was first opened, taken part in and finished."""
        week = self.session
        return [week.first_opened_at, week.took_part_at, week.finished_at]

    @property
    def mail_needs_a_look(self) -> bool:
        mail = self.mail
        if mail is None:
            return False
        looked = {Prompt.State.FAILED, Prompt.State.UNCONFIRMED, Prompt.State.MISSED}
        unreachable = mail.reason in Prompt.UNREACHABLE
        return mail.state in looked or mail.bounced_at is not None or unreachable


def lines(sessions: Iterable[Session], prompts: Iterable[Prompt], *, now: datetime) -> list[Line]:
    newest: dict[int, Prompt] = {}
    for prompt in sorted(prompts, key=lambda each: each.copy):
        if prompt.kind == Kind.SESSION:
            newest[prompt.occurrence] = prompt
    return [
        Line(session=each, is_open=each.is_open(now), mail=newest.get(each.module.week))
        for each in sessions
    ]
