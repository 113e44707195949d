"""Scripts are read as their authors meant them."""

from pathlib import Path

import pytest

from content.build.script import Chapter, Paragraph, Pause, Point, Say, Slide, read_script

SLIDE = "> ### Threat\n> - danger\n"


@pytest.fixture
def write(tmp_path: Path):
    (tmp_path / "threat.svg").write_text("<svg/>", "utf-8")

    def write_script(text: str) -> Path:
        path = tmp_path / "exercise.md"
        path.write_text(text, "utf-8")
        return path

    return write_script


def test_sentences_and_pauses_keep_their_order(write) -> None:
    script = read_script(write("Sit down. Breathe in. [pause 8s]\nAnd out. [pause 2.5s]\n"))

    assert script.blocks == [
        Paragraph((Say("Sit down."), Say("Breathe in."), Pause(8), Say("And out."), Pause(2.5)))
    ]


def test_sentence_may_run_over_lines(write) -> None:
    script = read_script(write("Breathe in,\n  and let\nit go. And\nagain.\n"))

    assert script.blocks == [Paragraph((Say("Breathe in, and let it go."), Say("And again.")))]


def test_slide_knows_its_title_line_points_and_picture(write) -> None:
    path = write(
        "> ### Threat\n> looks out\n> and about\n> - for danger\n>\n"
        "> ![A circle](threat.svg)\n\nFear [point] is quick.\n"
    )

    script = read_script(path)

    assert script.blocks[0] == Slide(
        "Threat", "looks out and about", ("for danger",), path.parent / "threat.svg", "A circle"
    )
    assert script.pictures == [path.parent / "threat.svg"]


def test_chapter_and_point_are_marks_and_not_spoken(write) -> None:
    script = read_script(write(f"## Hello\n\n{SLIDE}\nWelcome. [point] Sit down.\n"))

    assert script.blocks == [
        Chapter("Hello"),
        Slide("Threat", points=("danger",)),
        Paragraph((Say("Welcome."), Point(), Say("Sit down."))),
    ]


def test_parts_need_no_empty_line_between_them(write) -> None:
    apart = read_script(write(f"## Hello\n\n{SLIDE}\nWelcome. [point] Sit.\n\n## End\n\nBye.\n"))
    close = read_script(write(f"## Hello\n{SLIDE}Welcome. [point] Sit.\n## End\nBye.\n"))

    assert close == apart


def test_pronunciation_is_spoken_but_not_shown(write) -> None:
    (paragraph,) = read_script(write("[Live](/lˈɪv/) in the present.")).blocks

    assert isinstance(paragraph, Paragraph)
    assert paragraph.steps == (Say("[Live](/lˈɪv/) in the present."),)
    assert paragraph.shown == "Live in the present."


def test_silence_alone_shows_no_words(write) -> None:
    (paragraph,) = read_script(write("[pause 8s]\n")).blocks

    assert isinstance(paragraph, Paragraph)
    assert paragraph.shown == ""


def test_silence_between_two_points_lets_both_be_seen(write) -> None:
    path = write("> ### A\n> - one\n> - two\n\nNow: [point] [pause 5s] [point] and so on.\n")

    assert len(read_script(path).blocks) == 2


def test_invisible_mark_before_the_first_word_is_passed_over(write) -> None:
    assert read_script(write("\ufeff## Hello\n\nWords.\n")).blocks[0] == Chapter("Hello")


def test_sentences_are_counted_for_whoever_waits_for_them(write) -> None:
    script = read_script(write("## A\n\nOne. Two. [pause 1s] Three.\n\n[pause 1s]\n\nFour.\n"))

    assert [say.text for say in script.sentences] == ["One.", "Two.", "Three.", "Four."]
