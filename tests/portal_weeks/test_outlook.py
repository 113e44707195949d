import pytest
from django.template.loader import render_to_string

from courses.models import Material
from portal.templatetags.authored import lowered
from portal.weeks.formats import Exercise, formats

VIDEO = Material(pk=1, kind="video", duration=300)
HANDOUT = Material(pk=2, kind="handout")
EXERCISE = Material(pk=3, kind="exercise", duration=600)
SHORT = Material(pk=4, kind="exercise", duration=240, alternative_to_id=3)
TEXT_ONLY = Material(pk=5, kind="exercise")


@pytest.mark.parametrize(
    ("materials", "sentence"),
    [
        ([], ""),
        ([HANDOUT], "Read a handout."),
        (
            [VIDEO, HANDOUT],
            "Watch for 5 minutes, or read a handout. Any one is enough.",
        ),
        (
            [VIDEO, HANDOUT, EXERCISE, SHORT],
            "Watch for 5 minutes, read a handout, or listen for 10 minutes (or for 4 minutes). "
            "Any one is enough.",
        ),
        ([HANDOUT, TEXT_ONLY], "Read a handout, or do an exercise. Any one is enough."),
    ],
)
def test_the_ways_to_do_a_week_are_one_sentence(materials, sentence):
    assert formats(materials).sentence == sentence


def test_a_shorter_exercise_stands_with_its_longer_one():
    (exercise,) = formats([EXERCISE, SHORT]).exercises
    assert (exercise.main, exercise.shorter) == (EXERCISE, [SHORT])


def test_an_authors_headings_are_lowered_and_never_past_the_sixth():
    html = '<h2 id="a">One</h2><p>h2</p><h5>Five</h5><hr>'
    assert lowered(html, 2) == '<h4 id="a">One</h4><p>h2</p><h6>Five</h6><hr>'


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Tea & calm, the short one", "A shorter one, 4 minutes"),
        ("A CARE moment", "A shorter one: A CARE moment, 4 minutes"),
        ("Calm, the short one", "A shorter one: Calm, the short one, 4 minutes"),
    ],
)
def test_a_shorter_exercise_is_named_unless_it_is_the_long_one_in_short(title, heading):
    long = Material(pk=3, kind="exercise", title="Tea & calm", duration=600)
    short = Material(pk=4, key="short", kind="exercise", title=title, duration=240)
    context = {"exercise": Exercise(long, [short]), "material": short, "is_shorter": True}
    page = render_to_string("portal/weeks/exercise.html", context)
    assert f'<h3 id="title-short">{heading}</h3>' in page
