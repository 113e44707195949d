"""Before an edition is published, editors are told who will see it. Nobody else publishes."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from courses.models import Edition, Material
from courses.services import new_draft, note_edit
from monitoring.models import StaffAction
from studies.models import Study
from tests.courses_travel.people import editing
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import UserFactory, active_enrolment, invited
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def study(db: None) -> Study:
    return StudyFactory(edition=published_edition(weeks=1), public_name="The study")


@pytest.fixture
def draft(study: Study) -> Edition:
    return new_draft(course=study.edition.course, now=NOW)


def address(edition: Edition) -> str:
    return reverse("admin:courses_edition_publish", args=[edition.pk])


def text_of(response: object) -> str:
    return " ".join(response.content.decode().split())


def press(client: Client, edition: Edition, *give: Study, **changes: str) -> object:
    """The button, on the page as it is now."""
    shown = client.get(address(edition)).context["shown"]
    data = {"shown": shown, "give": [study.slug for study in give], **changes}
    return client.post(address(edition), data, follow=True)


def messages(response: object) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def managing(*studies: Study) -> Client:
    """An editor who manages these studies too."""
    user = with_second_step(UserFactory(staff=True))
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="courses"))
    for study in studies:
        user.studies_researched.create(study=study, manages=True)
    return signed_in(user)


def test_page_says_who_will_see_it_and_who_will_not(
    editor: Client, study: Study, draft: Edition
) -> None:
    for _person in range(2):
        active_enrolment(study=study)
    active_enrolment(study=study, is_test=True)
    invited(study=study)

    page = text_of(editor.get(address(draft)))

    assert (
        "Nobody who takes part will notice: 2 people keep the edition they joined with, to the "
        "last week. Edition 2 is for people who join later, in the studies that give it."
    ) in page
    assert (
        "Recruiting. 2 people take part, and see nothing of this. New people are given edition 1, "
        "until whoever manages the study chooses edition 2 in its settings. 1 person is invited, "
        "and is given what the study gives on the day they agree."
    ) in page
    assert 'name="give"' not in page
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_page_sums_up_what_changes(editor: Client, draft: Edition) -> None:
    Material.objects.filter(module__edition=draft, key="handout").update(title="Other words")

    page = editor.get(address(draft))

    assert page.context["changes"] == ["Week 1: The idea of week 1. Other words (title)"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_first_edition_without_a_study_is_told_so(editor: Client) -> None:
    page = text_of(editor.get(address(draft_edition(weeks=1))))

    assert "This is the first edition of the course." in page
    assert "No study gives this course so far, so nobody will see it yet." in page


def test_draft_is_published_and_studies_stay_as_they_are(
    editor: Client, study: Study, draft: Edition
) -> None:
    response = press(editor, draft, study)  # whose box an editor does not have

    draft.refresh_from_db(), study.refresh_from_db()
    assert (draft.state, study.edition.number) == ("published", 1)
    assert messages(response) == [
        "Four weeks of self-compassion, edition 2 is published. "
        "No study gives it to new people so far."
    ]
    assert not StaffAction.objects.exists()


def test_who_manages_the_study_gives_it_to_new_people_with_the_same_press(
    study: Study, draft: Edition
) -> None:
    person = active_enrolment(study=study)
    client = managing(study)

    response = press(client, draft, study)

    study.refresh_from_db(), person.refresh_from_db()
    assert (study.edition, person.edition.number) == (draft, 1)
    assert messages(response) == [
        "Four weeks of self-compassion, edition 2 is published. "
        "New people of “The study” are given it from now on."
    ]
    action = StaffAction.objects.get()
    assert (action.study, action.kind) == (study, "settings")
    assert action.details == {
        "section": "weeks",
        "fields": ["edition"],
        "was": {"edition": "Four weeks of self-compassion, edition 1"},
        "is": {"edition": "Four weeks of self-compassion, edition 2"},
    }


def test_service_is_ticked_beforehand_and_research_is_not(study: Study, draft: Edition) -> None:
    service = ServiceFactory(edition=study.edition)
    page = text_of(managing(study, service).get(address(draft)))

    assert f'value="{service.slug}" id="give-{service.pk}" checked>' in page
    assert f'value="{study.slug}" id="give-{study.pk}">' in page


def test_study_of_another_course_is_not_touched(study: Study, draft: Edition) -> None:
    other = StudyFactory(edition=published_edition(weeks=1))
    before = other.edition

    press(managing(study, other), draft, other)

    other.refresh_from_db()
    assert other.edition == before


def test_draft_that_lacks_something_is_refused_with_links(editor: Client, draft: Edition) -> None:
    video = Material.objects.get(module__edition=draft, key="video")
    Material.objects.filter(pk=video.pk).update(captions="")
    link = reverse("admin:courses_material_change", args=[video.pk])
    sentence = "Week 1, “Why we are hard on ourselves”: there are no captions. Add them."

    pages = [editor.get(address(draft)), press(editor, draft)]

    assert [page.context["lacks"] for page in pages] == [[(sentence, link)]] * 2
    assert [f'<a href="{link}">' in text_of(page) for page in pages] == [True, True]
    assert ["Yes, publish" in text_of(page) for page in pages] == [False, False]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_draft_that_another_editor_changed_meanwhile_is_shown_again(
    editor: Client, draft: Edition
) -> None:
    shown = editor.get(address(draft)).context["shown"]
    note_edit(edition=draft, now=NOW)

    response = editor.post(address(draft), {"shown": shown})

    assert messages(response) == [
        "The draft has changed since you opened this page. Look at it once more."
    ]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_published_edition_says_why_it_stays(editor: Client, study: Study) -> None:
    for page in (editor.get(address(study.edition)), editor.post(address(study.edition))):
        assert (page.status_code, page.context["title"]) == (403, "This stays as it is")


@pytest.mark.parametrize(
    "client",
    [
        staff_client,
        lambda: staff_client(staff=True),
        lambda: staff_client(researcher_of=StudyFactory()),
        lambda: editing("courses", only=("view_edition",)),
    ],
    ids=["participant", "staff without right", "researcher", "reader"],
)
def test_without_the_right_nothing_is_published(client: object, draft: Edition) -> None:
    pages = [client().get(address(draft), follow=True), client().post(address(draft), follow=True)]

    assert [page.status_code for page in pages] == [403, 403]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_stranger_is_sent_to_sign_in(draft: Edition) -> None:
    answer = Client().post(address(draft), follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_other_methods_and_unknown_editions_are_refused(editor: Client, draft: Edition) -> None:
    assert editor.put(address(draft)).status_code == 405
    assert editor.get(f"/admin/courses/edition/{draft.pk + 9}/publish/").status_code == 404


def test_an_archived_study_is_given_nothing(study: Study, draft: Edition) -> None:
    Study.objects.update(state=Study.State.ARCHIVED)

    press(managing(study), draft, study)

    study.refresh_from_db()
    assert study.edition.number == 1
    assert not StaffAction.objects.exists()
