"""Two people at one part of a study: the second is told, loses nothing, and decides."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from monitoring.models import StaffAction
from studies.models import Study
from tests.factories.participants import invited
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import fields_of, send, text_of
from tests.monitoring_settings.test_sections import at

pytestmark = pytest.mark.django_db

SETTINGS = "/staff/calm/settings/"


def test_the_second_of_two_is_told_loses_nothing_and_decides(study: Study, manager: Client) -> None:
    other = managing(study)
    mine, theirs = manager.get(at("team")), other.get(at("team"))
    send(other, at("team"), theirs, institution="Theirs", lead_name="Their lead")
    page = send(manager, at("team"), mine, institution="Mine", why="A reason")
    study.refresh_from_db()
    assert (study.institution, study.lead_name) == ("Theirs", "Their lead")
    assert "Somebody saved this while you were writing." in text_of(page)
    assert page.context["theirs"] == [("Run by", "Theirs"), ("Lead", "Their lead")]
    assert fields_of(page)["institution"] == ["Mine"]
    assert fields_of(page)["why"] == ["A reason"]
    assert send(manager, at("team"), page).status_code == 302
    study.refresh_from_db()
    assert (study.institution, study.lead_name) == ("Mine", "The research team")
    assert StaffAction.objects.count() == 2


def test_another_part_that_is_saved_meanwhile_is_in_nobodys_way(
    study: Study, manager: Client
) -> None:
    mine = manager.get(at("names"))
    send(managing(study), at("recruiting"), capacity="40")
    assert send(manager, at("names"), mine, public_name="Mine").status_code == 302
    study.refresh_from_db()
    assert (study.public_name, study.capacity) == ("Mine", 40)


def test_a_page_without_its_mark_saves_nothing(study: Study, manager: Client) -> None:
    for mark in (None, "", "0" * 16):
        page = send(manager, at("names"), public_name="Mine", shown=mark)
        assert page.status_code == 200
        assert "Somebody saved this" in text_of(page)
    study.refresh_from_db()
    assert study.public_name == "A calm study"


@pytest.mark.django_db(transaction=True)
def test_of_two_hands_at_one_section_one_saves_and_the_other_is_shown_what_was_saved(
    study: Study, manager: Client
) -> None:
    """Both have read the page, and both are ready to save before either has."""
    page = manager.get(at("names"))

    def press(name: str) -> Any:
        own = Client()
        own.cookies = manager.cookies
        try:
            return send(own, at("names"), page, public_name=name)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as hands:
        with transaction.atomic():
            Study.objects.select_for_update().get(pk=study.pk)
            pressed = [hands.submit(press, name) for name in ("One name", "Another name")]
            sleep(1)
        answers = {each.result().status_code: each.result() for each in pressed}

    assert sorted(answers) == [200, 302]
    study.refresh_from_db()
    assert study.public_name in text_of(answers[200])
    assert StaffAction.objects.count() == 1


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one that writes at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "given"),
    [
        (at("names"), {"public_name": "A name"}),
        (f"{SETTINGS}documents/information/new/", {}),
        (f"{SETTINGS}close/", {}),
    ],
)
def test_nobody_at_the_settings_waits_while_a_list_is_saved(
    study: Study, manager: Client, address: str, given: dict[str, Any]
) -> None:
    page = manager.get(address) if given else None

    def press() -> int:
        try:
            return int(send(manager, address, page, **given).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as hand, transaction.atomic():
        invited(study=study)
        connection.check_constraints()  # as while a long list is committed, which takes a while
        pressed = hand.submit(press)
        try:
            assert pressed.result(timeout=10) == 302
        finally:
            transaction.set_rollback(True)
