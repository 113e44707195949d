"""The shared cache counts who asks how often, and its table says nobody's address."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from training_platform.cache_keys import digest

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        return [name for (name,) in cursor.fetchall()]


def test_whoever_asks_for_a_code_is_counted_and_not_named() -> None:
    Client(REMOTE_ADDR="203.0.113.7").post("/accounts/login/", {"login": "ann@example.org"})

    assert names()
    assert [name for name in names() if "203.0.113" in name or len(name) != 64] == []


def test_what_was_counted_is_found_again() -> None:
    cache.set("203.0.113.7", [1, 2])
    assert (cache.get("203.0.113.7"), cache.get("203.0.113.8")) == ([1, 2], None)


def test_digest_cannot_be_made_without_the_secret_key(settings: Settings) -> None:
    before = digest("203.0.113.7", "", 1)
    settings.SECRET_KEY = "another"
    assert digest("203.0.113.7", "", 1) != before


def test_there_is_room_for_the_counts_of_many(settings: Settings) -> None:
    """With Django's 300, somebody who tries addresses would push out the counts of others."""
    for number in range(400):
        cache.set(f"203.0.113.{number}", number)
    assert len(names()) == 400
    assert settings.CACHES["default"]["OPTIONS"] == {"MAX_ENTRIES": 20_000}
