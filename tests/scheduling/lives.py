"""Short words for stories: a day passes, someone opens a week, what came."""

from datetime import UTC, datetime, time, timedelta

from participants.models import Enrolment
from scheduling import delivery, housekeeping, services
from scheduling.models import Prompt

DAY = timedelta(days=1)


def at(text: str) -> datetime:
    """ "2026-01-08 19:00", in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The day after week one was sent.
FRIDAY = at("2026-01-09 09:00")


def tick(moment: datetime) -> None:
    """What a tick does, at that moment; a loop that does not end by itself ends all the same."""
    delivery.run(clock=lambda: moment, limit=200)
    housekeeping.tidy(now=moment)


def live(start: datetime, end: datetime, *, every: timedelta = DAY / 2) -> None:
    """Ticks twice a day unless told otherwise, a minute past."""
    moment = start
    while moment <= end:
        tick(moment + timedelta(minutes=1))
        moment += every


def open_week(enrolment, week: int, moment: datetime) -> None:
    enrolment.sessions.filter(module__week=week).update(first_opened_at=moment)


def finish_week(enrolment, week: int, moment: datetime) -> None:
    enrolment.sessions.filter(module__week=week).update(
        first_opened_at=moment, took_part_at=moment, finished_at=moment
    )


def row(enrolment, kind: str, occurrence: int = 0, copy: int = 0) -> Prompt:
    return Prompt.objects.get(enrolment=enrolment, kind=kind, occurrence=occurrence, copy=copy)


def told(prompt: Prompt) -> str:
    """ "skipped mail_off", "sent"."""
    prompt.refresh_from_db()
    return f"{prompt.state} {prompt.reason}".strip()


def sessions(enrolment) -> list[str]:
    """The planned sessions: "2 Thu 15 Jan 19:00" (UTC)."""
    rows = Prompt.objects.planned().filter(enrolment=enrolment, kind="session", copy=0)
    return [f"{each.occurrence} {each.due_at:%a %d %b %H:%M}" for each in rows.order_by("due_at")]


def change(person: Enrolment, weekday: int, hour: int, zone: str = "Europe/London", now=FRIDAY):
    return services.change_day(
        enrolment=person, weekday=weekday, local_time=time(hour), zone=zone, now=now
    )


def opens(person: Enrolment) -> list[str]:
    rows = person.sessions.in_order()
    return [f"{each.module.week} {each.opens_at:%a %d %b %H:%M}" for each in rows]
