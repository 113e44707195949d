"""Every staff page, and the admin's first, says how the mail is: in the same words."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from participants.models import Enrolment
from scheduling.models import Heartbeat, MailSender
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import PromptFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client

pytestmark = pytest.mark.django_db

WHAT_NOW = (
    "Nothing is lost: what is due waits, and goes by itself once this is put right. "
    "Pass this on to whoever runs the platform."
)
PAGES = ["/staff/", "/staff/calm/", "/staff/styleguide/", "/admin/"]


@pytest.fixture
def study() -> Study:
    Heartbeat.objects.create(name="tick", beat_at=timezone.now())
    StudyFactory(slug="other", default_zone="Asia/Tokyo")
    return StudyFactory(slug="calm", default_zone="Asia/Tokyo")


@pytest.fixture
def stopped(study: Study) -> str:
    """The sentence about it; January has no summer time."""
    MailSender.objects.create(
        pk=1, stopped_at=timezone.datetime.fromisoformat("2026-01-08T19:00Z"), reason="AUTH 535"
    )
    return "The mail sender stopped on Fri 9 Jan, 04:00: AUTH 535."


def words(client: Client, page: str) -> str:
    return " ".join(unescape(client.get(page).content.decode()).split())


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_is_wrong_and_since_when(stopped: str, page: str) -> None:
    said = words(staff_client(superuser=True), page)
    assert stopped in said
    assert "Times are in Asia/Tokyo." in said
    assert WHAT_NOW in said


@pytest.mark.parametrize("page", PAGES)
def test_no_page_alarms_while_all_is_well(study: Study, page: str) -> None:
    said = words(staff_client(superuser=True), page)
    assert "Times are in Asia/Tokyo." not in said
    assert WHAT_NOW not in said
    assert ("The mail sender is working." in said) is (page != "/admin/")


@pytest.mark.parametrize("page", PAGES)
def test_times_are_in_utc_where_the_zone_is_no_more(stopped: str, page: str) -> None:
    Study.objects.update(default_zone="Europe/Gone")
    person = EnrolmentFactory(study=Study.objects.get(slug="calm"), is_test=True)
    Enrolment.objects.filter(pk=person.pk).update(last_seen_at=timezone.now())
    said = words(staff_client(superuser=True), page)
    assert "The mail sender stopped on Thu 8 Jan, 19:00: AUTH 535." in said
    assert "Times are in UTC." in said


def test_times_are_in_the_zone_of_ones_study_where_it_is_one(stopped: str) -> None:
    Study.objects.filter(slug="other").update(default_zone="Europe/London")
    assert stopped in words(staff_client(superuser=True), "/staff/calm/")
    everywhere = words(staff_client(superuser=True), "/staff/")
    assert "The mail sender stopped on Thu 8 Jan, 19:00: AUTH 535." in everywhere
    assert "Times are in UTC." in everywhere


def test_an_editor_reads_the_same_words_in_the_same_zone_as_a_researcher(stopped: str) -> None:
    researcher = words(staff_client(researcher_of=Study.objects.get(slug="calm")), "/staff/calm/")
    editor = words(staff_client(staff=True), "/admin/")
    for said in (researcher, editor):
        assert f"{stopped} {WHAT_NOW} Times are in Asia/Tokyo." in " ".join(
            re.sub("<[^>]*>", " ", said).split()
        )


def test_a_red_strip_with_nothing_due_does_not_begin_with_a_nought(stopped: str) -> None:
    client = staff_client(superuser=True)
    said = words(client, "/staff/calm/people/")
    assert "Mail is not going out as it should" in said
    assert "Due, not sent: 0" not in said
    MailSender.objects.all().delete()
    assert "Due, not sent: 0" in words(client, "/staff/calm/people/")


def test_a_platform_that_was_never_started_says_so_without_a_time(study: Study) -> None:
    Heartbeat.objects.all().delete()
    said = words(staff_client(superuser=True), "/staff/styleguide/")
    assert "The sender has not run yet. Start send_due, or Celery’s worker and beat." in said
    assert "Times are in" not in said


def test_the_strip_names_nobody(study: Study) -> None:
    late = PromptFactory(due_at=timezone.now() - timedelta(minutes=10)).enrolment
    said = words(staff_client(researcher_of=study), "/staff/calm/")
    assert "Due, not sent: 1" in said
    assert [word for word in (late.user.email, late.code) if word in said] == []


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_participants_do_not_see_it(stopped: str, page: str) -> None:
    for client in (Client(), signed_in(UserFactory())):
        response = client.get(page, follow=True)
        assert "mail sender stopped" not in response.content.decode()


# As its own page has it


@pytest.fixture
def same_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' clock may stand elsewhere than PostgreSQL's."""
    monkeypatch.setattr("scheduling.watch._clock_difference", lambda *_: timedelta(0))


def strip(client: Client) -> tuple[int, list[str]]:
    context = client.get("/staff/calm/").context
    return context["health"].due_not_sent, context["complaints"]


def test_strip_is_calm_when_mail_goes_out(study: Study) -> None:
    assert strip(staff_client(researcher_of=study)) == (0, [])


def test_strip_tells_what_is_due_and_was_not_sent(study: Study) -> None:
    PromptFactory(enrolment=EnrolmentFactory(study=study))

    assert strip(staff_client(researcher_of=study)) == (
        1,
        ["1 mail is due and was not sent. It was due on Fri 9 Jan, 04:00."],
    )


def test_strip_tells_that_the_sender_does_not_run(study: Study, same_clocks: None) -> None:
    Heartbeat.objects.all().delete()

    assert strip(staff_client(researcher_of=study)) == (
        0,
        ["The sender has not run yet. Start send_due, or Celery’s worker and beat."],
    )
