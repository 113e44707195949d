"""A course of long films comes in without keeping everybody else from writing."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from courses.files import ContentNamedStorage
from courses.travel.services import import_course
from tests.courses_travel.test_bad_zips import NOW
from tests.courses_travel.zips import small_course


@pytest.mark.django_db(transaction=True)
def test_films_are_copied_ahead_of_any_lock(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    keep = ContentNamedStorage._save
    locked = []

    def noted(storage: ContentNamedStorage, name: str, content: Any) -> str:
        locked.append(connection.in_atomic_block)
        return keep(storage, name, content)

    monkeypatch.setattr(ContentNamedStorage, "_save", noted)

    draft = import_course(file=small_course(tmp_path), now=NOW)

    assert set(locked) == {False}
    video = draft.modules.get(week=1).materials.get(key="video")
    assert Path(video.file.path).is_file()
