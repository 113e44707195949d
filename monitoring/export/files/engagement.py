"""One line a use of a week or material other than playing."""

from collections.abc import Iterator, Sequence

from monitoring.export.columns import Column, category, moment, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row
from monitoring.export.files.use import VERSION, where
from monitoring.export.zones import ZONE, read_with_zones
from participants.models import Engagement


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        *where(),
        category("kind", "What was done.", Engagement.Kind),
        *moment("at", "When it was done.", until=cut.until),
        text(ZONE, "Time zone of this line’s local times."),
        VERSION,
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    engagement = Engagement.objects.filter(
        recorded(cut, "session__enrolment__"), at__lte=cut.until
    ).order_by("session__enrolment_id", "at", "uuid")
    return read_with_zones(cut, engagement, names, session="session__")


ENGAGEMENT = File(
    name="engagement.csv",
    about="One line for each opening of a week (one a day), reading, download, printing, or “I did "
    "this another way”.",
    columns=columns,
    rows=rows,
)
