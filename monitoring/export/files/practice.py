"""One line a note of practice."""

from collections.abc import Iterator, Sequence

from monitoring.export.columns import Column, day, moment, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row
from monitoring.export.files.use import VERSION, where
from monitoring.export.zones import ZONE, read_with_zones
from participants.models import PracticeLog


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        *where(),
        text("activity", "What was practised, in the course’s words; they chose it from a list."),
        day("practised_on", "The day they gave, on their own calendar."),
        *moment("noted_at", "Noted. Noting later is as good.", until=cut.until),
        text(ZONE, "Time zone of this line’s local times."),
        VERSION,
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    practice = PracticeLog.objects.filter(
        recorded(cut, "session__enrolment__"), noted_at__lte=cut.until
    ).order_by("session__enrolment_id", "noted_at", "uuid")
    return read_with_zones(cut, practice, names, session="session__")


PRACTICE = File(
    name="practice.csv",
    about="One line for each note of practice, by the person’s own word.",
    columns=columns,
    rows=rows,
)
