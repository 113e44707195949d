"""The parts of a study's pages: their names, and who finds a link to each."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.access import Rights


class Place(NamedTuple):
    """`name` is what a page says in its context as `staff_place`; `url` takes the study's slug."""

    name: str
    url: str
    words: str | Promise
    opens: Callable[[Rights], bool]


def _everybody(held: Rights) -> bool:
    return True


def _managers(held: Rights) -> bool:
    return held.manages


# A part without pages has no line here.
PLACES = (
    Place("overview", "monitoring:study", _("Overview"), _everybody),
    Place("people", "monitoring:people", _("People"), _everybody),
    Place("enrol", "monitoring:enrol", _("Enrol"), _managers),
    Place("settings", "monitoring:settings", _("Settings"), _everybody),
    Place("export", "monitoring:export", _("Export"), _managers),
    Place("record", "monitoring:actions", _("Record"), _managers),
)


def places(held: Rights) -> list[Place]:
    return [place for place in PLACES if place.opens(held)]
