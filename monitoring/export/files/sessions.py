"""One line a person and week that had opened: whether it was offered, opened, taken part in."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from monitoring.export.columns import Column, boolean, integer, moment, number, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import CHUNK, File, Row
from monitoring.export.zones import ZONE, read_with_zones
from participants import ranges
from participants.measures import open_to
from participants.models import Play, Session
from scheduling.models import Kind, Prompt

_UNKNOWN = "Empty where playback could not be measured."
_PLAYED = ("plays", "seconds_played", "seconds_covered")


def columns(cut: Cut) -> list[Column]:
    until = cut.until
    return [
        *person(),
        integer("edition", "Edition of the course.", unit="edition number", of=_EDITION),
        integer("week", "Week of the course, from 1.", unit="week", of=_WEEK),
        *moment("opens_at", "The week opened.", until=until),
        boolean("offered", "Its mail was sent and did not come back, or it was opened."),
        boolean("opened", "Its page was looked at.", of="opened_then"),
        *moment("first_opened_at", "Its page was first looked at.", until=until),
        boolean("took_part", "Took part: any one format, practice, or own word.", of="took_then"),
        *moment("took_part_at", "First took part, by when we heard of it.", until=until),
        boolean("finished", "Said that the week is done.", of="finished_then"),
        *moment("finished_at", "Said that the week is done.", until=until),
        boolean(
            "playback_measurable",
            "Whether the page’s script has reported, so that playing could be seen.",
            of="measurable_then",
        ),
        *_played(),
        text(ZONE, "Time zone of this line’s local times."),
    ]


def _played() -> list[Column]:
    return [
        integer("plays", f"Playings. {_UNKNOWN}", unit="playings"),
        number("seconds_played", f"Dose: media played, with repeats. {_UNKNOWN}", unit="seconds"),
        number(
            "seconds_covered", f"Coverage: media played at least once. {_UNKNOWN}", unit="seconds"
        ),
    ]


_EDITION, _WEEK = "module__edition__number", "module__week"


class Played(NamedTuple):
    """What was played in a week: playings, seconds with repeats, seconds of media covered."""

    plays: int = 0
    seconds: float = 0.0
    covered: float = 0.0


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    """Two streams side by side, in the same order: weeks, and what was played in them."""
    own = [name for name in names if name not in _PLAYED]
    places = [names.index(name) for name in _PLAYED if name in names]
    wanted = [_PLAYED.index(names[place]) for place in places]
    played = _Alongside(_plays(cut))
    keys = ("enrolment_id", _WEEK, "pk", "measurable_then")
    for row in read_with_zones(cut, _weeks(cut), [*own, *keys], session=""):
        *line, enrolment, week, session, is_measurable = row
        found = played.of((enrolment, week, session))
        for place, which in sorted(zip(places, wanted, strict=True)):
            line.insert(place, found[which] if is_measurable else None)
        yield tuple(line)


def _weeks(cut: Cut) -> "QuerySet[Any]":
    until = cut.until
    mailed = Prompt.objects.filter(
        enrolment=OuterRef("enrolment"),
        kind=Kind.SESSION,
        occurrence=OuterRef(_WEEK),
        state=Prompt.State.SENT,
        settled_at__lte=until,
    ).exclude(bounced_at__lte=until)
    opened = Q(first_opened_at__lte=until)
    weeks = Session.objects.filter(recorded(cut, "enrolment__"), open_to(until))
    return weeks.annotate(
        offered=_whether(opened | Q(Exists(mailed))),
        opened_then=_whether(opened),
        took_then=_whether(Q(took_part_at__lte=until)),
        finished_then=_whether(Q(finished_at__lte=until)),
        measurable_then=_whether(Q(measurable_since__lte=until)),
    ).order_by("enrolment_id", _WEEK, "pk")


def _whether(condition: Q) -> Case:
    """Never unknown, as a comparison with an empty moment would be."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _plays(cut: Cut) -> Iterator[Row]:
    """Those reported by then, by week and medium."""
    rows = Play.objects.filter(
        recorded(cut, "session__enrolment__"), received_at__lte=cut.until
    ).order_by("session__enrolment_id", "session__module__week", "session_id", "material_id")
    return iter(
        rows.values_list(
            "session__enrolment_id",
            "session__module__week",
            "session_id",
            "material_id",
            "material__duration",
            "position",
            "seconds",
        ).iterator(CHUNK)
    )


class _Alongside:
    """The playings of the week asked for; weeks must be asked for in the order of the stream."""

    def __init__(self, plays: Iterator[Row]) -> None:
        self._weeks = groupby(plays, key=lambda row: row[:3])
        self._next: tuple[Row, Iterable[Row]] | None = next(self._weeks, None)

    def of(self, week: Row) -> Played:
        while self._next is not None and self._next[0] < week:
            self._next = next(self._weeks, None)
        if self._next is None or self._next[0] != week:
            return Played()
        return _sum(self._next[1])


def _sum(plays: Iterable[Row]) -> Played:
    count, dose, covered = 0, 0.0, 0.0
    for (_material, duration), rows in groupby(plays, key=lambda row: row[3:5]):
        spans = []
        for *_key, position, seconds in rows:
            count, dose = count + 1, dose + seconds
            spans.append([position, min(position + seconds, duration or 0)])
        covered += ranges.length(ranges.merged(spans))
    return Played(count, round(dose, ranges.DIGITS), round(covered, ranges.DIGITS))


SESSIONS = File(
    name="sessions.csv",
    about="One line for each person and week that had opened by the cut, before they withdrew.",
    columns=columns,
    rows=rows,
)
