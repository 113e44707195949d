"""Whether a due prompt goes, decided when it would be sent, from the facts of then. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from scheduling import lateness, timetable
from scheduling.facts import MAY_HAVE_COME, Facts, Week
from scheduling.models import Kind, Prompt
from scheduling.models.wording import INVITING
from scheduling.plan import NUDGE_DAYS
from studies.models import Study

Reason = Prompt.Reason

# A promise kept whatever was switched off, closed or left since.
ALWAYS = frozenset({Kind.CONSENT_COPY, Kind.WITHDRAWAL})
# What “no more emails” stops.
STOPPABLE = frozenset({Kind.SESSION, Kind.NUDGE, Kind.FAREWELL})
UNOPENED_BEFORE_QUIET = 2
# Of those who were asked to take part, once, so long after the invitation went.
REMINDED_AFTER = timedelta(days=7)


class Verdict(StrEnum):
    SEND = "send"
    SKIP = "skip"
    MISS = "miss"
    MOVE = "move"
    REPLAN = "replan"


class Note(StrEnum):
    """Something this mail says besides its words."""

    LATE = "late"
    LAST_WEEK_CAME_BACK = "last_week_came_back"
    LAST_WEEK_NOT_SENT = "last_week_not_sent"
    OFFERS = "offers"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`to` is the new local date of a MOVE; `notes` belong to a SEND."""

    verdict: Verdict
    reason: Reason = Reason.NONE
    to: date | None = None
    notes: frozenset[Note] = frozenset()


_REPLAN = Decision(verdict=Verdict.REPLAN)
_TOO_LATE = Decision(verdict=Verdict.MISS, reason=Reason.TOO_LATE)


def decide(facts: Facts, *, now: datetime) -> Decision:
    """The first rule that applies."""
    return (
        _not_for_anyone(facts, now)
        or _not_wanted(facts, now)
        or _for_its_kind(facts, now)
        or _comes_back(facts)
        or _too_late(facts, now)
        or Decision(verdict=Verdict.SEND, notes=_notes(facts, now))
    )


def _skip(reason: Reason) -> Decision:
    return Decision(verdict=Verdict.SKIP, reason=reason)


def _not_for_anyone(facts: Facts, now: datetime) -> Decision | None:
    if not facts.has_address:
        return _skip(Reason.NO_ADDRESS)
    if facts.prompt.kind in INVITING:
        return _not_to_be_asked(facts, now)
    return _not_taking_part(facts)


def _not_taking_part(facts: Facts) -> Decision | None:
    if not facts.joined:
        return _skip(Reason.NOT_JOINED)
    if facts.prompt.kind in ALWAYS:
        return None
    if facts.withdrawn:
        return _skip(Reason.WITHDRAWN)
    if facts.study.state == Study.State.ARCHIVED:
        return _skip(Reason.STUDY_CLOSED)
    return None


def _not_to_be_asked(facts: Facts, now: datetime) -> Decision | None:
    """Who has joined or said no, and whoever could not: the page behind the link would say so."""
    if facts.joined:
        return _skip(Reason.JOINED)
    if facts.said_no:
        return _skip(Reason.INVITATION_OVER)
    if not facts.study.admits(now):
        return _skip(Reason.STUDY_CLOSED)
    return _skip(Reason.STUDY_FULL) if facts.is_full else None


def _not_wanted(facts: Facts, now: datetime) -> Decision | None:
    """A copy was asked for: neither mail off nor a pause keeps it back."""
    prompt = facts.prompt
    if prompt.copy or prompt.kind not in STOPPABLE:
        return None
    if facts.mail_off:
        return _skip(Reason.MAIL_OFF)
    if not facts.paused:
        return None
    if prompt.kind == Kind.NUDGE:
        return _skip(Reason.PAUSED)
    return _week_in_a_pause(facts, now) if prompt.kind == Kind.SESSION else _REPLAN


def _week_in_a_pause(facts: Facts, now: datetime) -> Decision:
    """It moves, as `services.ahead` has it: not if it was opened, nor behind a later one that began
    while this one waited.
    """
    if facts.week.opened:
        return _skip(Reason.OPENED)
    later = [each for each in facts.weeks.values() if each.number > facts.week.number]
    if any(_has_begun(each, now) for each in later):
        return _TOO_LATE
    return _REPLAN


def _has_begun(week: Week, now: datetime) -> bool:
    """Its mail is no more planned, or not needed: the week was opened when it was due."""
    return week.mail.state != Prompt.State.PLANNED or (week.opened and week.mail.due_at <= now)


def _for_its_kind(facts: Facts, now: datetime) -> Decision | None:
    prompt = facts.prompt
    if prompt.copy:
        return None
    if prompt.kind == Kind.NUDGE:
        return _reminder_not_needed(facts, now) or _reminder_too_soon(facts)
    if prompt.kind == Kind.REMINDER:
        return _invitation_too_near(facts)
    return _not_needed(facts)


def _not_needed(facts: Facts) -> Decision | None:
    kind = facts.prompt.kind
    if kind == Kind.SESSION and facts.week.finished:
        return _skip(Reason.FINISHED)
    if kind == Kind.ELSEWHERE and facts.has_day:
        # It asks them to choose one; their dates are in the mail that followed from choosing.
        return _skip(Reason.JOINED)
    if kind == Kind.FAREWELL and all(week.passed_by for week in facts.weeks.values()):
        return _skip(Reason.NO_SESSION_MAIL)
    return None


def _reminder_not_needed(facts: Facts, now: datetime) -> Decision | None:
    if not facts.study.nudges:
        return _skip(Reason.NUDGES_OFF)
    if not facts.week.was_sent:
        return _skip(Reason.NO_SESSION_MAIL)
    if facts.week.opened:
        return _skip(Reason.OPENED)
    if facts.asked_anew:
        # Nothing is recorded of them: perhaps they are in their week.
        return _skip(Reason.ASKED_ANEW)
    if facts.unopened_before >= UNOPENED_BEFORE_QUIET:
        return _skip(Reason.QUIET)
    return _skip(Reason.QUIET) if _nudged_this_week(facts, now) else None


def _nudged_this_week(facts: Facts, now: datetime) -> bool:
    """Whether one went, or may have, less than seven days ago on the person's own calendar."""
    zone = timetable.known_or_utc(facts.prompt.zone)
    a_week_ago = timetable.local(now, zone).date() - timetable.WEEK
    return any(timetable.local(each, zone).date() > a_week_ago for each in facts.nudged_at)


def _reminder_too_soon(facts: Facts) -> Decision | None:
    """Three days after the session's mail really went, unless the next session comes a day later.

    One whose zone is no more stays where it is: its days cannot be counted.
    """
    prompt, sent_at = facts.prompt, facts.week.mail.sent_at
    if sent_at is None or not timetable.is_known(prompt.zone):
        return None
    day = timetable.local(sent_at, prompt.zone).date() + timedelta(days=NUDGE_DAYS)
    if day <= prompt.local_date:
        return None
    due_at = timetable.instant(day, prompt.local_time, prompt.zone)
    next_at = facts.next_session_at
    if next_at is not None and due_at >= next_at - lateness.BEFORE_NEXT_SESSION:
        return _skip(Reason.TOO_LATE)
    return Decision(verdict=Verdict.MOVE, to=day)


def _invitation_too_near(facts: Facts) -> Decision | None:
    """A week after the invitation's mail really went; none where it did not."""
    invitation, prompt = facts.invitation, facts.prompt
    if invitation is None or invitation.state not in MAY_HAVE_COME or invitation.bounced_at:
        return _skip(Reason.NO_INVITATION)
    went_at = invitation.sent_at or invitation.attempted_at or invitation.due_at
    zone = timetable.known_or_utc(prompt.zone)
    day = timetable.local(went_at, zone).date() + REMINDED_AFTER
    return Decision(verdict=Verdict.MOVE, to=day) if day > prompt.local_date else None


def _comes_back(facts: Facts) -> Decision | None:
    """Of every kind, copies and confirmations too: it would not arrive. What moves for a pause, or
    is not needed anyway, is not lost by this; what is owed is written once more when mail reaches
    the person again (`scheduling.bounces`).
    """
    return _skip(Reason.ADDRESS_FAILED) if facts.address_fails else None


def _too_late(facts: Facts, now: datetime) -> Decision | None:
    prompt = facts.prompt
    last = lateness.last_moment(
        kind=prompt.kind,
        due_at=prompt.due_at,
        next_session_at=facts.next_session_at,
        is_copy=prompt.copy > 0,
    )
    return _TOO_LATE if now > last else None


def _notes(facts: Facts, now: datetime) -> frozenset[Note]:
    """The last mail follows the last week, and says of it what a session would."""
    prompt, is_session = facts.prompt, facts.prompt.kind == Kind.SESSION
    if prompt.copy or not (is_session or prompt.kind == Kind.FAREWELL):
        return frozenset()
    before = facts.weeks.get(prompt.occurrence - 1 if is_session else len(facts.weeks))
    passed_by = before if before is not None and before.passed_by else None
    notes = {
        Note.LATE: is_session and lateness.is_late(due_at=prompt.due_at, now=now),
        Note.LAST_WEEK_CAME_BACK: passed_by is not None and passed_by.came_back,
        Note.LAST_WEEK_NOT_SENT: passed_by is not None and passed_by.was_missed,
        Note.OFFERS: facts.unopened_before >= UNOPENED_BEFORE_QUIET,
    }
    return frozenset(note for note, holds in notes.items() if holds)
