"""What there is to know about a prompt at the moment it could go: read once, then decided upon."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import BigIntegerField, OuterRef, Subquery

from participants.models import Session
from scheduling import timetable
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.models.prompt import PromptQuerySet
from scheduling.prepared import Given, Reading
from studies.models import Study

_WEEKLY = frozenset({Kind.SESSION, Kind.NUDGE, Kind.FAREWELL})
_MAY_HAVE_COME = frozenset({Prompt.State.SENT, Prompt.State.UNCONFIRMED})
_ABOUT_THE_ADDRESS = frozenset({Prompt.Reason.ADDRESS_FAILED, Prompt.Reason.ADDRESS_REFUSED})
_SESSION = Session.objects.filter(
    enrolment=OuterRef("enrolment"), module__week=OuterRef("occurrence")
).order_by()


def _weekly_mails() -> PromptQuerySet:
    """Sessions and reminders, each with when its week was opened and finished."""
    return Prompt.objects.filter(kind__in=[Kind.SESSION, Kind.NUDGE], copy=0).annotate(
        opened_at=Subquery(_SESSION.values("first_opened_at")),
        finished_at=Subquery(_SESSION.values("finished_at")),
    )


_WEEKLY_MAILS = Reading(
    "weekly_mails",
    lambda: _weekly_mails().filter(enrolment=Given("enrolment", BigIntegerField())).order_by(),
)


@dataclass(frozen=True, kw_only=True)
class Week:
    """`mail` is the week's own prompt (never a copy)."""

    number: int
    mail: Prompt
    opened: bool
    finished: bool

    @property
    def was_sent(self) -> bool:
        """And did not come back, as far as we know."""
        return self.mail.state == Prompt.State.SENT and self.mail.bounced_at is None

    @property
    def was_offered(self) -> bool:
        """As docs/definitions.md has it."""
        return self.was_sent or self.opened

    @property
    def came_back(self) -> bool:
        """Its mail did, or was refused at the door, or was kept back because others had."""
        mail = self.mail
        return mail.bounced_at is not None or mail.reason in _ABOUT_THE_ADDRESS

    @property
    def was_missed(self) -> bool:
        return self.mail.state == Prompt.State.MISSED

    @property
    def passed_by(self) -> bool:
        """No mail of it reached them, and nobody found it by themselves."""
        return not self.opened and (self.was_missed or self.came_back)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`weeks` is empty for kinds that do not depend on them; `nudged_at` is when reminders
    went or, of those that nobody knows of, were tried (UTC).

    `address_fails`: mail to the person's present address comes back.
    """

    prompt: Prompt
    study: Study
    withdrawn: bool
    has_address: bool
    address_fails: bool
    mail_off: bool
    paused: bool
    weeks: dict[int, Week] = field(default_factory=dict)
    nudged_at: list[datetime] = field(default_factory=list)

    @property
    def week(self) -> Week:
        """The week of a session or nudge prompt."""
        return self.weeks[self.prompt.occurrence]

    @property
    def next_session_at(self) -> datetime | None:
        later = [
            week.mail.due_at
            for number, week in self.weeks.items()
            if number > self.prompt.occurrence and week.mail.state != Prompt.State.CANCELLED
        ]
        return min(later, default=None)

    @property
    def unopened_before(self) -> int:
        """How many weeks up to this one were offered and not opened, in a row.

        One that was not offered counts neither way.
        """
        count = 0
        for number in range(self.prompt.occurrence - 1, 0, -1):
            week = self.weeks.get(number)
            if week is not None and week.opened:
                break
            count += week is not None and week.was_offered
        return count


def weekly_mails_of(enrolments: Collection[int]) -> dict[int, list[Prompt]]:
    """The weekly mails of each of these people, in one query, for `gather`."""
    found: dict[int, list[Prompt]] = {each: [] for each in enrolments}
    for row in _weekly_mails().filter(enrolment__in=enrolments):
        found[row.enrolment_id].append(row)
    return found


def gather(prompt: Prompt, *, now: datetime, mails: list[Prompt] | None = None) -> Facts:
    """One query for a kind that depends on the weeks, none for the others, if `prompt` came with
    its enrolment, study, user and rhythm; none at all with `mails`, as `weekly_mails_of` has them.
    """
    enrolment = prompt.enrolment
    rhythm: Rhythm | None = getattr(enrolment, "rhythm", None)
    weekly = prompt.kind in _WEEKLY
    rows = (mails or _WEEKLY_MAILS.all(enrolment=prompt.enrolment_id)) if weekly else []
    return Facts(
        prompt=prompt,
        study=enrolment.study,
        withdrawn=enrolment.is_withdrawn,
        has_address=enrolment.user is not None,
        address_fails=enrolment.user is not None and enrolment.user.address_failed_at is not None,
        mail_off=rhythm is not None and rhythm.mail_off_since is not None,
        paused=rhythm is not None and _is_paused(rhythm, now),
        weeks=_weeks(rows),
        nudged_at=[
            each.sent_at or each.attempted_at or each.due_at
            for each in rows
            if each.kind == Kind.NUDGE and each.state in _MAY_HAVE_COME
        ],
    )


def _weeks(rows: list[Prompt]) -> dict[int, Week]:
    return {
        row.occurrence: Week(
            number=row.occurrence,
            mail=row,
            opened=vars(row)["opened_at"] is not None,
            finished=vars(row)["finished_at"] is not None,
        )
        for row in rows
        if row.kind == Kind.SESSION
    }


def _is_paused(rhythm: Rhythm, now: datetime) -> bool:
    """Until the day itself, on the person's own calendar, or UTC's if their zone is no more."""
    until = rhythm.paused_until
    zone = rhythm.zone if timetable.is_known(rhythm.zone) else "UTC"
    return until is not None and timetable.local(now, zone).date() < until
