"""Whoever writes is told what cleaning takes out; what is kept is passed over in silence."""

import time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from courses.html import ATTRIBUTES, TAGS, sanitised
from courses.taken_out import taken_out
from tests.courses_admin.pages import address, messages, opened
from tests.factories.courses import draft_edition

LOOKS = "Colours, sizes and other looks were taken out: all pages look alike."
RUNS = "Something that would run on the page was taken out."
LINK = (
    "A link to “%s” was taken out; its words stayed. A link leads to a web page, an email address "
    "or a telephone number."
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<script>alert(1)</script><p>Hi</p>", ["A script was taken out."]),
        ('<p onclick="go()">Hi</p>', [RUNS]),
        ('<p onclick="go()" style="color:red">Hi</p>', [RUNS, LOOKS]),
        ('<a href="javascript:alert(1)">Hi</a>', [LINK % "javascript:alert(1)"]),
        ('<a href="java&#9;script:alert(1)">Hi</a>', [LINK % "java\tscript:alert(1)"]),
        ('<a href="data:text/html,x">Hi</a>', [LINK % "data:text/html,x"]),
        (
            '<img src="https://far.example/a.png" onerror="go()">',
            [
                "A picture was taken out (https://far.example/a.png). A text shows no pictures.",
                RUNS,
            ],
        ),
        ("<img>", ["A picture was taken out (without an address). A text shows no pictures."]),
        (
            '<iframe src="//far.example"></iframe>',
            ["Something from elsewhere to play or show was taken out (iframe)."],
        ),
        ("<form><input></form>", [
            "Something to fill in or to press was taken out (form).",
            "Something to fill in or to press was taken out (input).",
        ]),
        ("<style>p {}</style>", ["Rules for how the page looks were taken out: all pages look alike."]),
        ("<h1>Hi</h1>", ["A first-level heading became plain words: the page has its title there."]),
        ("<div><div>Hi</div></div>", [
            "Marks that a page does not keep were taken out (div). Their words stayed."
        ]),
        ("<p>Hi<!-- a note --></p>", ["A hidden remark was taken out."]),
    ],
)  # fmt: skip
def test_each_thing_that_goes_is_said(written: str, said: list[str]) -> None:
    assert taken_out(written) == said


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Plain words, 1 < 2 & 3",
        "<h2>A</h2><p>B <strong>c</strong><br></p><ul><li>d</li></ul>",
        '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener">x</a>',
        '<a href="mailto:a@example.org">x</a><a href="tel:+44">y</a><a href="/help/">z</a>',
        '<ol start="3"><li>x</li></ol><abbr title="x">y</abbr>',
    ],
)
def test_what_is_kept_is_not_spoken_of(written: str) -> None:
    assert taken_out(written) == []


_ATTRIBUTE = st.sampled_from(
    [
        "",
        ' onclick="x"',
        ' style="x"',
        ' class="x"',
        ' href="https://example.org/"',
        ' href="javascript:x"',
    ]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(TAGS | {"script", "img", "div", "h1", "iframe"})), _ATTRIBUTE
        )
    )
)
def test_nothing_goes_unsaid(pieces: list[tuple[str, str]]) -> None:
    """Where nothing is said to have gone, every mark and every attribute is there."""
    written = "".join(f"<{tag}{attribute}>words</{tag}>" for tag, attribute in pieces)
    if taken_out(written):
        return
    clean = sanitised(written)
    for tag, attribute in pieces:
        stands_in_tables_alone = tag in {"tr", "td", "th", "thead", "tbody", "caption"}
        leads_nowhere = tag == "a" and "href" not in attribute
        assert stands_in_tables_alone or leads_nowhere or f"<{tag}" in clean
        assert (
            "href" not in attribute
            or attribute.strip() in clean
            or "href" not in str(ATTRIBUTES.get(tag))
        )


def test_what_is_saved_is_clean_and_the_editor_is_told(editor: Client) -> None:
    handout = draft_edition(weeks=1).modules.get().materials.get(key="handout")
    written = (
        '<p onclick="x">Hi <a href="javascript:x">there</a></p><img src="https://far.example/x">'
    )

    page = editor.post(address(handout), {**opened(editor, handout), "body": written}, follow=True)

    handout.refresh_from_db()
    assert handout.body == "<p>Hi there</p>"
    assert messages(page)[:3] == [
        f"Text: {RUNS}",
        f"Text: {LINK % 'javascript:x'}",
        "Text: A picture was taken out (https://far.example/x). A text shows no pictures.",
    ]


def test_texts_beside_the_weeks_are_cleaned_with_a_word_too(editor: Client) -> None:
    edition = draft_edition(weeks=1)
    sent = opened(editor, edition)

    page = editor.post(
        address(edition), {**sent, "companions-0-body": "<p>Hi</p><script>x</script>"}, follow=True
    )

    assert edition.companions.get(kind="worries").body == "<p>Hi</p>"
    assert "Text: A script was taken out." in messages(page)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<a ",
            '<p a="',
            "<p a='",
            "<!--",
            "<!-- >",
            "</",
            "<",
            "<![",
            "<![x[",
            "<?",
            "<!x",
            "<p",
        ),
        *('<p a=">', "<p a='>\"", "<a href=", "<a =", "<p\t", "<script>", "<script></", "&", "<p/"),
    ],
)
@pytest.mark.parametrize("end", ["", ">", "-->"])
def test_what_is_never_closed_takes_no_longer_than_its_length(piece: str, end: str) -> None:
    began = time.process_time()

    taken_out(piece * (200_000 // len(piece)) + end)

    assert time.process_time() - began < 4


@pytest.mark.parametrize("written", ["<!-- for later", "<p>Hi</p><!-- x", "<!-- x --><!-- >y"])
def test_a_remark_that_goes_on_to_the_end_is_said(written: str) -> None:
    assert taken_out(written) == ["A hidden remark was taken out."]


@pytest.mark.parametrize("written", ["<![x[ y ]]><p>Hi</p>", "<![endif]><p>Hi</p>", "<![<p>Hi</p>"])
def test_sections_of_a_word_processor_break_nothing(written: str) -> None:
    assert taken_out(written) == []
