"""Captions read as paragraphs: sentences that belong together, each with its time."""

from courses.uploads.words import paragraphs
from courses.webvtt import Cue


def test_one_sentence_over_several_captions_is_one_paragraph() -> None:
    cues = [Cue(0, 2, "Hello,\nand"), Cue(2, 4, "welcome  here."), Cue(4.5, 6, "Sit down.")]

    assert paragraphs(cues) == [{"at": 0, "text": "Hello, and welcome here. Sit down."}]


def test_silence_after_a_sentence_begins_a_new_one() -> None:
    cues = [Cue(0, 2, "Breathe in."), Cue(3.5, 5, "And out.")]

    assert paragraphs(cues) == [
        {"at": 0, "text": "Breathe in."},
        {"at": 3.5, "text": "And out."},
    ]


def test_silence_in_the_midst_of_a_sentence_does_not_part_it() -> None:
    cues = [Cue(0, 2, "Breathe in"), Cue(9, 10, "and out.")]

    assert paragraphs(cues) == [{"at": 0, "text": "Breathe in and out."}]


def test_long_talk_without_silence_is_parted_between_sentences() -> None:
    cues = [Cue(n, n + 1, "Words that go on and on, “as they do.”") for n in range(30)]

    found = paragraphs(cues)

    assert [each["at"] for each in found] == [0.0, 11.0, 22.0]
    assert all(each["text"].endswith("as they do.”") for each in found)


def test_without_captions_there_is_nothing_to_read() -> None:
    assert paragraphs([]) == []
