"""The colours in static/css/tokens.css, and how far two of them stand apart."""

import re
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"

_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")


def themes() -> dict[str, dict[str, str]]:
    """The named colours of "light" and "dark"; a colour that dark leaves out is the light one."""
    light, dark = TOKENS.read_text().split("@media screen and (prefers-color-scheme: dark)")
    named = dict(_COLOUR.findall(light))
    return {"light": named, "dark": named | dict(_COLOUR.findall(dark))}


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it: from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
