"""An editor's way through the admin in a real browser, under the pages' strict policy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from courses.models import Edition
from tests.factories.courses import published_edition
from tests.factories.participants import UserFactory
from tests.monitoring.staff import with_second_step

pytestmark = pytest.mark.django_db(transaction=True)


def test_editor_drafts_changes_and_publishes(
    page: Page, sign_in: Callable[[Page, Any], None]
) -> None:
    published_edition(weeks=1)
    editor = with_second_step(UserFactory(staff=True))
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label="courses"))
    sign_in(page, editor)

    page.goto("/admin/")
    page.get_by_role("link", name="Courses", exact=True).last.click()
    page.get_by_role("link", name="Four weeks of self-compassion").click()
    page.get_by_role("link", name="New draft").click()
    page.get_by_role("button", name="Yes, make a draft").click()
    expect(page.get_by_text("edition 2 is ready to be edited.")).to_be_visible()

    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Aim").fill("Another small step.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/admin/courses/edition/")
    page.get_by_role("link", name="Four weeks of self-compassion, edition 2").click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Yes, publish edition 2").click()

    expect(page.get_by_text("edition 2 is published.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    edition = Edition.objects.get(number=2)
    assert (edition.state, edition.modules.get().aim) == ("published", "Another small step.")
