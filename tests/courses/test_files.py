"""Media are named by their content and never overwritten."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from courses.files import content_hash, media_storage


def test_file_is_named_by_its_content() -> None:
    name = media_storage().save("courses/Film.MP4", ContentFile(b"one"))

    assert name == f"courses/{hashlib.sha256(b'one').hexdigest()}.mp4"


def test_same_content_is_kept_once() -> None:
    storage = media_storage()
    first = storage.save("courses/a.mp4", ContentFile(b"twice"))
    before = Path(storage.path(first)).stat().st_ino

    assert storage.save("courses/b.mp4", ContentFile(b"twice")) == first
    assert Path(storage.path(first)).stat().st_ino == before


def test_copy_that_breaks_off_does_not_stand_under_the_whole_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = media_storage()
    content = ContentFile(b"broken off")
    full = OSError("No space left on device")

    def no_space(*_args: object) -> None:
        raise full

    monkeypatch.setattr("courses.files.Path.replace", no_space)
    with pytest.raises(OSError, match="No space left"):
        storage.save("courses/a.mp4", content)

    assert not storage.exists(f"courses/{content_hash(content)}.mp4")
