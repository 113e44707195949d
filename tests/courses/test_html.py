"""Authored text keeps its meaning and loses whatever runs, styles or leads astray."""

import pytest

from courses.html import Heading, first_level_headings, from_markdown, sanitised


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>One <strong>small</strong> step</p>", "<p>One <strong>small</strong> step</p>"),
        ("<p onclick=go() style=color:red class=x>Hi</p>", "<p>Hi</p>"),
        ("<script>alert(1)</script><p>Hi</p>", "<p>Hi</p>"),
        ("<style>p{}</style><p>Hi</p>", "<p>Hi</p>"),
        ("<img src=x onerror=alert(1)>Hi", "Hi"),
        ('<a href="javascript:alert(1)">Hi <em>you</em></a>', "Hi <em>you</em>"),
        (
            '<a href="javascript:x"><abbr title="</a>">Hi</abbr></a>',
            '<abbr title="&lt;/a&gt;">Hi</abbr>',
        ),
        (
            '<a href="https://example.org/" target="_blank">Hi</a>',
            '<a href="https://example.org/" rel="noopener noreferrer">Hi</a>',
        ),
        ("<h1>Hi</h1><h2>There</h2>", "Hi<h2>There</h2>"),
        ("<iframe src=//example.org></iframe>", ""),
    ],
)
def test_only_what_is_on_the_list_stays(given: str, kept: str) -> None:
    assert sanitised(given) == kept


def test_markdown_becomes_html() -> None:
    assert from_markdown("## A *friend*\n\n- one\n- two\n") == (
        "<h2>A <em>friend</em></h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    )


def test_headings_are_shifted_at_most_to_the_sixth_level() -> None:
    assert from_markdown("# A\n\n###### B", shift=1) == "<h2>A</h2>\n<h6>B</h6>"


def test_html_in_markdown_is_shown_as_typed() -> None:
    assert (
        from_markdown("<script>alert(1)</script>")
        == ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
        or from_markdown("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"
    )


def test_from_markdown_curls_quotes_but_not_those_in_code():
    assert from_markdown("""It's "fine". `it's`""") == "<p>It’s “fine”. <code>it's</code></p>"


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# Words *we* use\n\nText.", [Heading("Words we use", 1, 1)]),
        ("\n\n# It's `code` #\n# More", [Heading("It’s code", 3, 3), Heading("More", 4, 4)]),
        ("Words\n=====\n\nText.", [Heading("Words", 1, 2)]),
        ("#\n", [Heading("", 1, 1)]),
        ("## Deeper\n\n#hash\n\n```\n# A remark\n```", []),
        ("", []),
    ],
)
def test_first_level_headings_are_found_with_their_lines(
    text: str, headings: list[Heading]
) -> None:
    assert first_level_headings(text) == headings
