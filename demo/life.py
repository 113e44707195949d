"""Lets invented people live their weeks: each deed at its own moment, and the mail between them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from demo.stories import Story, Week
from participants.models import Enrolment, Session
from participants.playback import measurable, record_play
from participants.services import (
    did_another_way,
    finish_session,
    note_practice,
    open_session,
)
from scheduling import delivery
from scheduling.models import Prompt
from scheduling.services import leave, pause, stop_mail

Deed = tuple[datetime, Callable[[datetime], object]]
A_DAY = timedelta(days=1)


def live(people: Sequence[tuple[Story, Enrolment]], *, now: datetime) -> None:
    """Everything that these people did before `now`, and every mail that was due before it."""
    deeds = [deed for story, enrolment in people for deed in _deeds(story, enrolment, now)]
    for at, act in sorted(deeds, key=lambda deed: deed[0]):
        if at < now:
            _deliver(until=at)
            act(at)
    _deliver(until=now)


def _deeds(story: Story, enrolment: Enrolment, now: datetime) -> Iterator[Deed]:
    sessions = Session.objects.filter(enrolment=enrolment).in_order()
    for week, session in zip(story.weeks, sessions, strict=False):
        yield from _of_week(week, session)
    if story.ends:
        yield now - A_DAY, _ENDS[story.ends](enrolment)


def _of_week(week: Week, session: Session) -> Iterator[Deed]:
    if week.opens is None:
        return
    opened = session.opens_at + week.opens * A_DAY
    yield opened, lambda at: open_session(session=session, now=at)
    if week.watches:
        yield opened + timedelta(minutes=15), lambda at: _watch(session, week.watches, at)
    for days in week.practises:
        yield session.opens_at + days * A_DAY, lambda at: _practise(session, at)
    if week.another_way:
        yield (
            opened + timedelta(minutes=20),
            lambda at: did_another_way(session=session, uuid=uuid4(), now=at),
        )
    if week.finishes:
        yield opened + 4 * A_DAY, lambda at: finish_session(session=session, now=at)


def _watch(session: Session, seconds: float, at: datetime) -> None:
    """The first material that plays, for as long as it lasts or they stay."""
    medium = session.module.materials.filter(duration__isnull=False).first()
    if medium is None or medium.duration is None:
        return
    played = min(seconds, medium.duration)
    measurable(session=session, now=at)
    record_play(
        session=session,
        material=medium,
        uuid=uuid4(),
        started_at=at - timedelta(seconds=played),
        position=0,
        seconds=played,
        speed=1,
        resume_at=played,
        now=at,
    )


def _practise(session: Session, at: datetime) -> None:
    exercise = session.module.materials.filter(kind="exercise").last()
    note_practice(
        session=session,
        material=exercise,
        activity=exercise.title if exercise else session.module.title,
        practised_on=at.date(),
        uuid=uuid4(),
        now=at,
    )


def _leave(level: Enrolment.Withdrawal) -> Callable[[Enrolment], Callable[[datetime], object]]:
    return lambda enrolment: lambda at: leave(enrolment=enrolment, level=level, reason="", now=at)


_ENDS: dict[str, Callable[[Enrolment], Callable[[datetime], object]]] = {
    "mail_off": lambda enrolment: lambda at: stop_mail(enrolment=enrolment, now=at),
    "pauses": lambda enrolment: (
        lambda at: pause(enrolment=enrolment, until=(at + 10 * A_DAY).date(), now=at)
    ),
    "leaves": _leave(Enrolment.Withdrawal.EVERYTHING),
    "leaves_and_deletes": _leave(Enrolment.Withdrawal.ERASURE),
}


def _deliver(*, until: datetime) -> None:
    """Send what was due, each mail at the moment it was due."""
    while due := Prompt.objects.due(until).first():
        moment = due.next_attempt_at + timedelta(seconds=5)
        if not delivery.run(clock=lambda at=moment: at).looked_at:  # type: ignore[misc]
            return
