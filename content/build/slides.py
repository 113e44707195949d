"""Draws slides with Chromium: paper ground, serif headings, room for captions below."""

import base64
import html
import re
import subprocess
import tempfile
from pathlib import Path

from content.build.script import Slide

WIDTH, HEIGHT = 1280, 720
HERE = Path(__file__).parent
SERIF = HERE.parents[1] / "static" / "fonts" / "four-weeks-serif.woff2"


def draw(slide: Slide, points: int, path: Path) -> None:
    """Writes a PNG of WIDTH x HEIGHT of the slide with its first `points` points shown."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "slide.html"
        page.write_text(slide_page(slide, points), "utf-8")
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--force-device-scale-factor=1",
                f"--window-size={WIDTH},{HEIGHT}",
                f"--user-data-dir={folder}/profile",
                f"--screenshot={path}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            text=True,
        )


def slide_page(slide: Slide, points: int) -> str:
    """The slide as one HTML page; points that are not up yet keep their place."""
    shown = "".join(
        f"<li{'' if at < points else ' class=later'}>{_printed(point)}</li>"
        for at, point in enumerate(slide.points)
    )
    picture = slide.picture.read_text("utf-8-sig") if slide.picture else ""
    line = f"<p>{_printed(slide.line)}</p>" if slide.line else ""
    kind = "pictured" if picture else "plain"
    return (
        f"<!doctype html><meta charset=utf-8><style>{_style()}</style><body class={kind}>"
        f"<main><h1>{_unbroken(slide.title)}</h1>{line}<ul>{shown}</ul></main>{picture}"
    )


def _unbroken(title: str) -> str:
    """The title, whose hyphened words stay on one line."""
    return re.sub(r"\w+-\w+", r"<span class=whole>\g<0></span>", _printed(title))


def _printed(text: str) -> str:
    """As it would be printed: scripts are typed with straight apostrophes."""
    return html.escape(text.replace("'", "’"))


def _style() -> str:
    serif = base64.b64encode(SERIF.read_bytes()).decode()
    return (HERE / "slide.css").read_text("utf-8").replace("SERIF_DATA", serif)
