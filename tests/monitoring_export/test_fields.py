"""Whoever adds a field decides whether it leaves the platform."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db.models import Model

from monitoring.export.cut import Cut
from monitoring.export.fields import TABLE, Fields
from monitoring.export.files import FILES
from studies.models import Arm, Study
from tests.monitoring_export.world import CUT

ADVICE = "Decide in monitoring/export/fields.py: exported, private or internal."


def models() -> Iterable[type[Model]]:
    """Of every room and library. What joins two tables is a field of one of them."""
    return apps.get_models()


def fields_of(model: type[Model]) -> list[str]:
    return [field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)]


def declared(label: str) -> list[str]:
    fields = TABLE[label]
    return [*fields.exported, *fields.private.split(), *fields.internal.split()]


def columns_claimed() -> Iterator[tuple[str, str]]:
    """The field, and one of its columns; “*” is written out."""
    for label, fields in TABLE.items():
        for name, columns in fields.exported.items():
            for column in columns.split():
                ends = ["utc", "local"] if column.endswith("*") else [""]
                yield from ((f"{label}.{name}", column.rstrip("*") + end) for end in ends)


def columns_there() -> set[str]:
    cut = Cut(study=Study(slug="calm"), until=CUT, with_test=True, with_arm=True)
    return {
        f"{file.name.removesuffix('.csv')}.{column.name}"
        for file in FILES
        for column in file.columns(cut)
    }


def test_every_model_is_declared_and_no_other() -> None:
    assert sorted(TABLE) == sorted(model._meta.label for model in models()), ADVICE


@pytest.mark.parametrize("model", list(models()), ids=lambda model: model._meta.label)
def test_every_field_is_declared_once_and_no_other(model: type[Model]) -> None:
    assert Counter(declared(model._meta.label)) == Counter(fields_of(model)), ADVICE


def test_field_that_nobody_declared_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the two tests above would, of a field that somebody adds tomorrow."""
    before = TABLE["studies.Arm"]
    assert Counter(declared("studies.Arm")) == Counter(fields_of(Arm))
    monkeypatch.setitem(TABLE, "studies.Arm", Fields(exported=before.exported, internal="id study"))
    assert Counter(fields_of(Arm)) - Counter(declared("studies.Arm")) == Counter(["name"])


def test_every_column_that_a_field_is_said_to_be_in_is_there() -> None:
    assert sorted({column for _, column in columns_claimed()} - columns_there()) == []


def test_of_every_column_some_field_says_that_it_is_in_it() -> None:
    assert sorted(columns_there() - {column for _, column in columns_claimed()}) == []


@pytest.mark.parametrize(
    "field",
    [
        "participants.User.email",
        "participants.Enrolment.user",
        "participants.Enrolment.withdrawal_reason",
        "participants.ConsentSignature.typed_name",
        "participants.ConsentAnswer.taken_by",
        "participants.Demographics.gender_own_words",
        "participants.Demographics.ethnicity_own_words",
        "monitoring.StaffAction.why",
    ],
)
def test_what_names_somebody_is_private(field: str) -> None:
    """So that taking one of these out of the table is not one line's work."""
    label, _, name = field.rpartition(".")

    assert name in TABLE[label].private.split()
