"""Who is let in, by their answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.models import EligibilityCriterion
from studies.screening import clean_source, first_unmet

CRITERIA = [
    EligibilityCriterion(key="adult", admits_yes=True),
    EligibilityCriterion(key="in-therapy-crisis", admits_yes=False),
    EligibilityCriterion(key="internet", admits_yes=True),
]


@pytest.mark.parametrize(
    ("answers", "unmet"),
    [
        ({}, None),
        ({"adult": True}, None),
        ({"adult": False}, "adult"),
        ({"adult": True, "in-therapy-crisis": True}, "in-therapy-crisis"),
        ({"adult": False, "in-therapy-crisis": True, "internet": False}, "adult"),
        ({"adult": True, "in-therapy-crisis": False, "internet": False}, "internet"),
        ({"adult": True, "in-therapy-crisis": False, "internet": True}, None),
        ({"internet": False}, "internet"),
        ({"unknown": False}, None),
    ],
)
def test_first_unmet_is_the_first_that_does_not_let_in(
    answers: dict[str, bool], unmet: str | None
) -> None:
    found = first_unmet(CRITERIA, answers)
    assert (found and found.key) == unmet


def test_study_without_criteria_lets_everyone_in() -> None:
    assert first_unmet([], {"adult": False}) is None


@pytest.mark.parametrize("text", ["ann.smith@example.org", "ann%40example.org", "x ann@b.co"])
def test_what_names_a_person_is_no_source(text: str) -> None:
    assert clean_source(text) == ""


@given(st.text(max_size=400))
def test_source_is_a_short_slug_whatever_is_typed(text: str) -> None:
    source = clean_source(text)
    assert len(source) <= 50
    assert clean_source(source) == source
    assert set(source) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
