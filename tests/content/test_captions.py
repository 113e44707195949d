"""Captions are cut where a reader would cut them, and written as browsers read them."""

from pathlib import Path

import pytest

from content.build.captions import Cue, caption_cues, split_into_cues, write_vtt


def test_short_sentence_is_one_caption_on_one_line() -> None:
    assert split_into_cues("Let your shoulders drop.") == ["Let your shoulders drop."]


def test_longer_sentence_breaks_into_two_lines_at_a_comma() -> None:
    assert split_into_cues(
        "Sit or stand in a way that feels steady, and let your face soften."
    ) == ["Sit or stand in a way that feels steady,\nand let your face soften."]


def test_long_sentence_takes_turns_and_loses_no_word() -> None:
    sentence = (
        "Perhaps they made a mistake at work, or shouted at the children, or could not get out of "
        "bed, or heard some news that turned the whole of their week upside down."
    )

    parts = split_into_cues(sentence)

    assert " ".join(parts).split() == sentence.split()
    assert max(len(line) for part in parts for line in part.split("\n")) <= 42
    assert max(part.count("\n") for part in parts) <= 1


def test_captions_of_a_sentence_share_its_time_without_a_gap() -> None:
    first, second = caption_cues("word " * 19 + "word", start=10, end=20)

    assert first.start == 10
    assert first.end == second.start == pytest.approx(15, abs=0.5)
    assert second.end == pytest.approx(20)


def test_cues_are_written_as_webvtt(tmp_path: Path) -> None:
    write_vtt(tmp_path / "a.vtt", [Cue(0, 1.5, "One."), Cue(3661.25, 3662, "Two,\nlines.")])

    assert (tmp_path / "a.vtt").read_text("utf-8") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nOne.\n\n"
        "01:01:01.250 --> 01:01:02.000\nTwo,\nlines.\n"
    )
