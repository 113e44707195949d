"""What a page asks a slow line to carry, without its media."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

# Fonts, and pictures of pixels, are compressed in themselves; nothing compresses them again.
_PACKED = {".woff2", ".png", ".jpg", ".webp"}
_IMPORT = re.compile(r"""(?:^|\n)\s*(?:import|export)\b[^;'"]*?["'](\./[^"']+)["']""")


class Page(HTMLParser):
    """The parts of one page's HTML that the browser fetches, and where its scripts stand."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.html = html
        self.sheets: list[str] = []
        self.preloaded: list[str] = []
        self.pictures: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.fetched: list[str] = []
        self.after_last_script: list[str] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given)
            self.after_last_script = []
        else:
            self.after_last_script.append(tag)
        if tag == "link":
            self._link(given)
        if tag != "a" and (address := given.get("src") or given.get("href") or given.get("poster")):
            self.fetched.append(address)

    def _link(self, given: dict[str, str | None]) -> None:
        kinds = {"stylesheet": self.sheets, "preload": self.preloaded, "icon": self.pictures}
        kinds[str(given["rel"])].append(str(given["href"]))

    def weights(self) -> dict[str, int]:
        """Bytes on the line by what they are, all compressed as the server compresses them."""
        scripts = [path for script in self.scripts for path in _with_imports(str(script["src"]))]
        static = [*self.sheets, *self.preloaded, *self.pictures, *dict.fromkeys(scripts)]
        return {"the page itself": len(gzip.compress(self.html))} | {
            path: _on_the_line(_file(path)) for path in static
        }


def _with_imports(path: str) -> list[str]:
    """A module, and all that it imports, by their paths."""
    names = _IMPORT.findall(_file(path).read_text(encoding="utf-8"))
    folder = path.rpartition("/")[0]
    below = [each for name in names for each in _with_imports(f"{folder}/{name[2:]}")]
    return [path, *below]


def _file(path: str) -> Path:
    found = finders.find(path.removeprefix(settings.STATIC_URL))
    assert isinstance(found, str), path
    return Path(found)


def _on_the_line(file: Path) -> int:
    data = file.read_bytes()
    return len(data) if file.suffix in _PACKED else len(gzip.compress(data))
