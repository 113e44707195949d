"""Publishing an edition, and beginning a new one from it."""

from datetime import UTC, datetime

import pytest

from courses.models import Edition, Material
from courses.services import CannotDraft, CannotPublish, new_draft, note_edit, publish_edition
from tests.factories.courses import (
    EARLY,
    CourseFactory,
    EditionFactory,
    ModuleFactory,
    draft_edition,
    full_module,
    published_edition,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_draft_is_published() -> None:
    edition = publish_edition(edition=draft_edition(weeks=1), now=NOW)

    edition.refresh_from_db()
    assert (edition.state, edition.published_at) == ("published", NOW)


def test_publishing_twice_keeps_the_first_time() -> None:
    edition = published_edition(weeks=1, now=EARLY)

    assert publish_edition(edition=edition, now=NOW).published_at == EARLY


def unfit(case: str) -> Edition:
    edition = EditionFactory()
    if case == "gap":
        full_module(edition)
        ModuleFactory(edition=edition, week=3)
    if case == "empty week":
        ModuleFactory(edition=edition)
    return edition


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("no weeks", "This edition has no weeks. Add one first."),
        ("gap", "Week 2 is missing."),
        ("empty week", "Week 1 has no materials. Add one, or remove the week."),
    ],
)
def test_unfit_draft_is_not_published_and_says_why(case: str, sentence: str) -> None:
    edition = unfit(case)

    with pytest.raises(CannotPublish, match=sentence):
        publish_edition(edition=edition, now=NOW)

    edition.refresh_from_db()
    assert edition.state == "draft"


def told(edition: Edition) -> list[tuple[object, ...]]:
    """All that a person is given."""
    return [
        (
            material.module.week,
            material.module.title,
            material.module.practice,
            material.position,
            material.key,
            material.title,
            material.body,
            material.file.name,
            material.captions.name,
            material.transcript,
            material.alternative_to and material.alternative_to.key,
        )
        for material in Material.objects.filter(module__edition=edition)
        .select_related("module", "alternative_to")
        .order_by("module__week", "position")
    ]


def test_new_draft_begins_as_a_copy_of_the_newest_published_edition() -> None:
    first = published_edition(weeks=1)
    second = published_edition(weeks=2, course=first.course)

    draft = new_draft(course=first.course, now=NOW)

    assert (draft.number, draft.state, draft.created_at) == (3, "draft", NOW)
    assert (draft.content_hash, draft.edited_at) == ("", None)
    assert told(draft) == told(second)
    words = ("kind", "title", "body")
    copied = list(draft.companions.values_list(*words))
    assert copied == list(second.companions.values_list(*words))
    assert [kind for kind, _title, _body in copied] == ["worries", "glossary"]


def test_alternatives_of_a_copy_stay_within_the_copy() -> None:
    draft = new_draft(course=published_edition(weeks=2).course, now=NOW)

    for short in Material.objects.filter(module__edition=draft, key="exercise-short"):
        assert short.alternative_to.module == short.module


def test_second_draft_is_refused() -> None:
    edition = published_edition(weeks=1)
    new_draft(course=edition.course, now=NOW)

    with pytest.raises(CannotDraft, match="This course has a draft already"):
        new_draft(course=edition.course, now=NOW)


def test_first_draft_of_a_course_begins_empty() -> None:
    draft = new_draft(course=CourseFactory(), now=NOW)

    assert (draft.number, draft.modules.count(), draft.companions.count()) == (1, 0, 0)


def test_edit_is_noted_on_a_draft_and_never_on_a_published_edition() -> None:
    published = published_edition(weeks=1)
    draft = new_draft(course=published.course, now=NOW)

    note_edit(edition=draft, now=NOW)
    note_edit(edition=published, now=NOW)

    draft.refresh_from_db()
    published.refresh_from_db()
    assert (draft.edited_at, published.edited_at) == (NOW, None)
