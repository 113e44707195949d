"""Rows that are added, moved and removed by buttons: nothing typed is lost, nothing is saved."""

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from monitoring.settings_pages import rows
from monitoring.settings_pages.row_forms import StatementForm

pytestmark = pytest.mark.django_db  # which is asked whether a row may be

THREE = "row=1&row-1-key=a&row-1-text=A&row=2&row-2-key=b&row-2-text=B&row-2-required=on&row=5&row-5-key=c"


def after(do: str, data: str = THREE) -> list[tuple[int, str]]:
    """Each row's token and the key that its page would show."""
    moved = rows.rearranged(StatementForm, QueryDict(data), do)
    return [(each.token, each["key"].value() or "") for each in moved]


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up-2", [(2, "b"), (1, "a"), (5, "c")]),
        ("up-1", [(1, "a"), (2, "b"), (5, "c")]),
        ("down-2", [(1, "a"), (5, "c"), (2, "b")]),
        ("down-5", [(1, "a"), (2, "b"), (5, "c")]),
        ("remove-2", [(1, "a"), (5, "c")]),
        ("add", [(1, "a"), (2, "b"), (5, "c"), (6, "")]),
        ("preview", [(1, "a"), (2, "b"), (5, "c")]),
        ("up-9", [(1, "a"), (2, "b"), (5, "c")]),
        ("remove-", [(1, "a"), (2, "b"), (5, "c")]),
        ("", [(1, "a"), (2, "b"), (5, "c")]),
    ],
)
def test_rows_stand_where_the_button_puts_them(do: str, order: list[tuple[int, str]]) -> None:
    assert after(do) == order


def test_what_was_typed_goes_along() -> None:
    moved = rows.rearranged(StatementForm, QueryDict(THREE), "up-2")
    first = moved.forms[0]
    assert (first["text"].value(), first["required"].value()) == ("B", True)
    assert moved.forms[1]["required"].value() is False


def test_a_new_row_begins_as_rows_do() -> None:
    added = rows.rearranged(StatementForm, QueryDict("row=3&row-3-key=a"), "add").forms[1]
    assert (added.token, added["required"].value(), added["key"].value()) == (4, True, None)


def test_the_first_row_of_none_is_the_first() -> None:
    assert after("add", "") == [(1, "")]


def test_nothing_is_called_wrong_before_it_is_to_be_saved() -> None:
    moved = rows.rearranged(StatementForm, QueryDict("row=1&row-1-key=%20bad%20key"), "add")
    assert all(not each.errors for each in moved)


def test_a_key_is_kept_in_small_letters() -> None:
    sent = rows.posted(StatementForm, QueryDict("row=1&row-1-key=dataSharing&row-1-text=A"))
    assert sent.is_valid()
    assert [each.cleaned_data["key"] for each in sent] == ["datasharing"]


def test_keys_that_differ_in_capitals_are_one() -> None:
    twice = QueryDict("row=1&row-1-key=a&row-1-text=A&row=2&row-2-key=A&row-2-text=B")
    sent = rows.posted(StatementForm, twice)
    assert not sent.is_valid()
    assert [each.errors for each in sent][1] == {
        "key": ["Another row has this key. Each needs its own."]
    }


def test_a_key_is_not_that_of_a_column_of_lists() -> None:
    sent = rows.posted(StatementForm, QueryDict("row=1&row-1-key=Taken_by&row-1-text=A"))
    assert not sent.is_valid()
    assert [each.errors for each in sent] == [
        {"key": ["Lists have a column of that name. Write another key."]}
    ]


def test_a_key_stands_once() -> None:
    twice = QueryDict("row=1&row-1-key=a&row-1-text=A&row=2&row-2-key=a&row-2-text=B")
    sent = rows.posted(StatementForm, twice)
    assert not sent.is_valid()
    assert [each.errors for each in sent] == [
        {},
        {"key": ["Another row has this key. Each needs its own."]},
    ]


@pytest.mark.parametrize(
    "data",
    [
        *("row=1&row=1", "row=x", "row=-1", "row=12345", "row="),
        "&".join(f"row={n}" for n in range(rows.MOST + 1)),
    ],
)
def test_rows_that_no_page_sends_are_refused(data: str) -> None:
    with pytest.raises(BadRequest):
        rows.posted(StatementForm, QueryDict(data))


def test_there_is_an_end_to_adding() -> None:
    full = "&".join(f"row={n}" for n in range(1, rows.MOST + 1))
    moved = rows.rearranged(StatementForm, QueryDict(full), "add")
    assert (moved.is_full, len(moved.forms)) == (True, rows.MOST)


def test_page_names_each_problem_by_its_field() -> None:
    sent = rows.posted(StatementForm, QueryDict("row=3&row-3-text=A"))
    sent.is_valid()
    page = rows.Together(*sent)
    assert page.errors == {"row-3-key": ["Write a key: a short name, such as interview."]}
    assert page.non_field_errors() == []
    assert [field.html_name for field in page] == ["row-3-text", "row-3-key", "row-3-required"]
