"""A forwarded mail gives its reader the weeks, and nothing else.

Every address of the platform is tried from a visit that a mailed link has opened, by GET and by a
POST that would do harm. How each answers, docs/roles.md says; here, that none tells or does more.
"""

import io
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from participants.models import ConsentSignature, Demographics, Enrolment, User
from scheduling import links
from scheduling.models import Prompt, Rhythm
from tests.factories.participants import UserFactory
from tests.portal_weeks.people import WEEK_ONE, shown_on, token_of
from tests.roles import table
from tests.roles.addresses import all_addresses, filled
from tests.roles.world import HARM
from tests.scheduling.wire import everything

ADDRESSES = all_addresses()
# Each has a test of its own below, or in tests/portal_weeks/test_links.py.
LINKS_THEMSELVES = {
    "portal:go",
    "portal:new_link",
    "portal:stop_mail",
    "portal:decline",
    "portal:sign_out",
    "account_logout",
}


def grouped() -> dict[str, list[str]]:
    """Names of addresses, by what docs/roles.md says of who came by a link."""
    rows = table.read()
    groups: dict[str, list[str]] = {"weeks": [], "code": [], "everybody": [], "staff": []}
    for name in sorted(ADDRESSES.keys() - LINKS_THEMSELVES):
        address = table.shown(ADDRESSES[name])
        row = rows.get(address, {"by link": "", "stranger": ""})
        if address.startswith(("/staff/", "/admin/", "/accounts/2fa/", "/accounts/reauth")):
            groups["staff"].append(name)
        elif "code" in row["by link"].split(", "):
            groups["code"].append(name)
        else:
            same = row["by link"] == row["stranger"]
            groups["everybody" if same else "weeks"].append(name)
    return groups


GROUPS = grouped()


@pytest.fixture
def private(person: Enrolment) -> list[str]:
    """What a reader must never find: the words, once they are stored."""
    User.objects.filter(pk=person.user_id).update(email="ann.secret@hidden.example")
    assert ConsentSignature.objects.get(enrolment=person).typed_name == "Demo Person"
    Demographics.objects.create(
        enrolment=person,
        age=47,
        age_answered="answered",
        gender="own_words",
        gender_answered="answered",
        gender_own_words="Unmistakable",
    )
    return ["ann.secret", "hidden.example", "Demo Person", "Unmistakable", person.code]


@pytest.fixture
def values(person: Enrolment) -> dict[str, Any]:
    week = person.edition.modules.get(week=1)
    return {
        "study": person.study.slug,
        "week": 1,
        "key": week.materials.get(kind="handout").key,
        "material": week.materials.get(kind="video").pk,
        "what": "file",
        "kind": "worries",
        "token": token_of(person),
        "level": "erasure",
        "provider": "mailgun",
        "pk": person.edition_id,
        "object_id": person.user_id,
        "content_type_id": 1,
        "app_label": "participants",
        "url": "participants/enrolment/",
        "version": 1,
        "section": "names",
        "code": "AAA-AAA",
        "action": "pause",
        "name": "file",
    }


def words_of(response: Any) -> str:
    """Whatever came back, unpacked: headers, the page, the files of a pack."""
    content = b"".join(response) if response.streaming else response.content
    if response.get("Content-Type") == "application/zip":
        pack = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(pack.read(name) for name in pack.namelist())
    return f"{response.headers} {content.decode('utf-8', 'replace')}"


def found_in(response: Any, private: list[str]) -> list[str]:
    words = words_of(response)
    return [each for each in private if each in words]


@pytest.mark.parametrize("name", GROUPS["weeks"])
def test_the_weeks_open_and_say_nothing_of_the_person(
    by_link: Client, values: dict[str, Any], private: list[str], name: str
) -> None:
    address = filled(ADDRESSES[name], values)
    for response in (by_link.get(address), by_link.post(address, HARM)):
        assert found_in(response, private) == []
        assert "/accounts/login/" not in response.get("Location", "")


@pytest.mark.parametrize("name", GROUPS["code"])
def test_all_else_of_the_person_asks_for_a_code(
    by_link: Client, values: dict[str, Any], private: list[str], name: str
) -> None:
    address = filled(ADDRESSES[name], values)
    before = everything()
    for response in (by_link.get(address), by_link.post(address, HARM), by_link.head(address)):
        assert response.status_code in {403, 405}
        assert found_in(response, private) == []
        assert set(response.cookies) <= {"csrftoken"}
    ask = by_link.post if name == "portal:address_works" else by_link.get
    assert "This page asks for a code" in ask(address).content.decode()
    assert everything() == before
    assert mail.outbox == []


@pytest.mark.parametrize("name", GROUPS["everybody"])
def test_what_is_there_for_everyone_is_no_more_for_who_has_a_link(
    by_link: Client, person: Enrolment, values: dict[str, Any], private: list[str], name: str
) -> None:
    address = filled(ADDRESSES[name], values)
    rows = _of(person)
    for ask in ("get", "post"):
        here = getattr(by_link, ask)(address, HARM if ask == "post" else None)
        there = getattr(Client(), ask)(address, HARM if ask == "post" else None)
        assert here.status_code == there.status_code
        assert here.get("Location") == there.get("Location")
        assert found_in(here, private) == []
    assert _of(person) == rows
    assert {address for each in mail.outbox for address in each.to} <= {"evil@example.org"}


def test_staff_pages_and_what_guards_a_sign_in_are_for_those_signed_in(
    by_link: Client, values: dict[str, Any], private: list[str]
) -> None:
    before = everything()
    for name in GROUPS["staff"]:
        address = filled(ADDRESSES[name], values)
        for response in (
            by_link.get(address, follow=True),
            by_link.post(address, HARM, follow=True),
        ):
            ended = response.request["PATH_INFO"]
            assert response.status_code in {404, 405} or ended == "/accounts/login/", address
            assert found_in(response, private) == []
    assert everything() == before


@pytest.mark.parametrize("name", ["portal:go", "portal:new_link", "portal:stop_mail"])
def test_the_links_own_pages_name_nobody(
    by_link: Client, person: Enrolment, private: list[str], name: str
) -> None:
    token = links.stop_token_for(person) if name == "portal:stop_mail" else token_of(person)
    address = reverse(name, args=[token])
    for response in (by_link.get(address), Client().get(address), by_link.post(address)):
        assert found_in(response, private) == []


def test_nor_does_the_page_of_a_link_that_has_run_out(
    person: Enrolment, private: list[str], clock: Any
) -> None:
    clock(WEEK_ONE + timedelta(days=61))
    for address in (f"/go/{token_of(person)}/", f"/go/{token_of(person)}/again/"):
        for response in (Client().get(address), Client().post(address)):
            assert found_in(response, private) == []


@pytest.mark.parametrize("name", ["portal:sign_out", "account_logout"])
def test_who_signs_out_of_a_visit_by_link_is_out(by_link: Client, name: str) -> None:
    by_link.post(reverse(name))
    assert by_link.get("/home/").status_code == 302


def test_a_reader_pauses_and_goes_on_and_moves_no_day(by_link: Client, person: Enrolment) -> None:
    """As ADR 0006 has it: a pause can be undone from the next mail, or on the pages."""
    rhythm = Rhythm.objects.filter(enrolment=person)
    day = list(rhythm.values("weekday", "local_time", "zone"))
    until = {"until": "2026-02-12", **_HARMLESS}
    shown = shown_on(by_link.get("/home/pause/", {**until, "show": ""}))
    by_link.post("/home/pause/", {**until, "save": "1", "shown": shown})
    assert rhythm.get().paused_until == date(2026, 2, 12)
    shown = shown_on(by_link.get("/home/pause/"))
    by_link.post("/home/pause/", {"resume": "1", "shown": shown, **_HARMLESS})
    assert rhythm.get().paused_until is None
    assert list(rhythm.values("weekday", "local_time", "zone")) == day


def test_a_reader_cannot_come_to_the_weeks_of_anybody_else(by_link: Client) -> None:
    from tests.factories.scheduling import enrolled

    other = enrolled(now=WEEK_ONE)
    for material in other.edition.modules.get(week=1).materials.all():
        assert by_link.get(f"/media/{material.pk}/file/").status_code == 404
    by_link.post("/home/which/", {"code": other.code})
    assert by_link.get("/home/").context["enrolment"] != other


def test_a_reader_who_is_signed_in_elsewhere_is_not_let_into_both(
    person: Enrolment, clock: Any
) -> None:
    reader = Client()
    reader.force_login(UserFactory())
    assert reader.post(f"/go/{token_of(person)}/").status_code == 403
    assert "There is nothing here yet" in reader.get("/home/").content.decode()


def test_the_pages_of_a_visit_by_link_lead_only_where_it_may_go_or_ask(
    by_link: Client, values: dict[str, Any]
) -> None:
    """A button that ends in "asks for a code" is a promise kept; one that ends in 500 is none."""
    for start in ("/home/", "/week/1/", "/home/pause/"):
        page = by_link.get(start).content.decode()
        for address in set(re.findall(r'href="(/[^"#?]*)', page)) - {"/static/"}:
            if not address.startswith(("/static/", "/media/")):
                assert by_link.get(address).status_code in {200, 302, 403}, address


_HARMLESS = {"weekday": "1", "local_time": "08:00", "zone": "Asia/Tokyo"}


def _of(person: Enrolment) -> list[Any]:
    """Every row that is the person's own."""
    return [
        list(Enrolment.objects.filter(pk=person.pk).values()),
        list(User.objects.filter(pk=person.user_id).values()),
        list(Rhythm.objects.filter(enrolment=person).values()),
        list(Prompt.objects.filter(enrolment=person).order_by("pk").values()),
        list(person.sessions.order_by("pk").values()),
        list(person.consent_answers.order_by("pk").values()),
        list(Demographics.objects.filter(enrolment=person).values()),
    ]
