"""From the first page to the dates, in the order of the pages."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from participants.models import Demographics, Enrolment, User
from participants.models.demographics import Answered
from scheduling.models import Prompt
from studies.models import ScreeningTally, Study
from tests.portal_joining.walk import Joiner, newest_code, text_of

pytestmark = pytest.mark.django_db


def test_a_person_joins_a_study_step_by_step(ann: Joiner, on_a_monday: None) -> None:
    assert "step 1 of 6" in text_of(ann.get("join"))
    assert ann.read()["Location"] == ann.url("join_question", "adult")
    assert ann.send("join_question", "adult", answer="yes")["Location"] == ann.url(
        "join_question", "internet"
    )
    ann.send("join_question", "internet", answer="yes")
    answered = ann.send("join_question", "english", answer="yes")
    assert answered["Location"] == ann.url("join_email")
    assert ann.sign_in()["Location"] == ann.url("join_agreement")
    assert ann.agree()["Location"] == ann.url("join_about")
    assert ann.send("join_about", age="34", gender="woman")["Location"] == ann.url("join_day")
    assert ann.choose_day()["Location"] == ann.url("join_dates")
    dates = text_of(ann.get("join_dates"))
    for day in ("Thursday 8 January", "Thursday 15 January", "Thursday 22 January"):
        assert day in dates
    assert "7 in the evening (UK time)" in dates


def test_what_is_kept_of_them_afterwards(ann: Joiner) -> None:
    ann.client.get(ann.url("join") + "?from=Facebook")
    shown = ann.client.get(ann.url("join") + "?from=Facebook")
    ann.client.post(ann.url("join"), {"sheet": shown.context["sheet"].pk, "from": "Facebook"})
    ann.answer_all()
    ann.sign_in()
    ann.agree(**{"statement-interview": "on"})
    ann.send("join_about", age="34", gender="own_words", gender_own_words="Agender")
    ann.choose_day()

    enrolment = Enrolment.objects.get()
    assert enrolment.user == User.objects.get(email="ann@example.org")
    assert (enrolment.status, enrolment.source, enrolment.is_test) == ("active", "facebook", False)
    agreed = enrolment.consent_answers.values_list("statement__key", "agreed")
    assert sorted(agreed) == [
        ("data", True), ("free", True), ("interview", True), ("read", True), ("watch", True),
    ]  # fmt: skip
    assert enrolment.signatures.get().typed_name == "Ann Demo"
    said = Demographics.objects.get(enrolment=enrolment)
    assert (said.age, said.gender, said.gender_own_words) == (34, "own_words", "Agender")
    assert (said.ethnicity_answered, said.education_answered) == (Answered.SKIPPED,) * 2
    assert "joining" not in ann.client.session or ann.client.session["joining"] == {}


def test_one_copy_of_the_agreement_and_one_welcome_are_to_be_sent(ann: Joiner) -> None:
    ann.join()
    due = Prompt.objects.exclude(kind__in=["session", "nudge", "farewell"])
    assert sorted(due.values_list("kind", "copy", "state")) == [
        ("consent_copy", 0, "planned"),
        ("welcome", 0, "planned"),
    ]


def test_a_person_joins_a_service_with_a_notice_an_address_and_a_day(
    client: Client, service: Study
) -> None:
    walker = Joiner(client, service)
    notice = text_of(walker.get("join"))
    assert "step 1 of 4" in notice
    assert walker.read()["Location"] == walker.url("join_email")
    walker.sign_in()
    page = text_of(walker.get("join_agreement"))
    assert "Your full name" not in page
    assert walker.send("join_agreement", **{"statement-privacy": "on"})["Location"] == walker.url(
        "join_day"
    )
    walker.choose_day()
    enrolment = Enrolment.objects.get()
    assert (enrolment.status, enrolment.signatures.count()) == ("active", 0)
    assert Demographics.objects.count() == 0


def test_dates_are_shown_before_they_are_saved(ann: Joiner, on_a_monday: None) -> None:
    ann.reach_day()
    shown = ann.choose_day(show="dates")
    assert shown.status_code == 200
    assert "Thursday 8 January at 7 in the evening (UK time)" in text_of(shown)
    assert Enrolment.objects.get().status == "joining"


def test_dates_come_as_a_calendar_file_with_neutral_names(ann: Joiner) -> None:
    ann.join()
    calendar = ann.client.get(reverse("portal:calendar"))
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    body = calendar.content.decode()
    assert body.count("BEGIN:VEVENT") == 4
    assert "compassion" not in body.lower()


def test_someone_elsewhere_keeps_the_hours_of_their_own_clock(
    ann: Joiner, on_a_monday: None
) -> None:
    ann.reach_day()
    ann.choose_day(zone="Asia/Tokyo")
    assert Enrolment.objects.get().rhythm.zone == "Asia/Tokyo"
    first = Enrolment.objects.get().sessions.order_by("opens_at")[0]
    assert first.opens_at == datetime(2026, 1, 8, 10, tzinfo=UTC)
    assert "7 in the evening (Tokyo time)" in text_of(ann.get("join_dates"))


def test_joining_goes_on_where_it_was_left(ann: Joiner) -> None:
    ann.reach_agreement()
    ann.agree()
    another_day = Joiner(Client(), ann.study)
    another_day.client.post(reverse("account_login"), {"login": ann.email})
    another_day.client.post(reverse("account_confirm_login_code"), {"code": newest_code(ann.email)})
    assert another_day.get("join")["Location"] == ann.url("join_about")


def test_a_person_signed_in_already_is_not_asked_for_their_address(ann: Joiner) -> None:
    ann.client.force_login(User.objects.create_user("ann@example.org"))
    ann.read()
    assert ann.answer_all()["Location"] == ann.url("join_agreement")


def test_tallies_count_each_outcome_once(ann: Joiner, bob: Joiner) -> None:
    ann.read()
    ann.answer_all()
    ann.answer_all()
    bob.read()
    bob.send("join_question", "adult", answer="no")
    bob.send("join_question", "adult", answer="no")
    assert sorted(ScreeningTally.objects.values_list("unmet", "count")) == [("", 1), ("adult", 1)]
