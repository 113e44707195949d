"""Text stands 7:1 or more from its ground, controls and their focus 3:1 or more, in both themes."""

import pytest

from tests.look.colours import contrast, themes

GROUNDS = ("paper", "leaf", "tint")
TEXT = [
    *(
        (text, ground)
        for text in ("ink", "ink-soft", "action", "action-hover")
        for ground in GROUNDS
    ),
    ("ink", "accent-wash"),
    ("action", "accent-wash"),
    ("accent", "paper"),
    ("accent", "leaf"),
    ("ink", "threat"),
    ("ink", "drive"),
    ("ink", "soothing"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-alarm", "alarm"),
    ("alarm", "paper"),
]
CONTROLS = [
    *((edge, ground) for edge in ("edge", "focus") for ground in GROUNDS),
    ("accent", "accent-wash"),
    ("action", "soothing"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_easy_to_tell_from_its_ground(theme, text, ground):
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("control", "ground"), CONTROLS)
def test_a_control_is_easy_to_find_on_its_ground(theme, control, ground):
    colours = themes()[theme]
    assert contrast(colours[control], colours[ground]) >= 3


def test_black_on_white_is_as_far_apart_as_colours_get():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


def test_both_themes_name_the_same_colours():
    light, dark = themes().values()
    assert light.keys() == dark.keys()
