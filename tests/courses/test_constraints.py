"""What the database itself refuses, whichever way a row comes to it."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from courses.models import Course, Edition, Material, Module
from tests.factories.courses import (
    EARLY,
    CourseFactory,
    EditionFactory,
    MaterialFactory,
    ModuleFactory,
)

pytestmark = pytest.mark.django_db


def refused(row: Model, **changes: object) -> str:
    """The database's own words on an UPDATE round every form and `save()`."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**changes)
    return str(caught.value)


def refused_new(row: Model) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create([row])


def test_two_courses_with_one_slug_are_refused() -> None:
    CourseFactory(slug="kind")

    refused_new(Course(slug="kind", title="Another"))


def test_two_editions_with_one_number_are_refused() -> None:
    edition = EditionFactory()
    Edition.objects.filter(pk=edition.pk).update(state="published", published_at=EARLY)

    refused_new(Edition(course=edition.course, number=edition.number, created_at=EARLY))


def test_two_drafts_of_one_course_are_refused() -> None:
    edition = EditionFactory()

    refused_new(Edition(course=edition.course, number=2, created_at=EARLY))


def test_edition_in_an_unknown_state_is_refused() -> None:
    refused(EditionFactory(), state="archived")


@pytest.mark.parametrize(
    "changes", [{"state": "published"}, {"published_at": EARLY}], ids=["no date", "no state"]
)
def test_edition_half_published_is_refused(changes: dict[str, object]) -> None:
    refused(EditionFactory(), **changes)


def test_two_modules_for_one_week_are_refused() -> None:
    module = ModuleFactory(week=1)

    refused_new(Module(edition=module.edition, week=1, title="Another"))


def test_week_nought_is_refused() -> None:
    refused(ModuleFactory(), week=0)


def test_two_materials_with_one_key_are_refused() -> None:
    material = MaterialFactory(key="handout", position=1)

    refused_new(Material(module=material.module, key="handout", position=2, kind="handout"))


def test_two_materials_in_one_place_are_refused() -> None:
    material = MaterialFactory(key="handout", position=1)

    refused_new(Material(module=material.module, key="other", position=1, kind="handout"))


def test_same_key_and_place_in_another_week_are_fine() -> None:
    first = MaterialFactory(key="handout", position=1)
    second = MaterialFactory(
        key="handout", position=1, module=ModuleFactory(edition=first.module.edition)
    )

    assert Material.objects.filter(key="handout", position=1).count() == 2
    assert first.module.edition == second.module.edition


@pytest.mark.parametrize("changes", [{"kind": "quiz"}, {"duration": 0}, {"duration": -1.5}])
def test_material_of_unknown_kind_or_without_length_is_refused(changes: dict[str, object]) -> None:
    refused(MaterialFactory(), **changes)


def test_material_with_a_file_and_no_other_has_its_size() -> None:
    refused(MaterialFactory(), file_size=5)
    refused(MaterialFactory(video=True), file_size=0)


def test_material_as_its_own_alternative_is_refused() -> None:
    material = MaterialFactory()

    refused(material, alternative_to=material)


@pytest.mark.parametrize("model", [Edition, Module, Material])
def test_every_constraint_has_a_sentence_for_forms(model: type[Model]) -> None:
    sentences = [constraint.violation_error_message for constraint in model._meta.constraints]

    assert all("Constraint" not in str(sentence) for sentence in sentences)
