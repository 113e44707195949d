"""Models are imported where they are used: this file may be read before Django is set up."""

from pathlib import Path
from typing import Any

import pytest

from tests.courses.conftest import editor

__all__ = ["editor"]


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for media."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "courses"


@pytest.fixture
def video(db: None, place: Path) -> Any:
    """Of a draft; the database says that it lasts five minutes."""
    from tests.factories.courses import draft_edition

    return draft_edition(weeks=1).modules.get().materials.get(key="video")


@pytest.fixture
def exercise(video: Any) -> Any:
    return video.module.materials.get(key="exercise")
