"""A mailbox of files, and a place for `manage.py demo` in a process of its own.

Models are imported where they are used: this may be read before set-up.
"""

import os
import socket
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

Place = dict[str, str]


@pytest.fixture
def mailbox(settings: Settings, tmp_path: Path) -> Path:
    """The folder that mail is written to, empty."""
    folder = tmp_path / "mail"
    folder.mkdir()
    settings.EMAIL_BACKEND = "scheduling.transport.files.EmailBackend"
    settings.EMAIL_FILE_PATH = str(folder)
    return folder


@pytest.fixture
def port() -> int:
    """A free one; a moment later it could be someone else's, which is rare enough."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def place(tmp_path: Path, port: int) -> Place:
    """The environment of a demonstration that keeps its things in the test's own folder."""
    ours = {"SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "DEMO": "true",
        "STAFF_MFA": "required",
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3",
        "EMAIL_URL": f"filemail://{tmp_path}/mail",
        "MEDIA_ROOT": f"{tmp_path}/media",
    }
