"""WebM, MP3, Ogg, pictures and captions: known by their bytes, measured, or refused."""

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.inspection import (
    Inspected,
    NotMeasurable,
    OfUnknownLength,
    Refused,
    inspect,
    kind_of,
)
from courses.inspection.captions import check_end, clock_time, read
from courses.inspection.limits import CAPTIONS, MEDIA_LIMIT
from courses.loading.attached import MEDIA, PICTURES, TIMED_TEXT
from tests.courses_files import media
from tests.factories.courses import FILES


def inspected(content: bytes) -> Inspected:
    return inspect(io.BytesIO(content))


WHOLE = {
    "webm": media.webm(1800),
    "webm as a stream with its length": media.webm(3, is_open=True),
    "mp3": media.mp3(),
    "mp3 with tags": media.mp3(tag=media.id3(b"\xff\xfb" * 90), after=b"TAG" + bytes(125)),
    "mp3 with room behind its tag": media.mp3(tag=media.id3(b"words") + bytes(1000)),
    "ogg": media.ogg(),
}


@pytest.mark.parametrize(
    ("name", "suffix", "seconds"),
    [
        ("webm", ".webm", 1800.0),
        ("webm as a stream with its length", ".webm", 3.0),
        ("mp3", ".mp3", pytest.approx(115 * media.MP3_SECONDS)),
        ("mp3 with tags", ".mp3", pytest.approx(115 * media.MP3_SECONDS)),
        ("mp3 with room behind its tag", ".mp3", pytest.approx(115 * media.MP3_SECONDS)),
        ("ogg", ".ogg", 3.0),
    ],
)
def test_medium_is_measured(name: str, suffix: str, seconds: float) -> None:
    assert inspected(WHOLE[name]) == Inspected(suffix, seconds)


def test_vorbis_counts_by_its_own_clock() -> None:
    head = b"\1vorbis" + bytes(5) + (44_100).to_bytes(4, "little")

    found = inspected(media.ogg((44_100 * 2 - 312) / 48_000, head=head))

    assert found == Inspected(".ogg", 2.0)


@pytest.mark.parametrize("name", WHOLE)
def test_medium_that_was_cut_off_is_refused(name: str) -> None:
    content = WHOLE[name]
    if name == "webm as a stream with its length":
        content = content[: content.index(b"pictures") - 4]
    elif name.startswith("mp3"):
        content = content[: content.index(media.MP3_FRAME) + 500]
    else:
        content = content[:-3]

    with pytest.raises(NotMeasurable, match="cut off or damaged"):
        inspected(content)


def test_mp3_with_something_else_in_its_midst_is_refused() -> None:
    with pytest.raises(NotMeasurable):
        inspected(media.mp3(after=b"x" * 70_000))


@pytest.mark.parametrize("seconds", [None, 0.0, float("nan"), float("inf"), 1e6, 1e305, -1.0])
def test_webm_that_does_not_know_its_length_is_refused(seconds: float | None) -> None:
    with pytest.raises(OfUnknownLength):
        inspected(media.webm(seconds))


@pytest.mark.parametrize("scale", [b"\0\0\0", b"\0\0\1"])
def test_webm_whose_clock_does_not_move_is_refused(scale: bytes) -> None:
    with pytest.raises(OfUnknownLength):
        inspected(media.webm(1e-320).replace((1_000_000).to_bytes(3, "big"), scale))


def test_vorbis_whose_clock_does_not_move_is_refused() -> None:
    with pytest.raises(NotMeasurable):
        inspected(media.ogg(head=b"\1vorbis" + bytes(9)))


def test_sound_of_longer_than_anybody_lives_is_refused() -> None:
    head = b"\1vorbis" + bytes(5) + (1).to_bytes(4, "little")

    with pytest.raises(OfUnknownLength):
        inspected(media.ogg(1000, head=head))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (media.webm(doctype="matroska"), "a Matroska film"),
        (media.webm(codecs=["V_MPEGH/ISO/HEVC"]), "in the form “V_MPEGH/ISO/HEVC”"),
        (media.webm(codecs=["A_OPUS"]), "no pictures in this WebM file"),
        (media.webm(codecs=[]), "cut off or damaged"),
        (media.webm(cluster=b""), "cut off or damaged"),
        (media.ogg(head=b"\x80theora" + bytes(20)), "in the form “theora”"),
        (media.ogg(0), "cut off or damaged"),
        (media.SVG, "An SVG can hold a program"),
        (b"  <svg onload='x()'/>", "An SVG can hold a program"),
        (media.PROGRAM, "none of the types"),
        (b"\x7fELF" + bytes(500), "none of the types"),
        (b"PK\3\4" + bytes(500), "none of the types"),
        (b"#!/bin/sh\nrm -r x\n", "none of the types"),
        (b"<html><script>", "none of the types"),
        (b"GIF89a" + bytes(500), "none of the types"),
        (b"", "This file is empty"),
    ],
)
def test_what_cannot_serve_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        inspected(content)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (media.png(), ".png"),
        ((FILES / "poster.jpg").read_bytes(), ".jpg"),
        ((Path("content/self-compassion/week-1/video.webp")).read_bytes(), ".webp"),
        (
            b"RIFF" + (26).to_bytes(4, "little") + b"WEBPVP8L" + bytes(4) + b"/\1\0\0\0" + bytes(9),
            ".webp",
        ),
        (b"RIFF" + (22).to_bytes(4, "little") + b"WEBPVP8X" + bytes(18), ".webp"),
    ],
    ids=["png", "jpeg", "webp", "lossless webp", "webp with more in it"],
)
def test_picture_is_known_by_its_bytes(content: bytes, suffix: str) -> None:
    assert inspected(content) == Inspected(suffix)


@pytest.mark.parametrize(
    "content",
    [
        media.png()[:-6],
        media.png(0, 5),
        (FILES / "poster.jpg").read_bytes()[:-2],
        b"\xff\xd8\xff\xd9",
        b"RIFF\xff\0\0\0WEBPVP8 ",
        b"RIFF" + (22).to_bytes(4, "little") + b"WEBPJUNK" + bytes(18),
    ],
    ids=["png", "png without width", "jpeg", "jpeg with nothing", "webp", "webp of no form"],
)
def test_picture_that_is_not_whole_is_refused(content: bytes) -> None:
    with pytest.raises(NotMeasurable):
        inspected(content)


def test_picture_that_would_fill_a_telephone_is_refused() -> None:
    with pytest.raises(Refused, match=r"8001 pixels wide or high. Save it with 8000 at most"):
        inspected(media.png(8001, 10))


@pytest.mark.parametrize("content", [media.vtt(), b"\xef\xbb\xbf" + media.vtt()])
def test_captions_are_known_by_their_first_word(content: bytes) -> None:
    assert inspected(content) == Inspected(".vtt")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"WEBVTT\n\n00:05 --> x\nHi\n", "Line 3: Write the times like this"),
        (b"WEBVTT\n\n\xff", "not text in UTF-8"),
        (
            b"WEBVTT\n\n00:00.000 --> 00:02.000\nHel\0lo\n",
            r"Line 4: There is a character here that is no text \(U\+0000\). Take it out.",
        ),
        (b"WEBVTT\n", "Line 1: There is no timed text"),
        (b"WEBVTT\n" + b"\n" * CAPTIONS, "larger than 1.0"),
    ],
)
def test_captions_that_cannot_be_read_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        inspected(content)


def test_captions_end_with_their_medium_or_a_moment_later() -> None:
    cues = read(media.vtt(end="00:30:00.100"))

    check_end(cues, 1800.0)
    with pytest.raises(Refused) as refused:
        check_end(cues, 1799.0)

    assert str(refused.value) == (
        "Line 3: these words end at 30:00, and the file that they belong to at 29:59. "
        "Choose the captions of this very file."
    )


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0:00"), (59.6, "1:00"), (1800, "30:00"), (3661, "1:01:01")]
)
def test_time_is_said_as_a_player_shows_it(seconds: float, said: str) -> None:
    assert clock_time(seconds) == said


def test_every_type_that_a_course_may_hold_has_its_limit() -> None:
    allowed = {*PICTURES, *TIMED_TEXT, *(each for kind in MEDIA.values() for each in kind)}

    assert MEDIA_LIMIT.keys() == allowed


def webm_of_codecs(count: int) -> bytes:
    """Three entries, each with so many names of two letters in it, beside a film."""
    entry = media.element(0xAE, b"\x86\x82AB" * count)
    whole = media.webm(cluster=b"")
    inside = media.element(0x1654AE6B, entry * 3) + media.element(0x1F43B675, b"pictures")
    at = whole.index(b"\x18\x53\x80\x67")
    return whole[:at] + media.element(0x18538067, whole[at + 12 :] + inside)


@pytest.mark.parametrize(
    "content",
    [
        webm_of_codecs(101_000),
        media.ogg_page(b"OpusHead" + bytes(9), time=0) + media.ogg_page(b"", time=9) * 150_000,
        media.id3(b"") * 2_000_000 + media.mp3(),
    ],
    ids=["webm", "ogg", "mp3"],
)
def test_file_of_too_many_parts_is_given_up(content: bytes) -> None:
    with pytest.raises(NotMeasurable):
        inspected(content)


def test_film_that_names_its_form_without_end_takes_no_more_memory() -> None:
    content = webm_of_codecs(20_000)

    tracemalloc.start()
    found = inspected(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == Inspected(".webm", 3.0)
    assert peak < 1_000_000


def test_picture_of_too_many_parts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.inspection.pictures._MOST_PARTS", 1)

    with pytest.raises(NotMeasurable):
        inspected(media.png())


def test_jpeg_may_be_filled_between_its_parts() -> None:
    whole = (FILES / "poster.jpg").read_bytes()

    assert inspected(whole[:2] + b"\xff\x01" + b"\xff" * 5 + whole[2:]) == Inspected(".jpg")


@given(
    st.sampled_from([*WHOLE.values(), media.png(), media.vtt(), media.mp4()]),
    st.integers(0, 200),
    st.binary(max_size=20),
)
def test_any_file_is_inspected_or_refused(content: bytes, at: int, other: bytes) -> None:
    spoilt = content[:at] + other + content[at + len(other) :]
    try:
        found = inspected(spoilt)
    except Refused:
        return

    assert found.suffix in MEDIA_LIMIT
    assert found.seconds is None or found.seconds > 0


@given(st.binary(max_size=64))
def test_anything_begins_like_something_or_nothing(head: bytes) -> None:
    kind = kind_of(head)

    assert kind is None or kind.is_begun_by(head)


HOLE = 2_000_000_000
FILMS = {
    ".mp4": media.mp4(1800, mdat=media.box("mdat", size=HOLE + 8)),
    ".webm": media.webm(1800, is_open=True, cluster=b"")
    + b"\x1f\x43\xb6\x75"
    + (HOLE | 1 << 56).to_bytes(8, "big"),
}


@pytest.mark.parametrize("suffix", FILMS)
def test_film_of_two_gigabytes_is_measured_in_little_memory(tmp_path: Path, suffix: str) -> None:
    """With a hole where the pictures would be, so that the disk has nothing to keep."""
    path = tmp_path / "film"
    with path.open("wb") as file:
        file.write(FILMS[suffix])
        file.truncate(file.tell() + HOLE)

    tracemalloc.start()
    with path.open("rb") as file:
        found = inspect(file)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == Inspected(suffix, 1800.0)
    assert peak < 1_000_000
