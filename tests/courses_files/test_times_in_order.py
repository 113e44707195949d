"""Words and parts run forwards and end with their medium, so that every course can travel."""

import pytest
from django.test import Client

from courses.models import Material
from tests.courses_files import media
from tests.courses_files.pages import errors, save

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["transcript", "chapters"])
@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("4:00 Late\n1:00 Early", "This line is earlier than the one above it: 1:00 Early"),
        (
            "1:00 Early\n5:00 Over",
            "This line begins when the film or sound has ended: 5:00 Over",
        ),
    ],
)
def test_line_that_stands_where_it_cannot_be_is_told(
    editor: Client, video: Material, name: str, lines: str, sentence: str
) -> None:
    response = save(editor, video, **{name: lines})

    assert errors(response) == {name: [sentence]}
    assert response.context["adminform"].form[name].value() == lines


def test_lines_may_begin_together_and_up_to_the_end(editor: Client, video: Material) -> None:
    save(editor, video, chapters="1:00 One\n1:00 Two\n4:59.9 Last")

    video.refresh_from_db()
    assert [each["at"] for each in video.chapters] == [60.0, 60.0, 299.9]


def test_lines_are_held_against_the_film_that_comes_with_them(
    editor: Client, video: Material
) -> None:
    long = {"file": media.mp4(1800), "captions": media.vtt()}

    response = save(editor, video, **long, chapters="29:59 Nearly\n30:00 Over")

    assert errors(response) == {
        "chapters": ["This line begins when the film or sound has ended: 30:00 Over"]
    }


def test_words_without_a_medium_may_begin_at_any_time(editor: Client, video: Material) -> None:
    gone = {"file-clear": "on", "captions-clear": "on"}

    assert errors(save(editor, video, **gone, transcript="59:00 Ahead of its film.")) == {}
    assert errors(save(editor, video, transcript="59:01 And later.")) == {}
