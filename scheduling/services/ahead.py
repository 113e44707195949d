"""What of a person's plan can move. Reads only; where it would move is said in `after`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from participants.models import Enrolment
from scheduling import timetable
from scheduling.instants import needs_instants
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.plan import FAREWELL_DAYS, Beat

KINDS = [Kind.SESSION, Kind.NUDGE, Kind.FAREWELL]


class NotTakingPart(Exception):
    """Nothing can be planned: this person has withdrawn, or has not chosen a day."""

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__(f"{enrolment.code} is not taking part")
        self.enrolment = enrolment


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What of a person's plan can move, and when (UTC) the last week that cannot began.

    `open_weeks` stay open whatever moves; of one among `sessions` the mail alone moves.
    """

    enrolment: Enrolment
    beat: Beat
    sessions: list[Prompt]
    nudges: dict[int, Prompt]
    farewell: Prompt | None
    titles: dict[int, str]
    last_at: datetime | None
    paused_until: date | None
    before_break: date | None
    open_weeks: set[int]

    def is_paused(self, now: datetime) -> bool:
        """Raises `ZoneInfoNotFoundError` where the beat's zone is no more."""
        until = self.paused_until
        return until is not None and timetable.local(now, self.beat.zone).date() < until

    def is_held_back(self, now: datetime) -> bool:
        """Whether the pause of now has put off what is next. What is more than a week behind it was
        planned so before, as by another week taken.
        """
        held = self.sessions[0] if self.sessions else self.farewell
        if held is None or self.paused_until is None or not self.is_paused(now):
            return False
        return held.due_at > now and held.local_date - self.paused_until <= timetable.WEEK

    def next_date(self) -> date | None:
        """Of the first week ahead or, where none is, the last mail."""
        following = self.sessions[0] if self.sessions else self.farewell
        return following.local_date if following is not None else None

    def last_mail_date(self, beat: Beat) -> date | None:
        """A week after the last week began, by the beat's calendar; None if none has."""
        if self.last_at is None:
            return None
        return timetable.local(self.last_at, beat.zone).date() + timedelta(days=FAREWELL_DAYS)


@needs_instants
def ahead_of(
    enrolment: Enrolment, *, now: datetime, also_due: bool = False, lock: bool = False
) -> Ahead:
    """What is due is left out: that week is open, and its mail on its way. In a pause no mail goes,
    so there its mail moves (`also_due`), unless the week was opened and needs none any more.

    Raises `NotTakingPart` after withdrawal and before a day is chosen.
    """
    rhythm = Rhythm.objects.filter(enrolment=enrolment).first()
    if enrolment.is_withdrawn or rhythm is None:
        raise NotTakingPart(enrolment)
    prompts = _prompts(enrolment, lock=lock)
    weeks = list(enrolment.sessions.in_order())
    opened = {each.module.week for each in weeks if each.first_opened_at is not None}
    fixed, sessions = _divided(prompts, opened if also_due else None, now)
    return Ahead(
        enrolment=enrolment,
        beat=Beat(weekday=rhythm.weekday, local_time=rhythm.local_time, zone=rhythm.zone),
        sessions=sessions,
        nudges=_planned(prompts, Kind.NUDGE),
        farewell=_planned(prompts, Kind.FAREWELL).get(0),
        titles={each.module.week: each.module.title for each in weeks},
        last_at=max(map(_began_at, fixed), default=None),
        paused_until=rhythm.paused_until,
        before_break=rhythm.before_break,
        open_weeks=opened | {each.module.week for each in weeks if each.is_open(now)},
    )


def _prompts(enrolment: Enrolment, *, lock: bool) -> list[Prompt]:
    rows = Prompt.objects.filter(enrolment=enrolment, kind__in=KINDS, copy=0).order_by("pk")
    return list(rows.select_for_update() if lock else rows)


def _planned(prompts: list[Prompt], kind: Kind) -> dict[int, Prompt]:
    """By week."""
    return {
        each.occurrence: each
        for each in prompts
        if each.kind == kind and each.state == Prompt.State.PLANNED
    }


def _divided(
    prompts: list[Prompt], opened: set[int] | None, now: datetime
) -> tuple[list[Prompt], list[Prompt]]:
    """The sessions that stay as they are, and those after them, which can move: a week that moved
    behind a later one would turn their order round. With `opened`, one that is due can move, too.
    """
    sessions = [each for each in prompts if each.kind == Kind.SESSION]
    stays = [each.occurrence for each in sessions if not _can_move(each, opened, now)]
    last = max(stays, default=0)
    ahead = [each for each in sessions if each.occurrence > last]
    fixed = [each for each in sessions if each.occurrence <= last]
    return fixed, sorted(ahead, key=lambda each: each.occurrence)


def _can_move(prompt: Prompt, opened: set[int] | None, now: datetime) -> bool:
    if prompt.state != Prompt.State.PLANNED:
        return False
    return prompt.due_at > now or (opened is not None and prompt.occurrence not in opened)


def _began_at(prompt: Prompt) -> datetime:
    """As planned, or as sent where that was later."""
    return max(prompt.due_at, prompt.sent_at or prompt.due_at)
