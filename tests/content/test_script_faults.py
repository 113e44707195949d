"""What is wrong in a script is said with its line; nothing meant as a mark is ever spoken."""

from pathlib import Path

import pytest

from content.build.script import ScriptError, read_script


def faults(folder: Path, text: str) -> list[tuple[int, str]]:
    (folder / "threat.svg").write_text("<svg/>", "utf-8")
    (folder / "threat.png").write_bytes(b"not drawn")
    (folder / "empty.svg").write_bytes(b"")
    (folder / "latin.svg").write_bytes("<svg>Ü</svg>".encode("latin-1"))
    path = folder / "video.md"
    path.write_text(text, "utf-8")
    with pytest.raises(ScriptError) as refused:
        read_script(path)
    return [tuple(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "mark", ["[pause 8]", "[pause eight seconds]", "[Pause 8s]", "[slide]", "[]"]
)
def test_mark_that_cannot_be_read_is_named_with_its_own_line(tmp_path: Path, mark: str) -> None:
    text = f"First words.\n\nMore words.\nAnd more. {mark} The end.\n"

    assert faults(tmp_path, text) == [(4, f"“{mark}” cannot be read. Write [pause 8s] or [point].")]


@pytest.mark.parametrize(
    "text", ["Rest. [pause 8s\n", "Rest. [pause\n8s now.\n", "Rest. [ [pause 8s]\n"]
)
def test_mark_that_is_not_closed_is_not_spoken(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text) == [
        (1, "There is a “[” here that no “]” closes on its line. Close it, or take it out.")
    ]


def test_mark_that_is_not_opened_is_not_spoken(tmp_path: Path) -> None:
    assert faults(tmp_path, "Rest. pause 8s]\n") == [
        (1, "There is a “]” here that no “[” opens on its line. Open it, or take it out.")
    ]


@pytest.mark.parametrize(
    "link", ["[Live](lˈɪv)", "[Live](/lˈɪv)", "[ ](/lˈɪv/)", "[here](https://example.org)"]
)
def test_link_is_not_spoken(tmp_path: Path, link: str) -> None:
    assert faults(tmp_path, f"{link} in the present.\n") == [
        (1, f"“{link}” cannot be read. Write a word and its sounds like this: [Live](/lˈɪv/).")
    ]


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("<!-- louder here --> Rest.", "<"),
        ("Rest, *and* rest.", "*"),
        ("Rest _now_.", "_"),
        ("Rest `now`.", "`"),
        ("Rest | rest.", "|"),
        ("Rest, # and rest.", "#"),
        ("Rest. (pause 1s) Rest.", "(pause 1s)"),
        ("Rest. ( Pause", "( Pause"),
        ("Rest. ［pause 1s］", "［"),
        ("- Rest.", "-"),
        ("+ Rest.", "+"),
        ("1. Rest.", "1."),
        ("2) Rest.", "2)"),
        ("---", "---"),
    ],
)
def test_sign_that_is_no_mark_is_not_spoken(tmp_path: Path, words: str, sign: str) -> None:
    assert faults(tmp_path, f"Sit down.\n{words}\n") == [
        (2, f"“{sign}” is not for the voice. Take it out, or write a mark like [pause 8s].")
    ]


@pytest.mark.parametrize("text", ["…", "– –", "!"])
def test_sentence_without_words_is_not_spoken(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, f"Rest.\nRest.\n{text}\n") == [
        (3, f"There are no words in “{text}”. Write some, or take it out.")
    ]


def test_word_that_fits_no_line_of_a_caption_is_named(tmp_path: Path) -> None:
    address = "https://www.example.org/some/long/path/to/it"

    assert faults(tmp_path, f"Rest.\nLook at\n{address} now.\n") == [
        (
            2,
            f"“{address}” is longer than a line of a caption (42). Say it in shorter words.",
        )
    ]


@pytest.mark.parametrize("seconds", ["0", "0.4", "120.5", "900"])
def test_pause_has_to_be_one(tmp_path: Path, seconds: str) -> None:
    assert faults(tmp_path, f"Rest.\n[pause {seconds}s]\n") == [
        (2, f"A pause of {seconds} s: write between 0.5 and 120 seconds.")
    ]


@pytest.mark.parametrize(
    "heading", ["# Title", "### Title", "#### Title", "##", "##Title", "## A [point]"]
)
def test_heading_that_is_no_chapter_is_not_spoken(tmp_path: Path, heading: str) -> None:
    assert faults(tmp_path, f"Words.\n{heading}\nWords.\n") == [
        (2, f"“{heading}” cannot be read. A chapter begins with ## and its title alone.")
    ]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("> no title", (1, "This slide has no title. Begin it with > ### and its title.")),
        (">", (1, "This slide has no title. Begin it with > ### and its title.")),
        ("> ## A", (1, "“## A” cannot be read on a slide. Begin it with > ### and its title.")),
        (
            "> ### A\n> #### B",
            (2, "“#### B” cannot be read on a slide. Begin it with > ### and its title."),
        ),
        (
            "> ### A\n> [pause 3s]",
            (2, "“[pause 3s]” is not read on a slide. Put it among the spoken words."),
        ),
        (
            "> ### A [point]",
            (1, "“[point]” is not read on a slide. Put it among the spoken words."),
        ),
        ("> ### A]", (1, "“]” is not read on a slide. Put it among the spoken words.")),
        (
            "> ### A [pause 3s",
            (1, "“[pause 3s” is not read on a slide. Put it among the spoken words."),
        ),
        (
            "> ### [Live](/lˈɪv/)",
            (1, "“[Live](/lˈɪv/)” is not read on a slide. Put it among the spoken words."),
        ),
        (
            "> ### A\n> ### B",
            (2, "A slide has one title and one picture. Leave a line empty before the next slide."),
        ),
        (
            "> ### A\n> ![a](threat.svg)\n> ![b](threat.svg)",
            (3, "A slide has one title and one picture. Leave a line empty before the next slide."),
        ),
        (
            "> ### A\n> ![a] (threat.svg)",
            (
                2,
                "“![a] (threat.svg)” cannot be read. Write ![what it shows](../figures/picture.svg).",
            ),
        ),
        (
            "> ### A\n> ![a](tree.svg)",
            (2, "There is no picture “tree.svg”. Draw it, or name another."),
        ),
        (
            f"> ### A\n> ![a]({'t' * 300}.svg)",
            (2, f"There is no picture “{'t' * 300}.svg”. Draw it, or name another."),
        ),
        (
            "> ### A\n> ![a](../../tree.svg)",
            (2, "“../../tree.svg” lies outside the course folder. Copy it in."),
        ),
        *(
            (
                f"> ### A\n> ![a]({name}.svg)",
                (2, f"“{name}.svg” cannot be read as a drawing. Save it as SVG, in UTF-8."),
            )
            for name in ("empty", "latin")
        ),
        ("> ### A\n> ![a](threat.png)", (2, "“threat.png” is no drawing. Slides show .svg files.")),
    ],
)
def test_line_of_a_slide_that_cannot_be_read_is_not_drawn(
    tmp_path: Path, lines: str, fault: tuple[int, str]
) -> None:
    assert faults(tmp_path, f"{lines}\n\nWords.\n") == [fault]


@pytest.mark.parametrize(
    ("points", "words", "said"),
    [
        (
            "",
            "Now. [point] One.",
            "This slide has 0 points, and 1 [point] mark after it. Make them as many.",
        ),
        (
            "> - one\n",
            "Now.",
            "This slide has 1 point, and 0 [point] marks after it. Make them as many.",
        ),
        (
            "> - one\n",
            "Now. [point] One. [point] Two.",
            "This slide has 1 point, and 2 [point] marks after it. Make them as many.",
        ),
    ],
)
def test_points_and_their_marks_are_as_many(
    tmp_path: Path, points: str, words: str, said: str
) -> None:
    text = f"> ### A\n{points}\n{words}\n\n> ### B\n\nThe end.\n"

    assert faults(tmp_path, text) == [(1, said)]


def test_point_needs_a_slide(tmp_path: Path) -> None:
    assert faults(tmp_path, "Now.\n[point] One.\n") == [
        (2, "There is no slide for this [point]. Put one above it, or take the mark out.")
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("> ### A\n\n> ### B\n\nWords.\n", 3),
        ("> ### A\n\n## B\n\n> ### C\n\nWords.\n", 5),
        ("> ### A\n> - one\n\n[point] Words.\n", 4),
        ("> ### A\n> - one\n> - two\n\nNow: [point]\n[point] words.\n", 6),
    ],
)
def test_view_without_words_would_never_be_seen(tmp_path: Path, text: str, line: int) -> None:
    assert faults(tmp_path, text) == [
        (
            line,
            "There are no words between this and the slide or point before it, so nobody would "
            "see that. Put words or a pause between them.",
        )
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("## A\n\n## B\n\nWords.\n", 1),
        ("Words.\n\n## A\n", 3),
        ("## A\n\n[pause 5s]\n\n## B\n\nWords.\n", 1),
    ],
)
def test_chapter_without_words_would_last_no_time(tmp_path: Path, text: str, line: int) -> None:
    assert faults(tmp_path, text) == [
        (line, "There are no words in this chapter. Write some, or take its heading out.")
    ]


def test_mistyped_point_is_said_once(tmp_path: Path) -> None:
    assert faults(tmp_path, "> ### A\n> - one\n\nNow. [pont] One.\n") == [
        (4, "“[pont]” cannot be read. Write [pause 8s] or [point].")
    ]


def test_every_fault_is_said_in_the_order_of_lines(tmp_path: Path) -> None:
    text = "# A\n\n> ### B\n> ![b](none.svg)\n> [point]\n\nRest. [pause 0s] Rest. [pause]\n"

    assert [line for line, _ in faults(tmp_path, text)] == [1, 4, 5, 7, 7]


def test_message_names_the_file_on_each_line(tmp_path: Path) -> None:
    path = tmp_path / "video.md"
    path.write_text("# A\n\n[pause]\n", "utf-8")

    with pytest.raises(ScriptError) as refused:
        read_script(path)

    assert str(refused.value) == (
        f"{path}, line 1: “# A” cannot be read. A chapter begins with ## and its title alone.\n"
        f"{path}, line 3: “[pause]” cannot be read. Write [pause 8s] or [point]."
    )
