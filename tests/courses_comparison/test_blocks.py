"""What became of the words of a text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.comparison.blocks import Block, Changed, Run, Word, compared, of_html, of_text

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=6).map(" ".join)
TEXTS = st.lists(WORDS, max_size=6).map("\n".join)


def told(old: str, new: str) -> str:
    """One line: +added+, -removed-, and / between blocks."""
    marks = {"same": "", "added": "+", "removed": "-"}
    return " / ".join(
        " ".join(f"{marks[run.change]}{run.text}{marks[run.change]}" for run in block.runs)
        for stretch in compared(of_html(old), of_html(new))
        for block in stretch.blocks
    )


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("<p>a b c</p>", "<p>a b c</p>", "a b c"),
        ("<p>Be kind to you</p>", "<p>Be very kind to you</p>", "Be +very+ kind to you"),
        ("<p>One a b</p><p>Two</p>", "<p>One c b</p><p>Two</p>", "One -a- +c+ b / Two"),
        ("<p>One</p>", "<p>Other words</p>", "-One- / +Other words+"),
        ("", "<p>New</p>", "+New+"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>b</li></ul>", "-a- / b"),
        ("<p>a b c</p>", "<p>a <strong>b</strong> c</p>", "a -b- +b+ c"),
        (
            '<p>See <a href="https://a.org/">this</a> now</p>',
            '<p>See <a href="https://b.org/">this</a> now</p>',
            "See this -(https://a.org/)- +(https://b.org/)+ now",
        ),
    ],
)
def test_each_word_is_told(old: str, new: str, seen: str) -> None:
    assert told(old, new) == seen


def test_block_of_another_kind_says_which_it_was() -> None:
    (stretch,) = compared(of_html("<p>A friend</p>"), of_html("<h2>A friend</h2>"))

    runs = [Run("same", "A friend")]
    assert stretch.blocks == [Changed("Heading", runs, before="Paragraph")]
    assert not stretch.is_same


def test_marks_are_kept_for_the_eye() -> None:
    (block,) = of_html("<p>a <b>b <i>c</i></b></p>")

    assert block == Block((Word("a"), Word("b", ("strong",)), Word("c", ("strong", "em"))))


def test_stretches_part_what_is_alike_from_what_is_not() -> None:
    stretches = compared(of_text("a\nb\nc\nd"), of_text("a\nb\nx\nd"))

    assert [(s.is_same, len(s.blocks)) for s in stretches] == [(True, 2), (False, 2), (True, 1)]


def test_what_stands_close_together_stays_so() -> None:
    (stretch,) = compared([], of_html('<p>Be <b>kind</b>ly, <a href="/x">here</a>. Now</p>'))

    (block,) = stretch.blocks
    assert [(run.text, run.is_glued) for run in block.runs] == [
        ("Be", False),
        ("kind", False),
        ("ly,", True),
        ("here", False),
        ("(/x). Now", False),
    ]


@pytest.mark.parametrize("between", [" ", "\n"], ids=["one paragraph", "as many paragraphs"])
def test_book_that_was_pasted_is_told_as_a_whole(between: str) -> None:
    old, new = between.join(["a"] * 30_000), between.join(["a", "b"] * 15_000)

    stretches = compared(of_text(old), of_text(new))

    changes = {run.change for s in stretches for block in s.blocks for run in block.runs}
    assert changes == {"removed", "added"}


def words(text: str) -> list[str]:
    return text.split()


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_no_word_of_either_text_is_lost(old: str, new: str) -> None:
    runs = [
        run
        for stretch in compared(of_text(old), of_text(new))
        for block in stretch.blocks
        for run in block.runs
    ]

    was = " ".join(run.text for run in runs if run.change != "added")
    is_now = " ".join(run.text for run in runs if run.change != "removed")
    assert (words(was), words(is_now)) == (words(old), words(new))
