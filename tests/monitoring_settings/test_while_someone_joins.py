"""A study is changed on its settings pages while somebody stands in the middle of joining it."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from monitoring.models import StaffAction
from participants.models import ConsentAnswer, Enrolment
from scheduling.models import Prompt
from studies.models import Study
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import row, send, text_of
from tests.portal_joining.walk import STATEMENTS, Joiner, form_of

DRAFT = "/staff/calm/settings/documents/consent/draft/"
TICKS = {f"statement-{key}": "on" for key in STATEMENTS} | {"typed_name": "Ann Demo"}


@pytest.fixture
def ann(client: Client, study: Study) -> Joiner:
    """She has the agreement before her."""
    joiner = Joiner(client, study)
    joiner.reach_agreement()
    return joiner


def reword(manager: Client, *, anew: str = "no") -> None:
    """The first statement, written and published on the pages."""
    manager.post("/staff/calm/settings/documents/consent/new/")
    send(manager, DRAFT, **row(1, text="I have read all of it, twice."))
    send(manager, f"{DRAFT}publish/", anew=anew)


def nothing_is_saved() -> bool:
    return not (
        Enrolment.objects.exists() or ConsentAnswer.objects.exists() or Prompt.objects.exists()
    )


@pytest.mark.django_db
def test_statement_reworded_while_it_is_read_is_read_anew(ann: Joiner, manager: Client) -> None:
    shown = form_of(ann.get("join_agreement"))
    reword(manager)
    page = ann.client.post(ann.url("join_agreement"), shown | TICKS)
    words = text_of(page)
    assert "The wording changed while you were reading, so nothing is saved." in words
    assert "I have read all of it, twice." in words
    assert nothing_is_saved()
    again = form_of(page)
    assert again["typed_name"] == "Ann Demo"  # as she typed it
    assert not [name for name in again if name.startswith("statement-")]  # and nothing ticked
    response = ann.client.post(ann.url("join_agreement"), again | TICKS)
    assert response.status_code == 302
    versions = set(ConsentAnswer.objects.values_list("statement__document__version", flat=True))
    assert versions == {2}
    read = ConsentAnswer.objects.get(statement__key="read")
    assert (read.statement.text, read.agreed) == ("I have read all of it, twice.", True)


@pytest.mark.django_db
def test_a_draft_that_is_written_meanwhile_is_nobodys_concern(ann: Joiner, manager: Client) -> None:
    shown = form_of(ann.get("join_agreement"))
    manager.post("/staff/calm/settings/documents/consent/new/")
    send(manager, DRAFT, **row(1, text="I have read all of it, twice."))
    assert ann.client.post(ann.url("join_agreement"), shown | TICKS).status_code == 302
    read = ConsentAnswer.objects.get(statement__key="read")
    assert read.statement.document.version == 1


@pytest.mark.django_db
def test_sheet_published_meanwhile_is_read_before_going_on(study: Study, manager: Client) -> None:
    bob = Joiner(Client(), study, "bob@example.org")
    shown = form_of(bob.get("join"))
    sheet = "/staff/calm/settings/documents/information/"
    manager.post(f"{sheet}new/")
    send(manager, f"{sheet}draft/", body="New words of the sheet.")
    send(manager, f"{sheet}draft/publish/")
    page = bob.client.post(bob.url("join"), shown, follow=True)
    assert "The text changed while you were reading." in text_of(page)
    assert "New words of the sheet." in text_of(page)


@pytest.mark.django_db
def test_question_added_meanwhile_is_asked_before_agreeing(
    study: Study, ann: Joiner, manager: Client
) -> None:
    shown = form_of(ann.get("join_agreement"))
    address = "/staff/calm/settings/eligibility/"
    page = send(manager, address, do="add")
    new = row(4, question="Do you live in the UK?", key="uk", declined_text="For the UK.")
    send(manager, address, page, do="save", **new)
    response = ann.client.post(ann.url("join_agreement"), shown | TICKS, follow=True)
    assert "Do you live in the UK?" in text_of(response)
    assert nothing_is_saved()


@pytest.mark.django_db
def test_question_removed_meanwhile_is_in_nobodys_way(ann: Joiner, manager: Client) -> None:
    shown = form_of(ann.get("join_agreement"))
    send(manager, "/staff/calm/settings/eligibility/", row=["2", "3"])
    assert ann.client.post(ann.url("join_agreement"), shown | TICKS).status_code == 302


@pytest.mark.django_db
def test_study_closed_meanwhile_is_said_kindly(ann: Joiner, manager: Client) -> None:
    shown = form_of(ann.get("join_agreement"))
    send(manager, "/staff/calm/settings/close/")
    page = ann.client.post(ann.url("join_agreement"), shown | TICKS, follow=True)
    assert page.status_code == 200
    assert nothing_is_saved()


@pytest.mark.django_db
def test_who_has_joined_is_asked_anew_when_that_was_chosen(
    study: Study, ann: Joiner, manager: Client
) -> None:
    ann.agree()
    ann.send("join_about")
    ann.choose_day()
    reword(manager, anew="yes")
    assert "There is something new to read." in text_of(ann.client.get("/home/"))


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_publishing_at_one_moment_end_one_way_or_the_other(
    study: Study, ann: Joiner
) -> None:
    """Whoever comes first: never half of each."""
    manager = managing(study)
    manager.post("/staff/calm/settings/documents/consent/new/")
    send(manager, DRAFT, **row(1, text="I have read all of it, twice."))
    hers, theirs = form_of(ann.get("join_agreement")), manager.get(f"{DRAFT}publish/")
    answers: dict[str, Any] = {}
    start = Barrier(2)

    def agree() -> None:
        start.wait()
        answers["ann"] = ann.client.post(ann.url("join_agreement"), hers | TICKS)
        connections.close_all()

    def publish() -> None:
        start.wait()
        answers["staff"] = send(manager, f"{DRAFT}publish/", theirs, anew="yes")
        connections.close_all()

    threads = [Thread(target=agree), Thread(target=publish)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert answers["staff"].status_code == 302
    assert StaffAction.objects.filter(kind="publish").count() == 1
    agreed = Enrolment.objects.count()
    assert answers["ann"].status_code == (302 if agreed else 200)
    versions = set(ConsentAnswer.objects.values_list("statement__document__version", flat=True))
    assert versions == ({1} if agreed else set())
