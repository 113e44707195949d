"""The export about itself. Nothing in it depends on who makes it, or when."""

import textwrap
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.conf import settings

from courses.models import Edition
from monitoring.export.cut import Cut, people
from monitoring.export.file import File
from monitoring.export.files import FILES
from scheduling import timetable

NAME = "README.txt"
ABOUT = "The study, the cut, the edition, the version of the platform, row counts and checksums."

_TEXT = """\
Data of the study “{study}”

Cut:                {until}
                    {local} in {zone}, the study's own time zone
Course:             {editions}
Platform, version:  {version}
Test people:        {test}
Arms:               {arms}

Everything in these files is as it was at the cut: what happened later is not here. People appear
by their codes; no names, addresses, own words or reasons for leaving are in any file.

{erased}

Files
-----

{files}

codebook.csv says of each column what it means, its type, its unit and its values.

How to read them
----------------

CSV as in RFC 4180: UTF-8, commas, a header, lines that end in CR LF.
Empty means not known, not measured or not applicable. It never means 0, and never no.
type text      words. One that begins with = + - @ ' tab or line end has a ' before it, so that no
               spreadsheet takes it for a formula: take one leading ' away to have the text.
type category  one of the values in the codebook, there written as: value = label | value = label
type boolean   true or false
type integer, number   decimal point, no thousands separator; the codebook has the unit
type date      2026-10-25
type utc       2026-10-25T09:00:00Z, an instant
type local     2026-10-25T10:00:00, the same instant on the clock of the column “zone”
Moments are cut to the whole second.

SHA-256 (sha256sum --check README.txt)
--------------------------------------

{hashes}
"""

# What is stored once, and may be put right.
_OTHERWISE = """, or somebody
who has not chosen a day yet corrects what they told of themselves, or the platform is updated, or
the study's time zone changed."""


def text(cut: Cut, *, rows: Mapping[str, int], hashes: Mapping[str, str]) -> str:
    zone = timetable.known_or_utc(cut.study.default_zone)
    return _TEXT.format(
        study=cut.study.slug,
        until=f"{cut.until:%Y-%m-%dT%H:%M:%SZ}",
        local=f"{cut.until.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}",
        zone=zone,
        editions="; ".join(_editions(cut)) or "nobody has joined",
        version=settings.APP_VERSION,
        test="in these files, marked by the column is_test" if cut.with_test else "left out",
        arms="in enrolments.csv" if cut.with_arm else "left out: no file says who is in which",
        erased=_erased(rows["erased.csv"]),
        files="\n\n".join(_file(file, rows[file.name]) for file in FILES),
        hashes="\n".join(f"{digest}  {name}" for name, digest in hashes.items()),
    )


def _editions(cut: Cut) -> list[str]:
    """Those that the people in these files were given."""
    given = people(cut).filter(consented_at__lte=cut.until).order_by().values("edition")
    editions = Edition.objects.filter(pk__in=given).select_related("course").order_by("pk")
    return [f"{each.course.slug}, edition {each.number} ({_wording(each)})" for each in editions]


def _wording(edition: Edition) -> str:
    """The folder's hash, where these words are the folder's."""
    return "edited by hand" if edition.edited_at else edition.content_hash[:12] or "edited by hand"


def _erased(number: int) -> str:
    if not number:
        return (
            "Nobody has had their records deleted. Another export of this cut is the same to the\n"
            f"byte, until somebody has their records deleted{_OTHERWISE}"
        )
    return (
        f"Deleted on request: the records of {number} of these codes (erased.csv), also where\n"
        "that was after the cut. Delete those codes from every copy of an earlier export. Another\n"
        "export of this cut is the same to the byte, until somebody else has theirs deleted"
        f"{_OTHERWISE}"
    )


def _file(file: File, rows: int) -> str:
    about = textwrap.fill(file.about, 96, initial_indent="    ", subsequent_indent="    ")
    return f"{file.name}: {rows} {'row' if rows == 1 else 'rows'}\n{about}"
