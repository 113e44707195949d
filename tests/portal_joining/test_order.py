"""Steps out of order lead gently to the right one; strangers and closed doors."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Enrolment, User
from studies.models import Document, Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.portal_joining.walk import Joiner, form_of, text_of

pytestmark = pytest.mark.django_db
LATER = ("join_email", "join_agreement", "join_about", "join_day")


@pytest.mark.parametrize("page", LATER)
def test_a_stranger_begins_with_the_information(ann: Joiner, page: str) -> None:
    for answer in (ann.get(page), ann.client.post(ann.url(page), {"typed_name": "Ann"})):
        assert answer["Location"] == ann.url("join")
    assert "This comes first." in text_of(ann.get("join"))
    assert Enrolment.objects.count() == 0


def test_a_stranger_without_dates_begins_with_the_information(ann: Joiner) -> None:
    assert ann.get("join_dates")["Location"] == ann.url("join")


def test_who_has_read_goes_on_to_the_questions(ann: Joiner) -> None:
    ann.read()
    for page in LATER:
        assert ann.get(page)["Location"] == ann.url("join_question", "adult")
    page = text_of(ann.get("join_question", "adult"))
    assert "This comes first. What you have done so far is kept." in page


def test_who_has_answered_goes_on_to_their_address(ann: Joiner) -> None:
    ann.read()
    ann.answer_all()
    for page in LATER[1:]:
        assert ann.get(page)["Location"] == ann.url("join_email")


def test_who_has_signed_in_goes_on_to_the_agreement(ann: Joiner) -> None:
    ann.reach_agreement()
    for page in ("join_email", "join_about", "join_day", "join_dates"):
        assert ann.get(page)["Location"] == ann.url("join_agreement")


def test_who_has_agreed_goes_on_and_agrees_once(ann: Joiner) -> None:
    ann.reach_agreement()
    ann.agree()
    for page in ("join", "join_email", "join_agreement", "join_day", "join_dates"):
        assert ann.get(page)["Location"] == ann.url("join_about")


def test_the_questions_about_a_person_can_be_gone_back_to(ann: Joiner) -> None:
    ann.reach_agreement()
    ann.agree()
    ann.send("join_about", age="51")
    assert ann.get("join_about").context["form"].initial["age"] == 51


def test_back_and_reload_are_safe_on_each_page(ann: Joiner) -> None:
    ann.read()
    ann.get("join")
    ann.answer_all()
    ann.get("join_question", "adult")
    ann.sign_in()
    assert ann.get("join_agreement").status_code == 200
    assert ann.get("join_agreement").status_code == 200
    assert ann.get("join").status_code == 200


def test_someone_of_another_study_begins_this_one_from_the_start(ann: Joiner) -> None:
    other = enrolled(study=StudyFactory(edition=ann.study.edition))
    ann.client.force_login(other.user)
    assert ann.get("join_day")["Location"] == ann.url("join")
    assert ann.get("join_dates")["Location"] == ann.url("join")
    ann.read()
    assert ann.answer_all()["Location"] == ann.url("join_agreement")


def test_a_mailed_link_joins_nothing(ann: Joiner) -> None:
    enrolment = EnrolmentFactory(study=ann.study)
    session = ann.client.session
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session["link"] = {"enrolment": enrolment.pk, "version": 1, "until": until}
    session.save()
    assert ann.get("join_about")["Location"] == ann.url("join")


def test_a_study_that_nobody_knows_is_not_found(client: Client, db: None) -> None:
    assert client.get("/join/nowhere/").status_code == 404


def test_a_draft_is_not_found(ann: Joiner) -> None:
    Study.objects.update(state=Study.State.DRAFT)
    assert ann.get("join").status_code == 404


@pytest.mark.parametrize("state", [Study.State.CLOSED, Study.State.ARCHIVED])
def test_a_closed_study_says_so_kindly(ann: Joiner, state: str) -> None:
    Study.objects.update(state=state)
    page = ann.get("join")
    assert page.status_code == 200
    assert "Nobody new can join at the moment" in text_of(page)
    assert "study@example.org" in text_of(page)


def test_a_study_before_and_after_its_time_says_so_kindly(ann: Joiner) -> None:
    Study.objects.update(recruiting_from=timezone.now() + timedelta(days=1))
    assert "Nobody new can join at the moment" in text_of(ann.get("join"))
    Study.objects.update(recruiting_from=None, recruiting_until=timezone.now())
    assert "Nobody new can join at the moment" in text_of(ann.get("join"))


def test_a_full_study_says_so_kindly(ann: Joiner) -> None:
    Study.objects.update(capacity=1)
    EnrolmentFactory(study=ann.study)
    assert "Every place is taken" in text_of(ann.get("join"))


def test_a_study_without_a_sheet_is_not_open(client: Client, db: None) -> None:
    study = StudyFactory(documents=False)
    assert "Nobody new can join" in text_of(Joiner(client, study).get("join"))


@pytest.mark.parametrize("source", ["", "<script>", "a" * 300, "%00", "../../etc"])
def test_any_source_in_the_address_is_harmless(ann: Joiner, source: str) -> None:
    page = ann.client.get(ann.url("join"), {"from": source})
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert (
        ann.client.post(
            ann.url("join"),
            {"sheet": Document.objects.get(kind="information").pk, "from": source},
        ).status_code
        == 302
    )


@pytest.mark.parametrize("sheet", ["", "x", "-1", "9" * 40])
def test_a_sheet_that_does_not_exist_counts_as_changed(ann: Joiner, sheet: str) -> None:
    answer = ann.client.post(ann.url("join"), {"sheet": sheet}, follow=True)
    assert "The text changed while you were reading." in text_of(answer)


def test_the_information_says_how_many_mails_who_sees_what_and_who_to_complain_to(
    ann: Joiner,
) -> None:
    page = text_of(ann.get("join"))
    for words in (
        "7 in all: a welcome, a copy of what you agree to, one a week for 4 weeks, and one last one.",
        "If you have not opened a week after three days, one gentle reminder.",
        "The team sees a code",
        "When this may not be the right time",
        "The research office, complaints@example.org",
        "TEST/2026/1",
        "What taking part means.",
        "Version 1",
    ):
        assert words in page
    assert b'href="mailto:complaints@example.org"' in ann.get("join").content


def test_reading_leaves_nothing_behind(ann: Joiner) -> None:
    ann.get("join")
    assert "sessionid" not in ann.client.cookies


def test_signing_out_ends_a_visit_at_any_step(ann: Joiner) -> None:
    ann.reach_agreement()
    answer = ann.client.post(reverse("portal:sign_out"), follow=True)
    assert "You have signed out. Nothing is lost." in text_of(answer)
    assert ann.get("join_agreement")["Location"] == ann.url("join")


def test_signing_out_is_never_a_mere_link(client: Client, db: None) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("portal:sign_out"))["Location"] == reverse("portal:landing")
    assert "_auth_user_id" in client.session


def test_pages_with_a_name_on_them_are_never_kept_by_the_browser(ann: Joiner) -> None:
    assert "no-store" not in ann.get("join")["Cache-Control"]
    ann.reach_agreement()
    assert "no-store" in ann.get("join_agreement")["Cache-Control"]
    ann.agree()
    assert "no-store" in ann.get("join_about")["Cache-Control"]


def test_an_hour_later_the_questions_are_asked_of_whoever_comes_next(ann: Joiner) -> None:
    ann.read()
    ann.answer_all()
    with time_machine.travel(timezone.now() + timedelta(minutes=59)):
        assert ann.get("join_email").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert ann.get("join_email")["Location"] == ann.url("join")
        assert ann.read()["Location"] == ann.url("join_question", "adult")
        assert form_of(ann.get("join_question", "adult")) == {}


def test_whoever_has_signed_in_may_take_hours_over_the_agreement(ann: Joiner) -> None:
    ann.reach_agreement()
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        assert ann.get("join_agreement").status_code == 200


def test_the_agreement_says_who_joins_and_offers_to_sign_out(ann: Joiner) -> None:
    ann.reach_agreement()
    page = ann.get("join_agreement")
    assert "You join as ann@example.org . Is that not you? Sign out" in text_of(page)
    assert page.content.decode().count(f'action="{reverse("portal:sign_out")}"') == 2


def test_going_on_leads_to_the_step_that_is_due(ann: Joiner) -> None:
    assert ann.get("join_go_on")["Location"] == ann.url("join")
    assert b"Go on where you left off" not in ann.get("join").content
    ann.read()
    assert b"Go on where you left off" in ann.get("join").content
    assert ann.get("join_go_on")["Location"] == ann.url("join_question", "adult")
    ann.answer_all()
    asked = ann.send("join_email", email=ann.email)
    assert ann.get("join_go_on")["Location"] == asked["Location"]
    ann.sign_in_with_the_code(asked["Location"])
    assert ann.get("join_go_on")["Location"] == ann.url("join_agreement")
    ann.agree()
    ann.send("join_about")
    ann.choose_day()
    assert ann.get("join_go_on")["Location"] == "/home/"


def test_home_leads_who_has_not_agreed_yet_on_with_joining(ann: Joiner) -> None:
    ann.reach_agreement()
    page = ann.client.get("/home/")
    assert f'href="{ann.url("join_go_on")}"'.encode() in page.content
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(email=ann.email))
    assert f'href="{ann.url("join")}"'.encode() in elsewhere.get("/home/").content


def test_back_leads_to_the_page_before(ann: Joiner, client: Client, service: Study) -> None:
    ann.read()
    ann.answer_all()
    assert f'href="{ann.url("join_question", "english")}">Back'.encode() in (
        ann.get("join_email").content
    )
    walker = Joiner(Client(), service)
    walker.read()
    assert f'href="{walker.url("join")}">Back'.encode() in walker.get("join_email").content


def test_a_title_that_asks_ends_with_its_question_mark(ann: Joiner) -> None:
    ann.read()
    page = ann.get("join_question", "adult").content.decode()
    title = " ".join(page.split("<title>")[1].split("</title>")[0].split())
    assert title == "Is adult true of you? Joining, step 2 of 6. Four Weeks"
