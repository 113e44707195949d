"""The questions, and the kind way out."""

import pytest
from django.contrib.sessions.models import Session as BrowserSession

from participants.models import User
from studies.models import EligibilityCriterion, ScreeningTally
from tests.factories.studies import CriterionFactory
from tests.portal_joining.walk import Joiner, form_of, text_of

pytestmark = pytest.mark.django_db


def test_nothing_is_chosen_for_a_person(ann: Joiner) -> None:
    ann.read()
    assert form_of(ann.get("join_question", "adult")) == {}


def test_an_empty_answer_says_what_to_do_next_to_the_question(ann: Joiner) -> None:
    ann.read()
    page = ann.send("join_question", "adult")
    assert text_of(page).count("Choose one of the two, so that we know if you can join.") == 2
    assert b"<title>Problem:" in page.content


def test_an_answer_that_is_neither_yes_nor_no_is_asked_again(ann: Joiner) -> None:
    ann.read()
    page = ann.send("join_question", "adult", answer="perhaps")
    assert "Choose one of the two" in text_of(page)
    assert ScreeningTally.objects.count() == 0


def test_a_young_person_finds_where_young_people_find_help(ann: Joiner) -> None:
    ann.read()
    told = ann.send("join_question", "adult", answer="no")
    assert told["Location"] == ann.url("join_declined", "adult")
    page = ann.get("join_declined", "adult")
    assert "If you are under 18" in text_of(page)
    assert "We counted one answer, and not whose it was." in text_of(page)
    assert b'href="tel:08001111"' in page.content


def test_an_adult_who_cannot_join_finds_other_people_to_talk_to(ann: Joiner) -> None:
    ann.read()
    ann.send("join_question", "adult", answer="yes")
    ann.send("join_question", "internet", answer="no")
    page = ann.get("join_declined", "internet")
    assert b'href="tel:116123"' in page.content
    assert "under 18" not in text_of(page)


def test_no_person_and_no_declining_answer_is_stored(ann: Joiner) -> None:
    ann.read()
    ann.send("join_question", "adult", answer="no")
    assert User.objects.count() == 0
    assert ScreeningTally.objects.get().unmet == "adult"
    held = BrowserSession.objects.get().get_decoded()["joining"]["four-weeks"]
    assert held["met"] == []


def test_the_wrong_answer_can_be_put_right(ann: Joiner) -> None:
    ann.read()
    ann.send("join_question", "adult", answer="no")
    assert ann.get("join_email")["Location"] == ann.url("join_question", "adult")
    ann.answer_all()
    assert ann.get("join_email").status_code == 200


def test_going_back_finds_the_answer_that_stands(ann: Joiner) -> None:
    ann.read()
    ann.send("join_question", "adult", answer="yes")
    assert form_of(ann.get("join_question", "adult")) == {"answer": "yes"}


def test_a_question_added_meanwhile_is_asked(ann: Joiner) -> None:
    ann.read()
    ann.answer_all()
    CriterionFactory(study=ann.study, key="time")
    assert ann.get("join_email")["Location"] == ann.url("join_question", "time")


def test_a_question_may_let_in_those_who_say_no(ann: Joiner) -> None:
    EligibilityCriterion.objects.filter(key="english").update(admits_yes=False)
    ann.read()
    assert ann.answer_all()["Location"] == ann.url("join_email")


def test_the_way_out_is_no_place_for_someone_who_may_join(ann: Joiner) -> None:
    ann.read()
    ann.send("join_question", "adult", answer="yes")
    assert ann.get("join_declined", "adult")["Location"] == ann.url("join_question", "internet")


def test_a_question_that_does_not_exist_is_not_found(ann: Joiner) -> None:
    ann.read()
    assert ann.get("join_question", "height").status_code == 404
    assert ann.get("join_declined", "height").status_code == 404
