"""One line a change of somebody's plan: the day chosen, another day, a break, emails on or off."""

from collections.abc import Iterator, Sequence

from monitoring.export.columns import Column, category, day, integer, moment, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row, read
from monitoring.export.zones import ZONE
from scheduling.models import PlanChange


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        category("change", "What was changed.", PlanChange.Kind, of="kind"),
        category("by", "Who changed it, or what did.", PlanChange.By),
        *moment("changed_at", "Changed.", of="at", until=cut.until),
        integer(
            "weekday",
            "Weekday of the weeks ahead, from this change on.",
            unit="ISO 8601 weekday, 1 for Monday",
        ),
        text("local_time", "Time of day of the weeks ahead, from this change on, on that clock."),
        day("break_until", "The day to which a break was set, on that calendar.", of="until"),
        text(ZONE, "Time zone that they had from this change on, and of this line’s local times."),
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    changes = PlanChange.objects.filter(recorded(cut, "enrolment__"), at__lte=cut.until)
    return read(changes.order_by("enrolment_id", "at", "pk"), names, person="enrolment__")


CHANGES = File(
    name="changes.csv",
    about="One line for each change of a plan, the first choice of a day included: by the person, "
    "by staff for them, or by a report that a mail was called spam.",
    columns=columns,
    rows=rows,
)
