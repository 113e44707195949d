"""HTML to Markdown: read again, it is the same text; or there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.html import from_markdown, sanitised
from courses.html_tree import canonical
from courses.travel.markdown import as_text, to_markdown

WORDS = st.text(alphabet="ab1 .*_-+#>`~[](){}!\"'&;<=|\\/:\n\t\xa0é’“", max_size=12)
ATTRIBUTES = {
    "a": ['href="https://example.org/a(b)?c=d&amp;e"', 'href="mailto:a@b.org"', ""],
    "abbr": ['title="A &quot;b&quot;"'],
    "th": ['scope="col"', ""],
    "ol": ['start="3"', ""],
}
INLINE = ["a", "abbr", "b", "cite", "code", "em", "i", "q", "strong", "sub", "sup"]
BLOCKS = [
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"),
]
SAYABLE = ["p", "h2", "ul", "ol", "blockquote"]


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@st.composite
def element(draw: st.DrawFn, names: list[str], inside: st.SearchStrategy[str]) -> str:
    name = draw(st.sampled_from(names))
    attributes = draw(st.sampled_from(ATTRIBUTES.get(name, [""])))
    return f"<{name} {attributes}>{draw(inside)}</{name}>"


def several(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(parts, max_size=4).map("".join)


LINE = st.recursive(
    WORDS.map(escaped) | st.just("<br>"), lambda inside: element(INLINE, several(inside))
)
TEXT = several(
    st.recursive(
        several(LINE) | st.just("<hr>"), lambda inside: element([*BLOCKS, *INLINE], several(inside))
    )
).map(sanitised)


@settings(max_examples=500, deadline=None)
@given(TEXT)
def test_markdown_of_any_text_reads_as_the_same(html: str) -> None:
    text = to_markdown(html)

    assert text is None or canonical(from_markdown(text)) == canonical(html)


@settings(max_examples=500, deadline=None)
@given(TEXT)
def test_same_text_is_the_same_however_often_it_is_cleaned(html: str) -> None:
    assert sanitised(html) == html


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab1. *_-+#>`~[]()!\"'&;<=|\\/:é’“", min_size=1).map(str.strip))
def test_any_words_are_shown_as_they_are(words: str) -> None:
    html = f"<p>{escaped(words)}</p>"

    assert not words or canonical(from_markdown(as_text(words))) == canonical(html)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SAYABLE), min_size=1), st.data())
def test_plain_blocks_always_have_their_markdown(names: list[str], data: st.DataObject) -> None:
    """No two lists in a row, which Markdown would make one."""
    plain = st.text(alphabet="ab *_#\"'&.1-", min_size=1).map(lambda text: f"x{escaped(text)}x")
    blocks = []
    for name in names:
        words = data.draw(plain)
        inside = {"ul": f"<li>{words}</li>", "ol": f"<li>{words}</li><li>{words}</li>"}
        if name in inside and blocks and blocks[-1].startswith(("<ul", "<ol")):
            continue
        if name == "blockquote" and blocks and blocks[-1].startswith("<blockquote"):
            continue
        inner = f"<p>{words}</p>" if name == "blockquote" else inside.get(name, words)
        blocks.append(f"<{name}>{inner}</{name}>")

    assert to_markdown("".join(blocks)) is not None


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>A <i>friend</i></h2><p>One<br>two</p>", "## A *friend*\n\nOne\\\ntwo"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
        ("<blockquote><p>a</p><ul><li>b</li></ul></blockquote>", "> a\n>\n> - b"),
        ("<p><strong>a <em>b</em></strong>.</p>", "**a _b_**."),
        ('<p><a href="https://a.org/b">c</a></p>', "[c](https://a.org/b)"),
        ("<p>it's 2 &lt; 3</p>", "it\\'s 2 \\< 3"),
        ("<pre><code>a\n  b\n</code></pre>", "```\na\n  b\n```"),
        ("<hr>", "---"),
        ("", ""),
    ],
)
def test_markdown_is_as_one_would_write_it(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "html",
    [
        "<p>H<sub>2</sub>O</p>",
        "<table><tbody><tr><td>a</td></tr></tbody></table>",
        "words without a paragraph",
        '<ol start="x"><li>a</li></ol>',
        "<p><a>nowhere</a></p>",
        "<ul><li><p>a</p></li></ul>",
    ],
)
def test_what_markdown_cannot_say_has_none(html: str) -> None:
    assert to_markdown(html) is None


def test_text_of_absurd_depth_is_read_all_the_same() -> None:
    html = sanitised("<blockquote>" * 3000 + "x")

    assert to_markdown(html) is None
    assert canonical(html).count("x") == 1
