"""Without JavaScript a film comes with its form, and keeps nobody else from writing meanwhile."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from courses.files import ContentNamedStorage
from courses.models import Material
from tests.courses_files import media
from tests.courses_files.pages import save


@pytest.mark.django_db(transaction=True)
def test_film_is_kept_ahead_of_any_lock(
    editor: Client, video: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = ContentNamedStorage._save
    locked = []

    def noted(storage: ContentNamedStorage, name: str, content: Any) -> str:
        locked.append(connection.in_atomic_block)
        return keep(storage, name, content)

    monkeypatch.setattr(ContentNamedStorage, "_save", noted)

    save(editor, video, file=media.mp4(1800), captions=media.vtt(end="00:29:00.000"))

    video.refresh_from_db()
    assert (locked, video.duration) == ([False, False], 1800.0)
