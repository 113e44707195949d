"""Times in the admin are written as on every other page."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.courses_admin.pages import address
from tests.factories.courses import draft_edition

pytestmark = pytest.mark.django_db


def test_an_evening_is_written_with_24_hours(editor: Client) -> None:
    draft = draft_edition(weeks=1)
    draft.edited_at = datetime(2026, 3, 2, 20, 44, tzinfo=UTC)
    draft.save()

    page = editor.get(address(draft)).content.decode()

    assert "2 Mar 2026, 20:44" in page
    assert "p.m." not in page
