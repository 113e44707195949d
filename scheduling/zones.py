"""Time zones as a choice: likely places first, then all, by part of the world.

Offered is each place of the tz database's zone.tab, and UTC. Any other name it knows is taken too:
an old name of a place ("Asia/Calcutta", which browsers still say) becomes that of the list.
"""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

Choices = list[tuple[str, str]]
_NOT_A_PLACE = {"Factory", "localtime", "posixrules"}


def grouped() -> list[tuple[str, Choices]]:
    """As a select's optgroups. Each name stands once, so that one option is the chosen one."""
    likely = _likely()
    first = {name for name, _label in likely}
    return [(_("Likely"), likely), *_by_region(frozenset(first))]


def is_known(name: str) -> bool:
    return name in _known()


@cache
def _known() -> frozenset[str]:
    """Found by reading the folder of all of them, which would take a list its time."""
    return frozenset(available_timezones() - _NOT_A_PLACE)


def in_its_letters(name: str) -> str:
    """“Europe/London” for “europe/london”; what is not known as it is."""
    return _by_small_letters().get(name.lower(), name)


@cache
def _by_small_letters() -> dict[str, str]:
    return {name.lower(): name for name in _known()}


def as_offered(name: str) -> str:
    """The name in the list for an old or a second one; any other as it is."""
    return _places_by_other_name().get(name, name)


@cache
def other_names() -> dict[str, list[str]]:
    """Of a place in the list, the names that it has beside."""
    names: dict[str, list[str]] = {}
    for other, place in sorted(_places_by_other_name().items()):
        names.setdefault(place, []).append(other)
    return names


def label(name: str) -> str:
    return name.partition("/")[2].replace("_", " ").replace("/", ", ") or name


def _likely() -> Choices:
    return [
        ("Europe/London", _("United Kingdom (London)")),
        ("Europe/Dublin", _("Ireland (Dublin)")),
        ("Europe/Jersey", _("Jersey")),
        ("Europe/Guernsey", _("Guernsey")),
        ("Europe/Isle_of_Man", _("Isle of Man")),
        ("Europe/Lisbon", _("Portugal (Lisbon)")),
        ("Europe/Madrid", _("Spain (Madrid)")),
        ("Europe/Paris", _("France (Paris)")),
        ("Europe/Berlin", _("Germany (Berlin)")),
        ("America/New_York", _("United States (New York)")),
        ("Asia/Kolkata", _("India (Kolkata)")),
        ("Australia/Sydney", _("Australia (Sydney)")),
    ]


@cache
def _by_region(without: frozenset[str]) -> list[tuple[str, Choices]]:
    regions: dict[str, Choices] = {}
    for name in sorted(_places() - without):
        regions.setdefault(name.partition("/")[0], []).append((name, label(name)))
    return [*regions.items(), ("UTC", [("UTC", "UTC")])]


@cache
def _places() -> frozenset[str]:
    lines = _read("zone.tab")
    return frozenset(line.split("\t")[2] for line in lines if not line.startswith("#"))


@cache
def _places_by_other_name() -> dict[str, str]:
    """From the database's own links, "L target name"; a link may lead to another."""
    lines = [line.split() for line in _read("tzdata.zi")]
    links = {line[2]: line[1] for line in lines if line[0] == "L"}
    offered = _places() | {"UTC"}
    found = {"Etc/UTC": "UTC"}
    for name in links.keys() - offered:
        target = links[name]
        while target not in offered and target in links:
            target = links[target]
        if target in offered or target == "Etc/UTC":
            found[name] = found.get(target, target)
    return found


def _read(name: str) -> list[str]:
    return files("tzdata.zoneinfo").joinpath(name).read_text("utf-8").splitlines()
