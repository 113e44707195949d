"""Lists are written line by line, and come back as they were."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from courses.forms import MaterialForm, ModuleForm
from courses.forms.lines import ChaptersField, PracticeField, TimedField

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|"), min_size=1
)
SECONDS = st.integers(0, 99 * 3_600_000).map(lambda thousandths: thousandths / 1000)


@given(st.lists(st.fixed_dictionaries({"at": SECONDS, "text": WORDS})))
def test_times_and_words_come_back(entries: list[dict]) -> None:
    field = TimedField(required=False)

    shown = field.prepare_value(entries)

    assert field.clean(shown) == entries
    assert not field.has_changed(entries, shown.replace("\n", "\r\n"))


@given(st.lists(st.fixed_dictionaries({"when": WORDS, "what": WORDS})))
def test_suggestions_come_back(entries: list[dict]) -> None:
    field = PracticeField(required=False)

    assert field.clean(field.prepare_value(entries)) == entries


@pytest.mark.parametrize(
    ("at", "shown"),
    [(0, "0:00"), (31.4, "0:31.4"), (252, "4:12"), (3725.25, "1:02:05.25"), (600.05, "10:00.05")],
)
def test_a_time_is_shown_as_a_clock_has_it(at: float, shown: str) -> None:
    assert ChaptersField().prepare_value([{"at": at, "title": "A part"}]) == f"{shown} A part"


@pytest.mark.parametrize(
    "line", ["Hello", "0:5 Hello", "4:12", "-1:00 Hello", "1:2:3:4 Hello", "[]"]
)
def test_a_line_without_its_time_is_refused(line: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TimedField().clean(f"0:00 Hello\n{line}")

    assert refused.value.messages == [
        "Begin each line with its time, like this: 4:12 You can stop at any time. "
        f"This line is another: {line}"
    ]


def test_words_of_several_lines_become_one() -> None:
    assert (
        TimedField().prepare_value([{"at": 0, "text": "One\ntwo  three"}]) == "0:00 One two three"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "names"), [(MaterialForm, ["transcript", "chapters"]), (ModuleForm, ["practice"])]
)
def test_a_page_holds_each_list_once(form: Any, names: list[str]) -> None:
    page = str(form())

    assert [page.count(f'name="{name}"') for name in names] == [1] * len(names)
    assert "initial-" not in page


def test_nothing_is_an_empty_list() -> None:
    assert TimedField(required=False).clean("") == []
    assert not TimedField(required=False).has_changed([], "")
    assert not TimedField(required=False).has_changed(None, "")
