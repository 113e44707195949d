"""Mistakes that are easily made in a TOML file are said in plain words, on the line to mend."""

import tomllib

import pytest

from courses.torn_toml import toml_fault

CURLY = 'Curly quotation marks do not hold a text here. Write straight ones (").'
NOT_CLOSED = 'The text that begins here with """ does not end. Write """ after its last line.'
NOT_OPENED = 'This """ ends no text. Take it out, or write """ where the text begins.'
NO_END = "The text on this line does not end."
EMPTY = "There is nothing after the “=”."
NO_MARKS = 'Write a quotation mark (") before and after the text on this line.'
MORE = "There is more on this line after the end of its text or number."
NOT_READ = 'This line is not read. Write it like title = "Hello";'
BRACKETS = "Close the brackets on this line, like [[material]]."


def said(text: str) -> str:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    fault = toml_fault(text, caught.value)
    return f"{fault.line}: {fault}"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ('a = 1\ntitle = "Hello\nb = 2\n', f"2: {NO_END}"),
        ('title = "We say “no”\n', f"1: {NO_END}"),
        ("title = Hello\n", f"1: {NO_MARKS}"),
        ('title = Hello"\n', f"1: {NO_MARKS}"),
        ("title =\n", f"1: {EMPTY}"),
        ("title =", f"1: {EMPTY}"),
        ("title = “Hello”\n", f"1: {CURLY}"),
        ("title = ‘Hello’\n", f"1: {CURLY}"),
        ('title = "Hello”\n', f"1: {CURLY}"),
        ('title = “Hello"\n', f"1: {CURLY}"),
        ('title = "He said "no" to me"\n', f"1: {MORE}"),
        ("duration = 3 minutes\n", f"1: {MORE}"),
        ("duration = 312,5\n", "1: Write the number with a point, like 312.5."),
        ('title: "Hello"\n', f"1: {NOT_READ}"),
        ("Hello and welcome.\n", f"1: {NOT_READ}"),
        ("“Hello” and welcome.\n", f"1: {NOT_READ}"),
        ('a = 1\n\na = "two"\n', "3: This is written twice. Keep one."),
        ("[a]\n[a]\n", "2: This is written twice. Keep one."),
        ("[[material]]\n[[material]\n", f"2: {BRACKETS}"),
        ("[material\n", f"1: {BRACKETS}"),
        ("practice = [1,", f"1: {BRACKETS}"),
        ('title = "a\\y"\n', "1: A \\ is not read in a text. Take it out, or write it twice."),
    ],
)
def test_mistake_on_a_line_is_said_in_plain_words(text: str, begins: str) -> None:
    assert said(text).startswith(begins)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('a = 1\nb = """\nOne.\n\nTwo.\n', f"2: {NOT_CLOSED}"),
        ('a = 1\nb = """\nOne.\n""\nc = 2\n', f"2: {NOT_CLOSED}"),
        ('a = """\nOne.\n\nb = """\nTwo.\n"""\n', f"1: {NOT_CLOSED}"),
        ('a = """\nOne.\n"""\n\nb = """Two.\n', f"5: {NOT_CLOSED}"),
        ('a = """\nOne.\n"""\n"""\nb = 2\n', f"4: {NOT_OPENED}"),
        ('a = """One."""\nb = 1\n"""\n', f"3: {NOT_OPENED}"),
        ('# not """ this\na = """\nOne.\n', f"2: {NOT_CLOSED}"),
    ],
)
def test_text_over_several_lines_is_followed_to_the_mark_that_is_missing(
    text: str, sentence: str
) -> None:
    assert said(text) == sentence


def test_fault_above_a_torn_text_is_said_first() -> None:
    assert said('a = “x”\nb = """\nOne.\n') == f"1: {CURLY}"


def test_whole_text_over_several_lines_is_not_blamed() -> None:
    assert said('a = """\nb = 1\n"""\nc = “x”\n') == f"4: {CURLY}"


def test_rare_mistake_is_said_in_the_readers_own_words() -> None:
    assert said("a = 'x\n") == '1: This cannot be read as TOML: expected "\'".'
