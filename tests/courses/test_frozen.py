"""A published edition, its weeks and its materials stay as they were, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction

from courses.guards import GUARDS
from courses.models import Companion, Course, Edition, Material, Module
from courses.services import publish_edition
from frozen_rows import installed_names
from tests.factories.courses import EARLY, draft_edition, published_edition

pytestmark = pytest.mark.django_db
FROZEN = "A published edition cannot be changed. Make a new draft."


@pytest.fixture
def edition() -> Edition:
    return published_edition(weeks=1)


@pytest.fixture
def draft(edition: Edition) -> Edition:
    """A draft beside the published edition, of the same course."""
    return draft_edition(weeks=2, course=edition.course)


def refusal(write) -> str:
    """What the database says to `write`; fails if it lets it pass."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return str(caught.value).split("\n")[0]


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_every_guard_of_the_room_stands() -> None:
    assert {guard.name for guard in GUARDS} <= installed_names()


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 7},
        {"content_hash": "x"},
        {"state": "draft", "published_at": None},
        {"edited_at": EARLY},
    ],
    ids=str,
)
def test_published_edition_cannot_be_changed(edition: Edition, changes: dict) -> None:
    write = Edition.objects.filter(pk=edition.pk).update

    assert refusal(lambda: write(**changes)) == FROZEN


def test_edition_with_a_gap_in_its_weeks_cannot_be_published() -> None:
    """Nor past the service that says which is missing: whole weeks are counted by their number."""
    gap, late, whole = (draft_edition(weeks=3) for _each in range(3))
    gap.modules.filter(week=2).delete()
    late.modules.filter(week=1).delete()

    def publish(edition: Edition) -> None:
        Edition.objects.filter(pk=edition.pk).update(state="published", published_at=EARLY)

    for edition in (gap, late):
        assert refusal(lambda edition=edition: publish(edition)) == (
            "The weeks of a published edition are numbered from 1 without a gap."
        )
    publish(whole)


def test_published_edition_cannot_move_to_another_course(edition: Edition) -> None:
    other = draft_edition(weeks=1).course

    assert refusal(lambda: Edition.objects.update(course=other, number=9)) == FROZEN


def test_published_edition_cannot_be_deleted(edition: Edition) -> None:
    sql_delete = "DELETE FROM courses_edition WHERE id = %s"
    empty = published_edition(weeks=1)

    assert refusal(lambda: Edition.objects.filter(pk=edition.pk)._raw_delete("default")) == (
        "A published edition cannot be deleted."
    )
    assert refusal(lambda: sql(sql_delete, empty.pk)) == "A published edition cannot be deleted."
    assert refusal(edition.delete) == FROZEN  # its materials go first


def test_module_cannot_be_added_to_a_published_edition(edition: Edition) -> None:
    new = Module(edition=edition, week=2, title="More")

    assert refusal(lambda: Module.objects.bulk_create([new])) == FROZEN


def test_module_of_a_published_edition_cannot_be_changed(edition: Edition) -> None:
    assert refusal(lambda: Module.objects.update(title="Other words")) == FROZEN


def test_module_of_a_published_edition_cannot_be_deleted(edition: Edition) -> None:
    module = edition.modules.get()

    assert refusal(lambda: Module.objects.filter(pk=module.pk)._raw_delete("default")) == FROZEN
    assert refusal(lambda: sql("DELETE FROM courses_module WHERE id = %s", module.pk)) == FROZEN


def test_module_cannot_move_out_of_or_into_a_published_edition(
    edition: Edition, draft: Edition
) -> None:
    out = Module.objects.filter(edition=edition)
    into = Module.objects.filter(edition=draft, week=2)

    assert refusal(lambda: out.update(edition=draft, week=9)) == FROZEN
    assert refusal(lambda: into.update(edition=edition)) == FROZEN


def test_material_cannot_be_added_to_a_published_edition(edition: Edition) -> None:
    new = Material(module=edition.modules.get(), position=9, key="more", kind="handout")

    assert refusal(lambda: Material.objects.bulk_create([new])) == FROZEN


@pytest.mark.parametrize("changes", [{"body": "x"}, {"file": "x.mp4"}, {"transcript": []}], ids=str)
def test_material_of_a_published_edition_cannot_be_changed(edition: Edition, changes: dict) -> None:
    assert refusal(lambda: Material.objects.filter(key="video").update(**changes)) == FROZEN


def test_material_of_a_published_edition_cannot_be_deleted(edition: Edition) -> None:
    handouts = Material.objects.filter(key="handout")

    assert refusal(lambda: handouts._raw_delete("default")) == FROZEN
    assert refusal(handouts.delete) == FROZEN
    assert refusal(lambda: sql("DELETE FROM courses_material WHERE key = 'handout'")) == FROZEN


def test_material_cannot_move_out_of_or_into_a_published_edition(
    edition: Edition, draft: Edition
) -> None:
    published, drafted = edition.modules.get(), draft.modules.get(week=1)

    out = Material.objects.filter(module=published, key="handout")
    into = Material.objects.filter(module=drafted, key="handout")

    assert refusal(lambda: out.update(module=drafted, key="a", position=8)) == FROZEN
    assert refusal(lambda: into.update(module=published, key="b", position=9)) == FROZEN


def test_text_cannot_be_added_beside_the_weeks_of_a_published_edition() -> None:
    draft = draft_edition(weeks=1)
    draft.companions.filter(kind="glossary").delete()
    edition = publish_edition(edition=draft, now=EARLY)

    new = Companion(edition=edition, kind="glossary", title="Words", body="<p>More</p>")
    assert refusal(lambda: Companion.objects.bulk_create([new])) == FROZEN


@pytest.mark.parametrize("changes", [{"body": "x"}, {"title": "x"}], ids=str)
def test_text_beside_published_weeks_cannot_be_changed(edition: Edition, changes: dict) -> None:
    assert refusal(lambda: edition.companions.update(**changes)) == FROZEN


def test_text_beside_published_weeks_cannot_be_deleted(edition: Edition) -> None:
    sql_delete = "DELETE FROM courses_companion WHERE edition_id = %s"

    assert refusal(edition.companions.all().delete) == FROZEN
    assert refusal(lambda: edition.companions.all()._raw_delete("default")) == FROZEN
    assert refusal(lambda: sql(sql_delete, edition.pk)) == FROZEN


def test_text_cannot_move_out_of_or_into_a_published_edition(
    edition: Edition, draft: Edition
) -> None:
    draft.companions.filter(kind="worries").delete()
    out = edition.companions.filter(kind="worries")
    into = draft.companions.filter(kind="glossary")

    assert refusal(lambda: out.update(edition=draft)) == FROZEN
    assert refusal(lambda: into.update(edition=edition)) == FROZEN


def test_draft_beside_it_can_be_changed_and_deleted(edition: Edition, draft: Edition) -> None:
    Module.objects.filter(edition=draft).update(title="Other words")
    Material.objects.filter(module__edition=draft).update(body="Other words")
    draft.companions.update(body="Other words")
    draft.delete()

    assert list(Edition.objects.all()) == [edition]


def test_title_of_the_course_is_not_frozen(edition: Edition) -> None:
    Course.objects.update(title="A better title")

    assert Course.objects.get().title == "A better title"
