"""The plot of the weeks, as numbers for an SVG without a style or a script. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from participants.measures import Week

LEFT, RIGHT, TOP, BOTTOM = 56, 560, 20, 240
_BAR, _GAP = 32, 4
_STEPS = (1, 2, 5)
_LINES = 5  # at most, above the ground


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`place` is p1, p2 or p3: open, opened, took part."""

    place: str
    x: float
    y: float
    width: float
    height: float
    number: int

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def above(self) -> float:
        return self.y - 6


@dataclass(frozen=True, kw_only=True)
class Group:
    week: int
    middle: float
    bars: list[Bar]


@dataclass(frozen=True, kw_only=True)
class Line:
    y: float
    number: int


@dataclass(frozen=True, kw_only=True)
class Plot:
    lines: list[Line]
    groups: list[Group]
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def plot_of(weeks: Sequence[Week]) -> Plot:
    most = max((max(week.open, week.opened, week.took_part) for week in weeks), default=0)
    step = _step(most)
    count = max(1, -(-most // step))
    top = step * count
    each = (RIGHT - LEFT) / max(1, len(weeks))
    return Plot(
        lines=[Line(y=_height(step * n, top), number=step * n) for n in range(count + 1)],
        groups=[_group(week, LEFT + each * n, each, top) for n, week in enumerate(weeks)],
    )


def _step(most: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … of which five reach up to `most`."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _LINES >= most:
                return step * power
        power *= 10


def _height(number: int, top: int) -> float:
    """Where it stands, from the upper edge."""
    return round(BOTTOM - (BOTTOM - TOP) * number / top, 1)


def _group(week: Week, x: float, width: float, top: int) -> Group:
    numbers = [week.open, week.opened, week.took_part]
    bar = min(_BAR, (width - 2 * _GAP) / len(numbers) - _GAP)
    begin = x + (width - len(numbers) * bar - (len(numbers) - 1) * _GAP) / 2
    return Group(
        week=week.number,
        middle=round(x + width / 2, 1),
        bars=[
            Bar(
                place=f"p{n}",
                x=round(begin + (n - 1) * (bar + _GAP), 1),
                y=_height(number, top),
                width=round(bar, 1),
                height=round(BOTTOM - _height(number, top), 1),
                number=number,
            )
            for n, number in enumerate(numbers, 1)
        ],
    )
