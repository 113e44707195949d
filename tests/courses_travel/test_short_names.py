"""Short names are kept so that a course's folder can hold them."""

import pytest

from courses.forms import CourseForm, MaterialRowForm
from courses.models import Material
from tests.factories.courses import CourseFactory, draft_edition

SENTENCE = "Write it in small letters, digits and hyphens, like short-talk."


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Short", "short_talk", "-short", "short-", "a--b", "ü", "a b"])
def test_name_that_no_folder_would_hold_is_refused(name: str) -> None:
    course = CourseForm({"title": "x", "language": "en-GB", "slug": name})
    row = Material(module=draft_edition(weeks=1).modules.get())
    words = {"position": 9, "kind": "handout", "title": "x", "key": name}
    material = MaterialRowForm(words, instance=row)

    assert set(course.errors["slug"]) == {SENTENCE}
    assert set(material.errors["key"]) == {SENTENCE}


@pytest.mark.django_db
def test_other_names_are_taken() -> None:
    form = CourseForm({"title": "x", "language": "en-GB", "slug": "four-weeks-2"})

    assert form.is_valid()
    assert form.save().slug == "four-weeks-2"
    assert CourseFactory().slug.islower()
