"""One line a playing, from “play” to “pause” or the end."""

from collections.abc import Iterator, Sequence

from courses.models import Material
from monitoring.export.columns import Column, category, moment, number, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row
from monitoring.export.files.use import VERSION, where
from monitoring.export.zones import ZONE, read_with_zones
from participants.models import Play


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        *where(),
        category("material_kind", "What is played.", Material.Kind, of="material__kind"),
        number(
            "material_duration", "Length of the medium.", unit="seconds", of="material__duration"
        ),
        *moment("started_at", "Began to play, by the person’s own device.", until=None),
        number("position", "Where in the medium it began.", unit="seconds"),
        number("seconds", "Of the medium, played from there; repeats too.", unit="seconds"),
        number("speed", "How fast: 1 is as recorded.", unit="times"),
        *moment("received_at", "Reported to the platform.", until=cut.until),
        text(ZONE, "Time zone of this line’s local times."),
        VERSION,
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    plays = Play.objects.filter(
        recorded(cut, "session__enrolment__"), received_at__lte=cut.until
    ).order_by("session__enrolment_id", "started_at", "uuid")
    return read_with_zones(cut, plays, names, session="session__")


PLAYS = File(
    name="plays.csv",
    about="One line for each playing. Of a week that could not be measured there are none, "
    "which does not mean that nothing was played.",
    columns=columns,
    rows=rows,
)
