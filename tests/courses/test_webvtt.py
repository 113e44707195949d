"""Timed text is read as browsers read it, and written so that they can."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import webvtt
from courses.models import Material
from courses.webvtt import CaptionsError, Cue


def test_cues_are_read_with_names_settings_notes_and_tags() -> None:
    text = (
        "\ufeffWEBVTT - Week one\nKind: captions\n\nNOTE\nNot shown.\n\nSTYLE\n::cue {}\n\n"
        "first\n00:01.000 --> 00:02.500 align:start\n<v Ann>Bread &amp; <i>butter</i>\nagain\n\n"
        "01:00:00.000 --> 01:00:01.000\nLast.\n"
    )

    assert webvtt.parse(text) == [
        Cue(1.0, 2.5, "Bread & butter\nagain"),
        Cue(3600.0, 3601.0, "Last."),
    ]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "The file must begin with the word WEBVTT."),
        ("WEBVTTX\n", 1, "The file must begin with the word WEBVTT."),
        ("WEBVTT\n", 1, "There is no timed text in the file."),
        (
            "WEBVTT\n\n00:99.000 --> 01:00.000\nA\n",
            3,
            "Write the times like this: 00:00:01.000 --> 00:00:04.500",
        ),
        (
            "WEBVTT\n\n00:02.000 --> 00:03.000\nA\n\n00:01.000 --> 00:03.000\nB\n",
            6,
            "This begins before the one above it.",
        ),
        (
            "WEBVTT\n\n00:02.000 --> 00:03.000\n&#" + "9" * 5000 + ";\n",
            3,
            "There is a number here that is no character.",
        ),
        ("WEBVTT\n\nname\n00:02.000 --> 00:02.000\nA\n", 4, "This ends before it begins."),
        (
            "WEBVTT\n00:01.000 --> 00:02.000\nA\n\n00:02.000 --> 00:03.000\nB\n",
            2,
            "Leave a line empty above the first times.",
        ),
        *(
            (
                f"WEBVTT\n\n00:01.000 --> {end}\nA\n",
                3,
                "Write the times like this: 00:00:01.000 --> 00:00:04.500",
            )
            for end in (f"{'9' * 400}:00:02.000", f"{'9' * 5000}:00:02.000", "00:0٢.000")
        ),
    ],
)
def test_fault_is_named_with_its_line(text: str, line: int, sentence: str) -> None:
    with pytest.raises(CaptionsError) as caught:
        webvtt.parse(text)

    assert (caught.value.line, caught.value.sentence) == (line, sentence)


def test_name_of_a_cue_may_begin_like_a_note() -> None:
    assert webvtt.parse("WEBVTT\n\nNOTES-1\n00:01.000 --> 00:02.000\nA\n") == [Cue(1.0, 2.0, "A")]


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20
)
_cues = st.lists(
    st.tuples(
        st.integers(0, 10**7), st.integers(1, 10**5), st.lists(_words, min_size=1, max_size=3)
    ),
    min_size=1,
    max_size=5,
).map(
    lambda rows: [
        Cue(start / 1000, (start + length) / 1000, "\n".join(lines))
        for start, length, lines in sorted(rows)
    ]
)


@given(_cues)
def test_what_is_written_is_read_back_the_same(cues: list[Cue]) -> None:
    assert webvtt.parse(webvtt.write(cues)) == cues


def test_chapters_last_until_the_next_and_the_last_to_the_end() -> None:
    material = Material(
        duration=90.0, chapters=[{"at": 0, "title": "A <b>"}, {"at": 60.5, "title": "B"}]
    )

    assert webvtt.chapters(material) == (
        "WEBVTT\n\n00:00:00.000 --> 00:01:00.500\nA &lt;b&gt;\n\n00:01:00.500 --> 00:01:30.000\nB\n"
    )


def test_material_without_chapters_has_an_empty_track() -> None:
    assert webvtt.chapters(Material(duration=90.0)) == "WEBVTT\n"


def test_tags_opened_and_never_closed_take_no_longer_than_words() -> None:
    begun = time.process_time()

    (cue,) = webvtt.parse("WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n" + "<" * 100_000)

    assert len(cue.text) == 100_000
    assert time.process_time() - begun < 1
