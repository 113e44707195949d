"""Bytes that say, when they are read back, just what was to be said."""

from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import mime

HEADERS = {
    "From": "Weekly session <us@example.org>",
    "To": "ann@example.org",
    "Date": "Thu, 08 Jan 2026 19:00:30 +0000",
    "Subject": "Your Thursday session",
}
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"),
    max_size=400,
)


def parsed(text: str = "a\n", html: str = "<p>b</p>\n", **headers: str):
    return message_from_bytes(
        mime.message({**HEADERS, **headers}, text=text, html=html), policy=default
    )


def read_back(text: str) -> str:
    part = parsed(text).get_body(preferencelist=("plain",))
    # The line end before the boundary belongs to the boundary.
    return part.get_content().replace("\r\n", "\n")


@given(TEXTS)
def test_any_words_are_read_back_as_they_were(text: str) -> None:
    assert read_back(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "trailing space \nand tab\t\n",
        ".\n..\n.a\n",
        "--=_alternative--\n",
        "From here\n",
        "=3D =\n",
        "“Grüße” – 🌱" * 40,
        "x" * 5000,
        "",
    ],
)
def test_words_that_look_like_something_else_stay_words(text: str) -> None:
    assert read_back(text) == text


@given(TEXTS)
def test_every_line_is_short_and_of_seven_bits(text: str) -> None:
    data = mime.message(HEADERS, text=text, html=text)
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert all(len(line) <= 76 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_subject_and_name_are_read_back_whole(name: str) -> None:
    assert parsed(Subject=name)["Subject"] == name


@pytest.mark.parametrize("name", ["Date", "Message-ID", "List-Unsubscribe", "To", "Subject"])
def test_a_line_break_in_a_header_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="line"):
        parsed(**{name: "a\r\nBcc: everyone@example.org"})


def test_an_address_in_quotes_is_still_an_address() -> None:
    address = '"ann smith"@example.org'
    assert parsed(To=address)["To"].addresses[0].addr_spec == address
