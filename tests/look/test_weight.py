"""What every page carries: sheets and one font, small enough for a slow line."""

import gzip
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
EVERY_PAGE = ("tokens.css", "base.css", "components.css", "forms.css", "pages.css", "print.css")
KB = 1024


def sheets() -> list[Path]:
    return sorted((STATIC / "css").glob("*.css"))


def test_no_sheet_is_too_long_to_read():
    lengths = {path.name: path.read_text().count("\n") for path in sheets()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def askers() -> dict[str, set[str]]:
    """By sheet, the templates' first folders and the modules of fields that ask for it."""
    found: dict[str, set[str]] = {path.name: set() for path in sheets()}
    sources = {path: path.relative_to(TEMPLATES).parts[0] for path in TEMPLATES.rglob("*.html")}
    for room in ("courses", "monitoring", "participants", "portal", "scheduling", "studies"):
        sources |= {path: f"{path.relative_to(ROOT)}" for path in (ROOT / room).rglob("*.py")}
    for path, place in sources.items():
        for name in re.findall(r"css/(\w+\.css)", path.read_text()):
            found[name].add(place)
    return found


def test_each_sheet_is_asked_for_by_the_pages_that_need_it_alone():
    """Those of the staff by staff pages; that of a field by the field, which the admin alone has."""
    of_staff = {name: {"staff.html", "monitoring"} for name in askers() if name.startswith("staff")}
    may_ask = {
        **{name: {"base.html"} for name in EVERY_PAGE},
        **of_staff,
        "uploads.css": {"courses/uploads/fields.py"},
    }
    assert may_ask.keys() == askers().keys()
    assert {name: places for name, places in askers().items() if not places} == {}
    assert {
        name: places - may_ask[name] for name, places in askers().items() if places - may_ask[name]
    } == {}


def test_the_sheets_of_a_participants_page_stay_light():
    sizes = [len((STATIC / "css" / name).read_bytes()) for name in EVERY_PAGE]
    assert sum(sizes) <= 28 * KB


def test_the_same_sheets_are_a_fraction_of_the_page_when_compressed():
    wire = sum(len(gzip.compress((STATIC / "css" / name).read_bytes())) for name in EVERY_PAGE)
    assert wire <= 8 * KB


def test_the_font_is_one_small_file_with_its_licence_beside_it():
    fonts = {path.name for path in (STATIC / "fonts").iterdir()}
    assert fonts == {"four-weeks-serif.woff2", "OFL.txt"}
    assert (STATIC / "fonts" / "four-weeks-serif.woff2").stat().st_size <= 25 * KB


def test_no_sheet_asks_another_server_for_anything():
    addresses = [
        found for path in sheets() for found in re.findall(r"url\(([^)]*)\)", path.read_text())
    ]
    assert addresses == ['"../fonts/four-weeks-serif.woff2"']


def test_colours_are_named_in_one_place():
    strangers = {
        path.name: found
        for path in sheets()
        if path.name != "tokens.css"
        and (found := re.findall(r":\s*[^;{]*#[0-9a-fA-F]{3,8}\b", path.read_text()))
    }
    # Paper is white under ink when it is printed, and a camera wants white round a QR code.
    assert {name: len(found) for name, found in strangers.items()} == {
        "print.css": 2,
        "pages.css": 1,
    }


def test_every_sheet_keeps_to_its_layer():
    order = re.search(r"@layer ([\w, ]+);", (STATIC / "css" / "tokens.css").read_text())
    assert order is not None
    known = set(order[1].split(", "))
    used = {name for path in sheets() for name in re.findall(r"@layer (\w+) \{", path.read_text())}
    assert used == known
