"""The health checks of the containers: of a process that lives, and of one that does not."""

import os
import time
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from django.conf import settings

from deploy.healthy import beat_lives, web_lives
from tests.deployment.processes import Machine


def test_web_that_answers_lives(front: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", front.url)
    assert web_lives(f"{front.url}/healthz")


def test_web_is_asked_past_the_proxy_of_the_house(
    front: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", front.url)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert web_lives(f"{front.url}/healthz")


def test_web_is_asked_by_the_name_that_it_answers_to(
    front: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://another.example.org")
    with pytest.raises(HTTPError, match="400"):
        web_lives(f"{front.url}/healthz")


def test_web_that_is_gone_does_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://training.example.org")
    with pytest.raises(URLError):
        web_lives("http://127.0.0.1:1/healthz")


@pytest.mark.parametrize("name", ["beat", "beat.db", "beat.dat"])
def test_beat_that_wrote_a_moment_ago_lives(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / "other").touch()
    assert beat_lives(tmp_path)


def test_beat_that_wrote_a_minute_ago_or_never_does_not_live(tmp_path: Path) -> None:
    assert not beat_lives(tmp_path)
    (tmp_path / "beat").touch()
    long_ago = time.time() - 61
    os.utime(tmp_path / "beat", (long_ago, long_ago))
    assert not beat_lives(tmp_path)


def test_beat_writes_its_file_at_each_tick() -> None:
    assert settings.CELERY_BEAT_SYNC_EVERY == 1
    assert settings.CELERY_BEAT_SCHEDULE["tick"]["schedule"] == 15.0
