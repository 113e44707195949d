"""A file is written whole, or what was there before stays."""

from pathlib import Path

import pytest

from content.build.files import digest, whole


def test_file_that_was_written_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "sentence.npy"
    path.write_bytes(b"before")

    with whole(path) as part:
        part.write_bytes(b"after")
        assert path.read_bytes() == b"before"

    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("sentence.npy", b"after")
    ]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_stop_in_the_midst_leaves_what_was_there(tmp_path: Path, stop: type[BaseException]) -> None:
    path = tmp_path / "sentence.npy"
    path.write_bytes(b"before")

    with pytest.raises(stop), whole(path) as part:
        part.write_bytes(b"aft")
        raise stop

    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("sentence.npy", b"before")
    ]


def test_media_differ_by_every_byte_and_texts_by_their_words(tmp_path: Path) -> None:
    for name in ("a.vtt", "a.mp4"):
        (tmp_path / name).write_bytes(b"One.\n")
        before = digest(tmp_path / name)
        (tmp_path / name).write_bytes(b"One.\r\n")
        assert (digest(tmp_path / name) == before) is name.endswith(".vtt")
        (tmp_path / name).write_bytes(b"Two.\n")
        assert digest(tmp_path / name) != before


@pytest.mark.parametrize("name", ["none.md", ".", "a\0b", "v" * 300])
def test_what_cannot_be_read_has_no_digest(tmp_path: Path, name: str) -> None:
    assert digest(tmp_path / name) == ""
