"""What there is to know about a prompt at the moment it could go: read once, then decided upon."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, OuterRef, Q, QuerySet, Subquery, When

from participants import agreeing_anew, do_not_invite
from participants.models import Enrolment, Session
from participants.models.enrolment import EnrolmentQuerySet
from participants.places import is_full
from scheduling import timetable
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.models.prompt import PromptQuerySet
from scheduling.models.wording import INVITING
from scheduling.prepared import Given, Listing
from studies.models import Study

_WEEKLY = frozenset({Kind.SESSION, Kind.NUDGE, Kind.FAREWELL})
MAY_HAVE_COME = frozenset({Prompt.State.SENT, Prompt.State.UNCONFIRMED})
_ABOUT_THE_ADDRESS = frozenset({Prompt.Reason.ADDRESS_FAILED, Prompt.Reason.ADDRESS_REFUSED})
_SESSION = Session.objects.filter(
    enrolment=OuterRef("enrolment"), module__week=OuterRef("occurrence")
).order_by()


class WeeklyMail(NamedTuple):
    """What counts of a session's or reminder's row and, of a session, when its week was opened and
    finished.
    """

    enrolment_id: int
    kind: str
    occurrence: int
    state: str
    reason: str
    due_at: datetime
    attempted_at: datetime | None
    sent_at: datetime | None
    bounced_at: datetime | None
    opened_at: datetime | None
    finished_at: datetime | None


# Rows of the rehearsal, which plays on with them, are whole.
WeeklyRow = WeeklyMail | Prompt


def _weekly_mails() -> PromptQuerySet:
    return Prompt.objects.filter(kind__in=[Kind.SESSION, Kind.NUDGE], copy=0).annotate(
        opened_at=_of_its_week("first_opened_at"), finished_at=_of_its_week("finished_at")
    )


def _of_its_week(what: str) -> Case:
    """Asked for a session's mail alone: a reminder's week is the same."""
    return Case(When(kind=Kind.SESSION, then=Subquery(_SESSION.values(what))))


def _weekly_mails_of(people: Collection[Given]) -> QuerySet[Prompt, Any]:
    """Of just so many people, since a statement that is written once has its places."""
    anyone = Q(*[("enrolment", each) for each in people], _connector=Q.OR)
    mails = _weekly_mails().filter(anyone)
    return mails.values_list(*WeeklyMail._fields).order_by()


def _person(number: int) -> Given:
    return Given(f"person_{number}", BigIntegerField())


def _asked_anew(people: EnrolmentQuerySet) -> QuerySet[Any, Any]:
    return agreeing_anew.asked_anew(people).values_list("pk").order_by()


AT_ONCE = 25
_OF_ONE = Listing("weekly_mails", lambda: _weekly_mails_of([_person(0)]), WeeklyMail._make)
_ASKED_ANEW = Listing(
    "asked_anew", lambda: _asked_anew(Enrolment.objects.filter(pk=_person(0))), tuple
)
_OF_SOME = Listing(
    "weekly_mails_of_some",
    lambda: _weekly_mails_of([_person(number) for number in range(AT_ONCE)]),
    WeeklyMail._make,
)


@dataclass(frozen=True, kw_only=True)
class Week:
    """`mail` is the week's own prompt (never a copy)."""

    number: int
    mail: WeeklyRow
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

    `address_fails`: mail to the person's present address comes back. `joined`: they agreed,
    whatever became of it. `invitation` is the mail of which this is the reminder. Only of who is
    being asked: `said_no`, that their address is not to be asked; `is_full`, that no place is left.
    `asked_anew`: they are to agree to a newer version, and whether they opened a week is unknown.
    """

    prompt: Prompt
    study: Study
    joined: bool
    withdrawn: bool
    has_address: bool
    address_fails: bool
    mail_off: bool
    paused: bool
    weeks: dict[int, Week] = field(default_factory=dict)
    nudged_at: list[datetime] = field(default_factory=list)
    invitation: Prompt | None = None
    said_no: bool = False
    is_full: bool = False
    has_day: bool = False
    asked_anew: bool = False

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

        One that was not offered counts neither way; none does of whom nothing is recorded.
        """
        if self.asked_anew:
            return 0
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


def light_mails_of(enrolments: Sequence[int]) -> dict[int, list[WeeklyMail]]:
    """The same for a sender, as light rows; of `AT_ONCE` people at most."""
    found: dict[int, list[WeeklyMail]] = {each: [] for each in enrolments}
    # The places that are left take nobody: no row has the key 0.
    people = [*found, *[0] * (AT_ONCE - len(found))]
    for row in _OF_SOME.all(**{f"person_{number}": each for number, each in enumerate(people)}):
        found[row.enrolment_id].append(row)
    return found


def gather(prompt: Prompt, *, now: datetime, mails: Sequence[WeeklyRow] | None = None) -> Facts:
    """One query for a kind that depends on other mails, none for the others, if `prompt` came with
    its enrolment, study, user and rhythm; none at all with `mails`, as read by one of the above.
    One more of who left weeks unopened, two or three of who is being asked to take part.
    """
    enrolment = prompt.enrolment
    rhythm: Rhythm | None = getattr(enrolment, "rhythm", None)
    rows: Sequence[WeeklyRow] = []
    if prompt.kind in _WEEKLY:
        rows = mails or _OF_ONE.all(person_0=prompt.enrolment_id)
    weeks = _weeks(rows)
    is_asked = prompt.kind in INVITING and not enrolment.has_joined
    return Facts(
        prompt=prompt,
        study=enrolment.study,
        joined=enrolment.has_joined,
        withdrawn=enrolment.is_withdrawn,
        has_address=enrolment.user is not None,
        address_fails=enrolment.user is not None and enrolment.user.address_failed_at is not None,
        mail_off=rhythm is not None and rhythm.mail_off_since is not None,
        paused=rhythm is not None and _is_paused(rhythm, now),
        weeks=weeks,
        nudged_at=[
            each.sent_at or each.attempted_at or each.due_at
            for each in rows
            if each.kind == Kind.NUDGE and each.state in MAY_HAVE_COME
        ],
        invitation=_invitation_of(prompt) if prompt.kind == Kind.REMINDER else None,
        said_no=is_asked and _said_no(enrolment),
        is_full=is_asked and is_full(enrolment.study),
        has_day=enrolment.day_chosen_at is not None,
        asked_anew=_may_be_unknown(prompt, weeks) and _is_asked_anew(prompt.enrolment_id),
    )


def _may_be_unknown(prompt: Prompt, weeks: dict[int, Week]) -> bool:
    """So few queries: of a reminder about a week without an entry, or where two weeks have none."""
    unopened = sum(week.was_offered and not week.opened for week in weeks.values())
    return unopened > (0 if prompt.kind == Kind.NUDGE else 1)


def _is_asked_anew(enrolment: int) -> bool:
    return bool(_ASKED_ANEW.all(person_0=enrolment))


def _said_no(enrolment: Enrolment) -> bool:
    """Perhaps while the list with their address was being saved."""
    return enrolment.user is not None and bool(do_not_invite.among([enrolment.user.email]))


def _invitation_of(prompt: Prompt) -> Prompt | None:
    """Of several, as where it was sent again, the newest that may have come."""
    mails = Prompt.objects.of_kind(Kind.INVITATION).filter(enrolment=prompt.enrolment_id)
    newest = mails.order_by("-copy")
    return newest.filter(state__in=MAY_HAVE_COME, bounced_at=None).first() or newest.first()


def _weeks(rows: Sequence[WeeklyRow]) -> dict[int, Week]:
    return {
        row.occurrence: Week(
            number=row.occurrence,
            mail=row,
            opened=_at(row, "opened_at") is not None,
            finished=_at(row, "finished_at") is not None,
        )
        for row in rows
        if row.kind == Kind.SESSION
    }


def _at(row: WeeklyRow, what: str) -> datetime | None:
    at: datetime | None = getattr(row, what)
    return at


def _is_paused(rhythm: Rhythm, now: datetime) -> bool:
    """Until the day itself, on the person's own calendar, or UTC's if their zone is no more."""
    until = rhythm.paused_until
    zone = rhythm.zone if timetable.is_known(rhythm.zone) else "UTC"
    return until is not None and timetable.local(now, zone).date() < until
