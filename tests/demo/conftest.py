"""A mailbox of files. Models are imported where they are used: this may be read before set-up."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture
def mailbox(settings: Settings, tmp_path: Path) -> Path:
    """The folder that mail is written to, empty."""
    folder = tmp_path / "mail"
    folder.mkdir()
    settings.EMAIL_BACKEND = "scheduling.transport.files.EmailBackend"
    settings.EMAIL_FILE_PATH = str(folder)
    return folder
