"""How long a film or a sound lasts is read from the file itself; a broken file is not waited for."""

import io
import math
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.inspection import Inspected, NotMeasurable, OfUnknownLength, Refused, inspect
from courses.inspection.mp4 import seconds_of
from courses.inspection.parts import Whole
from tests.courses_files.media import SOUND, box, header, large_box, mp4, track
from tests.factories.courses import FILES

SIZES = (b"\0\0\0\0", b"\0\0\0\1", b"\0\0\0\7", b"\0\0\0\x10", b"\0\0\0\x20", b"\xff\xff\xff\xff")


def inspected(content: bytes) -> Inspected:
    return inspect(io.BytesIO(content))


def seconds(content: bytes) -> float:
    return seconds_of(Whole.of(io.BytesIO(content)))


def moov(said: bytes) -> bytes:
    return box("moov", said)


@pytest.mark.parametrize(
    ("name", "lasts"), [("video.mp4", 3.0), ("exercise.m4a", 4.0), ("exercise-short.m4a", 2.0)]
)
def test_real_medium_is_measured(name: str, lasts: float) -> None:
    with (FILES / name).open("rb") as file:
        found = inspect(file)

    assert (found.suffix, found.seconds) == (Path(name).suffix, pytest.approx(lasts, abs=0.01))


def test_film_and_sound_are_told_apart_by_what_is_in_them() -> None:
    assert inspected(mp4(1800)) == Inspected(".mp4", 1800.0)
    assert inspected(mp4(90, tracks=SOUND, brand="mp42")) == Inspected(".m4a", 90.0)


@pytest.mark.parametrize(
    "content",
    [
        moov(header(5)) + box("mdat", b"sound"),
        box("mdat", b"sound") + moov(header(5)),
        moov(header(5, version=1, timescale=90_000)),
        large_box("mdat", b"sound") + moov(header(5)),
        moov(header(5)) + box("mdat", b"sound", size=0),
        moov(header(0) + box("mvex", box("mehd", struct.pack(">4xI", 5000)))),
        moov(header(0) + box("mvex", box("mehd", b"\1" + struct.pack(">3xQ", 5000)))),
    ],
    ids=[
        *("front", "back", "64-bit times", "64-bit size", "last box without an end"),
        *("in pieces", "in pieces with 64 bits"),
    ],
)
def test_every_lawful_form_is_measured(content: bytes) -> None:
    assert seconds(content) == 5.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        box("ftyp", b"isom"),
        box("mdat", b"", size=0) + moov(header(5)),
        box("mdat", b"", size=7) + moov(header(5)),
        struct.pack(">I4sQ", 1, b"mdat", 15) + moov(header(5)),
        struct.pack(">I4s", 1, b"mdat"),
        moov(header(5)) + box("mdat", b"sound", size=1000),
        moov(header(5))[:40],
        box("moov", b""),
        moov(box("mvhd", b"\0\0\0\0")),
        moov(box("mvhd", b"")),
        moov(header(0)),
        moov(header(5, timescale=0)),
    ],
    ids=[
        *("empty", "text", "no header", "first box without an end", "box smaller than its head"),
        *("64-bit size too small", "64-bit size cut off", "end cut off", "header cut off"),
        *("header without times", "times cut off", "times empty", "no seconds", "no timescale"),
    ],
)
def test_broken_medium_is_not_measurable(content: bytes) -> None:
    with pytest.raises(NotMeasurable):
        seconds(content)


@pytest.mark.parametrize(
    "content",
    [
        mp4(mdat=b""),
        mp4(mdat=box("mdat", b"")),
        mp4(tracks=[]),
        mp4(tracks=[("text", "tx3g")]),
        mp4()[:-4],
        mp4(more=box("trak", box("mdia"))),
    ],
    ids=["no content", "empty content", "no track", "words alone", "cut off", "empty track"],
)
def test_file_with_nothing_to_play_is_refused(content: bytes) -> None:
    with pytest.raises(NotMeasurable, match="cut off or damaged"):
        inspected(content)


@pytest.mark.parametrize(
    "content",
    [
        mp4(mvhd=box("mvhd", b"\0" * 12 + struct.pack(">II", 1000, 2**32 - 1) + bytes(80))),
        mp4(mvhd=box("mvhd", b"\1" + b"\0" * 19 + struct.pack(">IQ", 1, 2**64 - 1) + bytes(80))),
        mp4(mvhd=header(0), more=box("mvex", box("trex"))),
        mp4(mvhd=header(0), more=box("mvex", box("mehd", bytes(8)))),
    ],
    ids=["32 bits", "64 bits", "in pieces", "in pieces that say nothing"],
)
def test_medium_that_does_not_know_its_length_is_told_from_a_broken_one(content: bytes) -> None:
    with pytest.raises(OfUnknownLength, match="does not say how long it lasts"):
        inspected(content)


@pytest.mark.parametrize(
    ("tracks", "codec"),
    [
        ([("vide", "hvc1"), ("soun", "mp4a")], "hvc1"),
        ([("vide", "avc1"), ("soun", "ac-3")], "ac-3"),
        ([("vide", "mp4v")], "mp4v"),
    ],
)
def test_form_that_many_browsers_cannot_play_is_refused(
    tracks: list[tuple[str, str]], codec: str
) -> None:
    with pytest.raises(Refused, match=f"in the form “{codec}”.*Export it again"):
        inspected(mp4(tracks=tracks))


def test_further_tracks_that_no_browser_plays_do_no_harm() -> None:
    assert inspected(mp4(tracks=[("vide", "avc1"), ("tmcd", "tmcd")])).suffix == ".mp4"


def test_quicktime_film_is_refused_by_its_name() -> None:
    with pytest.raises(Refused, match=r"QuickTime.*Export it as MP4"):
        inspected(mp4(brand="qt  "))


def test_file_of_too_many_parts_is_given_up_on_whatever_levels_they_lie() -> None:
    trak = box("trak", box("mdia", box("hdlr", b"        text") + box("free") * 100_000))

    with pytest.raises(NotMeasurable):
        inspected(mp4(more=trak * 4))


@given(
    st.lists(st.sampled_from([*SIZES, b"moov", b"mvhd", b"mdat", b"\0" * 30, b"\1"])).map(b"".join)
)
def test_no_file_keeps_the_check_waiting(content: bytes) -> None:
    try:
        found = seconds(content)
    except NotMeasurable:
        return

    assert 0 < found < math.inf


@given(
    st.lists(
        st.sampled_from(
            [*SIZES, header(3), track("vide", "avc1"), box("mdat", b"x"), b"moov", b"\1"]
        )
    ).map(b"".join)
)
def test_whatever_begins_like_an_mp4_is_inspected_or_refused(content: bytes) -> None:
    try:
        found = inspected(box("ftyp", b"isom") + content)
    except Refused:
        return

    assert found.seconds is not None
    assert 0 < found.seconds < math.inf
