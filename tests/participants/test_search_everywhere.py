"""The search that proves an erasure finds what is hidden; else it would prove nothing."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache

from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db


def test_search_finds_an_address_in_any_case() -> None:
    UserFactory(email="hidden@example.org")
    assert places_of("Hidden@Example.org") == ["participants_user.email"]


def test_search_finds_nothing_where_nothing_is() -> None:
    UserFactory()
    assert places_of("hidden@example.org", "Hidden Name") == []


def test_search_reads_a_packed_session() -> None:
    session = SessionStore()
    session["account_login_code"] = {"email": "hidden@example.org"}
    session.save()
    assert places_of("hidden@example.org") == ["django_session.session_data"]


def test_search_reads_the_cache() -> None:
    """Its values; its names are digests (tests/training_platform/test_cache.py)."""
    cache.set("hidden@example.org", 1)
    assert places_of("hidden@example.org") == []
    cache.set("attempts", {"by": "hidden@example.org"})
    assert places_of("hidden@example.org") == ["shared_cache.value"]


def test_search_reads_the_log_of_the_admin() -> None:
    LogEntry.objects.create(
        user=UserFactory(staff=True), object_repr="hidden@example.org", action_flag=CHANGE
    )
    assert places_of("hidden@example.org") == ["django_admin_log.object_repr"]


def test_search_finds_a_typed_name() -> None:
    EnrolmentFactory()
    assert places_of("Demo Person") == ["participants_consentsignature.typed_name"]
