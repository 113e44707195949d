"""How many were asked the eligibility questions, by day and source; never a person."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Case, Value, When

from monitoring.export.columns import Column, category, day, integer, text
from monitoring.export.cut import Cut
from monitoring.export.file import CHUNK, File, Row
from scheduling import timetable
from studies.models import ScreeningTally

_OUTCOMES = {"eligible": "Met every criterion", "excluded": "Did not meet a criterion"}


def columns(cut: Cut) -> list[Column]:
    return [
        day("day", "The day, on the study’s own calendar."),
        text("source", "Source tag of the link they came by; empty without one."),
        category("outcome", "How it ended.", _OUTCOMES),
        text("unmet", "Key of the first criterion that was not met; empty where all were."),
        integer("screenings", "How many: screenings, not people.", unit="screenings", of="count"),
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    """Whole days: a count of the day of the cut would go on growing."""
    zone = ZoneInfo(timetable.known_or_utc(cut.study.default_zone))
    tallies = ScreeningTally.objects.filter(
        study=cut.study, day__lt=cut.until.astimezone(zone).date()
    )
    outcome = Case(When(unmet="", then=Value("eligible")), default=Value("excluded"))
    told = tallies.annotate(outcome=outcome).order_by("day", "pk")
    return iter(told.values_list(*names).iterator(CHUNK))


SCREENING = File(
    name="screening.csv",
    about="Screenings by day, source and outcome, of whole days before the cut. Counts, no people.",
    columns=columns,
    rows=rows,
)
