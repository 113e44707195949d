"""An editor's way from a draft to its people, in a browser, on a phone and by its rules."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from courses.models import Edition, Material
from courses.services import new_draft
from studies.models import Study
from tests.courses_travel.zips import exported
from tests.factories.courses import EARLY, published_edition, tiny
from tests.factories.participants import UserFactory, active_enrolment
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.monitoring.staff import with_second_step

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[Page, Any], None]


def manager_who_edits(*studies: Study) -> Any:
    user = with_second_step(UserFactory(staff=True))
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="courses"))
    for study in studies:
        user.studies_researched.create(study=study, manages=True)
    return user


def changed_draft(study: Study) -> Edition:
    draft = new_draft(course=study.edition.course, now=EARLY)
    handout = Material.objects.get(module__edition=draft, module__week=1, key="handout")
    handout.body = handout.body.replace("would you say to", "might you <b>kindly</b> tell")
    handout.save()
    video = Material.objects.get(module__edition=draft, module__week=1, key="video")
    video.duration, video.captions = 1805.0, tiny("captions.vtt")
    video.save()
    return draft


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_editor_looks_at_what_changes_and_publishes_on_a_phone(
    phone_page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    service = ServiceFactory(edition=published_edition(weeks=2), public_name="The course")
    study = StudyFactory(edition=service.edition, public_name="The study")
    person = active_enrolment(study=service)
    draft = changed_draft(service)
    page = phone_page
    sign_in(page, manager_who_edits(service, study))

    page.goto(f"/admin/courses/edition/{draft.pk}/compare/")
    expect(page.locator("ins").filter(has_text="might")).to_be_visible()
    expect(page.locator("del").filter(has_text="would")).to_be_visible()
    expect(page.get_by_text("MP4, 30:05 long")).to_be_visible()
    assert fits(page)
    axe(page)

    page.goto(f"/admin/courses/edition/{draft.pk}/publish/")
    expect(page.get_by_label("new people of “The course”")).to_be_checked()
    expect(page.get_by_label("new people of “The study”")).not_to_be_checked()
    assert fits(page)
    axe(page)
    page.get_by_role("button", name="Yes, publish edition 2").click()
    expect(page.get_by_text("New people of “The course” are given it")).to_be_visible()

    for row in (service, study, person):
        row.refresh_from_db()
    assert [row.edition.number for row in (service, study, person)] == [2, 1, 1]


def test_course_is_taken_away_and_brought_in_without_javascript(
    new_page: Callable[..., Page], sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    edition = published_edition(weeks=1)
    zipped = exported(edition).getvalue()
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 780})
    sign_in(page, manager_who_edits())

    page.goto("/admin/courses/course/")
    page.get_by_role("link", name="Bring in a course").click()
    chosen = page.get_by_label("Zip with the course")
    chosen.set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"MZ"})
    page.get_by_role("button", name="Bring it in as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not a zip, or it is damaged.")
    chosen.set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": zipped})
    page.get_by_role("button", name="Bring it in as a draft").click()

    expect(page.get_by_text("edition 2 is ready to be edited.")).to_be_visible()
    assert Edition.objects.drafts().get().modules.get().materials.count() == 4
