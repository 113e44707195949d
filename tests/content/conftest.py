"""A small course folder for tests to spoil."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Reads models, which a conftest may not do before Django is set up.
    from tests.courses.folders import course_folder

    return course_folder(tmp_path / "small")
