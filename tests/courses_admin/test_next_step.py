"""The first page of the admin says what to do next: one thing, with one button."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from courses.models import Course, Edition
from courses.services import note_edit
from monitoring.next_step import Step
from participants.models import User
from tests.courses_admin.pages import address
from tests.factories.courses import EARLY, CourseFactory, draft_edition, published_edition
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db


def step(client: Client) -> Step | None:
    found = client.get("/admin/").context["step"]
    assert found is None or client.get(found.address.partition("#")[0]).status_code == 200
    return found


def test_without_a_course_one_is_begun(editor: Client) -> None:
    found = step(editor)

    assert found is not None
    assert (found.title, found.button) == ("There is no course yet", "Begin a course")


def test_what_is_published_is_changed_in_a_new_draft(editor: Client) -> None:
    course = published_edition(weeks=1).course

    found = step(editor)

    assert found is not None
    assert found.title == "Nothing is being changed now"
    assert found.button == "Make a new draft of “Four weeks of self-compassion”"
    assert found.address == address(course, "new_draft")


def test_a_draft_is_gone_on_with(editor: Client) -> None:
    draft = draft_edition(weeks=1, course=published_edition(weeks=1).course)

    found = step(editor)

    assert found is not None
    assert (found.title, found.button, found.address) == (
        "There is a draft: Four weeks of self-compassion, edition 2",
        "Go on with it",
        address(draft),
    )


def test_what_the_draft_lacks_is_said(editor: Client) -> None:
    draft_edition(weeks=0)

    found = step(editor)

    assert found is not None
    assert found.title.startswith("There is a draft, and something is missing in it: ")
    assert found.sentence == "This edition has no weeks. Add one first."


def test_a_course_from_elsewhere_is_brought_in_from_here(editor: Client) -> None:
    page = editor.get("/admin/").content.decode()

    assert '<a href="/admin/courses/course/import/">Bring in a course' in page


def test_who_may_make_no_course_is_offered_to_bring_in_none() -> None:
    rights = ["view_edition", "change_edition"]
    page = staff_client(staff=True)
    user = User.objects.get()
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    published_edition(weeks=1)

    said = page.get("/admin/").content.decode()

    assert "Nothing is being changed now" in said
    assert "Bring in a course" not in said


def test_of_several_drafts_it_is_the_one_that_was_worked_on(editor: Client) -> None:
    worked_on = draft_edition(weeks=1)
    draft_edition(weeks=1)
    note_edit(edition=worked_on, now=EARLY)

    found = step(editor)

    assert found is not None
    assert found.address == address(worked_on)


def test_a_published_edition_waits_to_be_chosen_by_a_study() -> None:
    first = published_edition(weeks=1)
    study = StudyFactory(edition=first, public_name="Calm")
    published_edition(weeks=1, course=first.course)

    found = step(staff_client(superuser=True))

    assert found is not None
    assert found.title == "Four weeks of self-compassion, edition 2 is published"
    assert "“Calm” gives new people edition 1." in found.sentence
    assert found.address == f"/admin/studies/study/{study.pk}/change/#id_edition"


def test_who_cannot_choose_for_a_study_is_not_asked_to(editor: Client) -> None:
    first = published_edition(weeks=1)
    StudyFactory(edition=first)
    published_edition(weeks=1, course=first.course)

    found = step(editor)

    assert found is not None
    assert found.title == "Nothing is being changed now"


def test_who_edits_no_course_is_told_nothing() -> None:
    draft_edition(weeks=1)

    assert step(staff_client(staff=True)) is None


def test_published_page_leads_to_the_same_place_in_the_draft(editor: Client) -> None:
    edition = published_edition(weeks=1)
    course: Course = edition.course
    handout = edition.modules.get().materials.get(key="handout")

    before = editor.get(address(handout)).content.decode()
    draft = draft_edition(weeks=1, course=course)
    after = editor.get(address(handout)).content.decode()

    assert f'href="{address(course, "new_draft")}"' in before
    twin = draft.modules.get().materials.get(key="handout")
    assert f'href="{address(twin)}"' in after
    assert "To change something, make a new draft of the course." in after


def test_a_draft_without_that_row_offers_nothing(editor: Client) -> None:
    edition = published_edition(weeks=2)
    Edition.objects.create(course=CourseFactory(), number=1, created_at=EARLY)
    draft_edition(weeks=1, course=edition.course)

    page = editor.get(address(edition.modules.get(week=2))).content.decode()

    assert "Change it in the draft" not in page
    assert "Make a new draft" not in page
