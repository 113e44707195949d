"""What the database itself refuses, whichever way a row comes to it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from courses.models import Companion, Course, Edition, Material, Module
from tests.factories.courses import (
    EARLY,
    CompanionFactory,
    CourseFactory,
    EditionFactory,
    MaterialFactory,
    ModuleFactory,
)

pytestmark = pytest.mark.django_db


def refused(row: Model, *, by: str, **changes: object) -> None:
    """An UPDATE round every form and `save()` fails, and for the reason meant."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**changes)
    assert by in str(caught.value)


def refused_new(row: Model, *, by: str, on: str) -> None:
    """PostgreSQL names the broken constraint, `by`; SQLite its columns, `on`."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        type(row)._default_manager.bulk_create([row])
    table = row._meta.db_table
    columns = ", ".join(f"{table}.{column}" for column in on.split())
    named = by if connection.vendor == "postgresql" else f"UNIQUE constraint failed: {columns}"
    assert named in str(caught.value)


def test_two_courses_with_one_slug_are_refused() -> None:
    CourseFactory(slug="kind")

    refused_new(Course(slug="kind", title="Another"), by="courses_course_slug", on="slug")


def test_two_editions_with_one_number_are_refused() -> None:
    edition = EditionFactory()
    Edition.objects.filter(pk=edition.pk).update(state="published", published_at=EARLY)

    again = Edition(course=edition.course, number=edition.number, created_at=EARLY)
    refused_new(again, by="edition_number_once_per_course", on="course_id number")


def test_two_drafts_of_one_course_are_refused() -> None:
    edition = EditionFactory()

    second = Edition(course=edition.course, number=2, created_at=EARLY)
    refused_new(second, by="edition_one_draft_per_course", on="course_id")


def test_edition_in_an_unknown_state_is_refused() -> None:
    refused(EditionFactory(), by="edition_", state="archived")


@pytest.mark.parametrize(
    "changes", [{"state": "published"}, {"published_at": EARLY}], ids=["no date", "no state"]
)
def test_edition_half_published_is_refused(changes: dict[str, object]) -> None:
    refused(EditionFactory(), by="edition_published_at_iff_published", **changes)


def test_two_modules_for_one_week_are_refused() -> None:
    module = ModuleFactory(week=1)

    again = Module(edition=module.edition, week=1, title="Another")
    refused_new(again, by="module_week_once_per_edition", on="edition_id week")


def test_week_nought_is_refused() -> None:
    refused(ModuleFactory(), by="module_week_from_one", week=0)


def test_two_materials_with_one_key_are_refused() -> None:
    material = MaterialFactory(key="handout", position=1)

    again = Material(module=material.module, key="handout", position=2, kind="handout")
    refused_new(again, by="material_key_once_per_module", on="module_id key")


def test_two_materials_in_one_place_are_refused() -> None:
    material = MaterialFactory(key="handout", position=1)

    other = Material(module=material.module, key="other", position=1, kind="handout")
    refused_new(other, by="material_position_once_per_module", on="module_id position")


def test_same_key_and_place_in_another_week_are_fine() -> None:
    first = MaterialFactory(key="handout", position=1)
    second = MaterialFactory(
        key="handout", position=1, module=ModuleFactory(edition=first.module.edition)
    )

    assert Material.objects.filter(key="handout", position=1).count() == 2
    assert first.module.edition == second.module.edition


def test_material_of_unknown_kind_is_refused() -> None:
    refused(MaterialFactory(), by="material_kind_known", kind="quiz")


@pytest.mark.parametrize("duration", [0, -1.5])
def test_material_without_length_is_refused(duration: float) -> None:
    refused(MaterialFactory(), by="material_duration_positive", duration=duration)


def test_material_with_a_file_and_no_other_has_its_size() -> None:
    refused(MaterialFactory(), by="material_file_size_iff_file", file_size=5)
    refused(MaterialFactory(video=True), by="material_file_size_iff_file", file_size=0)


def test_material_as_its_own_alternative_is_refused() -> None:
    material = MaterialFactory()

    refused(material, by="material_not_its_own_alternative", alternative_to=material)


def test_two_texts_of_one_kind_beside_the_weeks_are_refused() -> None:
    worries = CompanionFactory()

    again = Companion(edition=worries.edition, kind="worries", title="More", body="<p>More</p>")
    refused_new(again, by="companion_kind_once_per_edition", on="edition_id kind")


def test_same_kind_of_text_beside_another_edition_is_fine() -> None:
    assert CompanionFactory().edition != CompanionFactory().edition


def test_text_of_unknown_kind_is_refused() -> None:
    refused(CompanionFactory(), by="companion_kind_known", kind="songs")


@pytest.mark.parametrize("field", ["title", "body"])
def test_text_beside_the_weeks_without_words_is_refused(field: str) -> None:
    refused(CompanionFactory(), by="companion_has_words", **{field: ""})


@pytest.mark.parametrize("model", [Edition, Module, Material, Companion])
def test_every_constraint_has_a_sentence_for_forms(model: type[Model]) -> None:
    sentences = [constraint.violation_error_message for constraint in model._meta.constraints]

    assert all("Constraint" not in str(sentence) for sentence in sentences)
