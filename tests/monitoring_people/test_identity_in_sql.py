"""No staff page and no export reads who somebody is, unless for those who may look that up.

Every address below /staff/ is walked, as it stands in the URLs, so a new page is caught without
being named here.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.export.fields import TABLE
from participants.models import Enrolment, User
from scheduling import services
from scheduling.models import Prompt, Wording
from studies.models import Study
from tests.factories.participants import UserFactory, invited
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory, DocumentFactory
from tests.monitoring.staff import signed_in, with_second_step
from tests.roles.addresses import all_addresses, filled

# Not who somebody is: a key that leads nowhere without that right; and what staff write of their
# own doing, which is shown to those who manage the study, and may hold no address.
NOT_NAMES = {"user", "invited_by", "recorded_by", "why", "password"}
# Beside our own tables: what sign-in keeps of people, and what the admin's log says of them.
FOREIGN = {"account_emailaddress": {"email"}, "django_admin_log": {"object_repr", "change_message"}}


def identity_columns() -> dict[str, set[str]]:
    """Table to columns: the declared private fields that can name somebody."""
    found = {table: set(columns) for table, columns in FOREIGN.items()}
    for label, fields in TABLE.items():
        model = apps.get_model(label)
        private = set(fields.private.split()) - NOT_NAMES
        if private:
            columns = {model._meta.get_field(name).column for name in private}
            found[model._meta.db_table] = columns
    return found


def reads_of_identity(sql: str) -> set[str]:
    return {
        f"{table}.{column}"
        for table, columns in identity_columns().items()
        for column in columns
        if table in sql and re.search(rf'"{column}"', _without_the_study(sql))
    }


def _without_the_study(sql: str) -> str:
    """A study's own contact address is on its public pages."""
    return sql.replace('"studies_study"."contact_email"', "")


@pytest.fixture
def me(study: Study) -> User:
    rights = {"researcher_of__manages": True, "researcher_of__sees_arm": True}
    return with_second_step(UserFactory(researcher_of=study, **rights))


@pytest.fixture
def person(study: Study) -> Enrolment:
    """With something of everything around them; and colleagues who did something."""
    person = enrolled(study=study, source="poster", arm=None)
    ArmFactory(study=study, key="now")
    DocumentFactory(study=study, kind="consent", statements={"read": True})
    invited(study=study)
    wording = Wording.objects.in_use(study.pk, "consent_copy")
    PromptFactory(enrolment=person, state="unconfirmed", attempted_at=MONDAY, wording=wording)
    colleague = UserFactory(researcher_of=study)
    study.staff_actions.create(enrolment=person, by=colleague, kind="pause", why="-", at=MONDAY)
    person.looks.create(by=colleague, at=MONDAY)
    return person


PARTS = {
    "action": ["move-day", "pause", "send-again", "settle", "withdraw", "resume", "take-back"],
    "section": ["names", "team", "recruiting", "weeks", "keeping"],
}


def staff_addresses(person: Enrolment) -> Iterator[str]:
    values = {"study": "calm", "code": person.code, "kind": "consent", "version": 1}
    for pattern in sorted(all_addresses().values()):
        if pattern.startswith("staff/"):
            name = next((each for each in PARTS if f"{each}>" in pattern), "")
            for part in PARTS.get(name, [""]):
                yield filled(pattern, {**values, name: part})


def queries_of(client: Client, me: User, address: str, data: Any = None) -> list[str]:
    """Those of what the page does, without those that ask who looks."""
    columns = r'"participants_user"\."id"|"participants_enrolment"\."user_id"'
    own = re.compile(rf"(?:{columns}) = {me.pk}\b")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address) if data is None else client.post(address, data)
        if answer.streaming:
            b"".join(answer.streaming_content)
    # Who researches one study starts no other.
    refused = 403 if address == "/staff/new-study/" else 405
    assert answer.status_code in {200, 302, 405, refused}, (address, answer.status_code)
    asked = [query["sql"] for query in captured]
    return [sql for sql in asked if not own.search(sql)]


def test_no_staff_page_reads_who_somebody_is(me: User, person: Enrolment) -> None:
    client, addresses = signed_in(me), list(staff_addresses(person))
    assert len(addresses) > 25
    for address in addresses:
        if "/people/" in address and address.endswith(("/identity/", "/by-address/")):
            continue
        read = {sql: reads_of_identity(sql) for sql in queries_of(client, me, address)}
        assert {sql: columns for sql, columns in read.items() if columns} == {}, address


@pytest.mark.parametrize(
    "query",
    [
        "?status=lost&needs=any&week=1&day=4&source=poster&test=with&sort=-next",
        "?status=completed&needs=address&arm=(none)&sort=status&code=K",
        "?status=invited&needs=not-sent&sort=joined&page=3",
    ],
)
def test_no_filter_or_sort_reads_who_somebody_is(me: User, person: Enrolment, query: str) -> None:
    read = queries_of(signed_in(me), me, f"/staff/calm/people/{query}")
    assert [sql for sql in read if reads_of_identity(sql)] == []


def unconfirmed_of(person: Enrolment) -> str:
    return str(Prompt.objects.get(enrolment=person, state="unconfirmed").pk)


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("move-day", {"weekday": "2", "local_time": "08:00", "zone": "Asia/Tokyo"}),
        ("pause", {"until": "2026-03-02"}),
        ("resume", {}),
        ("send-again", {"one": unconfirmed_of}),
        ("settle", {"one": unconfirmed_of}),
        ("arm", {"one": "now"}),
        ("withdraw", {"level": "training"}),
        ("withdraw", {"level": "everything"}),
    ],
)
def test_what_will_happen_is_shown_without_reading_who_it_happens_to(
    me: User, person: Enrolment, action: str, asked: dict[str, Any]
) -> None:
    asked = {name: each(person) if callable(each) else each for name, each in asked.items()}
    if action == "resume":
        services.pause(enrolment=person, until=date(2026, 3, 2), now=MONDAY)
    address = f"/staff/calm/people/{person.code}/{action}/"
    client = signed_in(me)
    shown = client.get(address, {**asked, "show": ""}).context["shown"]
    read = queries_of(client, me, address, {**asked, "shown": shown, "why": "-", "asked_for": "1"})
    # What a service locks it reads whole; a reason for leaving is private, and names nobody.
    columns = set().union(*(reads_of_identity(sql) for sql in read))
    assert columns <= {"participants_enrolment.withdrawal_reason"}
    assert person.staff_actions.filter(by=me).count() == 1


def test_withdrawing_with_deletion_reads_the_address_of_which_a_digest_is_kept(
    me: User, person: Enrolment
) -> None:
    """One of three exceptions. It is not shown."""
    address, email = f"/staff/calm/people/{person.code}/withdraw/", person.user.email
    client, asked = signed_in(me), {"level": "erasure"}
    page = client.get(address, {**asked, "show": ""})
    told = {**asked, "shown": page.context["shown"], "why": "-", "asked_for": "1"}
    read = queries_of(client, me, address, told)
    columns = set().union(*(reads_of_identity(sql) for sql in read))
    assert columns == {
        "participants_user.email",
        "participants_donotinvite.digest",
        "participants_enrolment.withdrawal_reason",
    }
    shown = client.get(f"/staff/calm/people/{person.code}/").content.decode()
    assert email not in page.content.decode() + shown


@pytest.mark.parametrize("by", ["team", "them"])
def test_ending_an_invitation_reads_the_account_that_it_deletes(
    study: Study, me: User, person: Enrolment, by: str
) -> None:
    """Another: what an account left in sessions and in the log is found by its address,
    and deleted with it. None of it is shown.
    """
    asked = Enrolment.objects.get(study=study, status="invited")
    address = f"/staff/calm/people/{asked.code}/take-back/"
    email = asked.user.email
    client = signed_in(me)
    shown = client.get(address, {"one": by, "show": ""}).context["shown"]
    read = queries_of(client, me, address, {"one": by, "shown": shown, "why": "-"})
    columns = set().union(*(reads_of_identity(sql) for sql in read))
    assert {"participants_user.email", "account_emailaddress.email"} <= columns
    assert not User.objects.filter(email=email).exists()
    assert email not in client.get(f"/staff/calm/people/{asked.code}/").content.decode()


def test_inviting_compares_the_address_that_was_written_and_shows_no_other(
    me: User, person: Enrolment
) -> None:
    """The third: whoever writes an address has it, and learns whether it is here."""
    client, address = signed_in(me), "/staff/calm/enrol/"
    once = client.get(address).context["form"].initial["once"]
    told = {"email": "new@example.org", "zone": "Europe/London", "once": once}
    read = queries_of(client, me, address, told)
    columns = set().union(*(reads_of_identity(sql) for sql in read))
    assert columns == {
        "participants_user.email",
        "participants_donotinvite.digest",
        "participants_enrolment.withdrawal_reason",
    }
    assert person.user.email not in client.get(address).content.decode()
    assert Enrolment.objects.filter(user__email="new@example.org").exists()


@pytest.mark.django_db(transaction=True)
def test_no_export_reads_who_somebody_is(me: User, person: Enrolment) -> None:
    read = queries_of(signed_in(me), me, "/staff/calm/export/", {"day": "", "time": ""})
    assert len([sql for sql in read if "participants_enrolment" in sql]) > 5
    assert [sql for sql in read if reads_of_identity(sql)] == []


def test_reading_an_address_would_be_found(person: Enrolment) -> None:
    """Also one that is only compared, or comes along with a row that was wanted for another."""
    with CaptureQueriesContext(connection) as captured:
        list(Enrolment.objects.select_related("user"))
        list(Enrolment.objects.filter(user__email="ann@example.org").values("code"))
        list(Enrolment.objects.all())
        list(Prompt.objects.select_related("enrolment__study"))
    found = [reads_of_identity(query["sql"]) for query in captured]
    user, reason = "participants_user.email", "participants_enrolment.withdrawal_reason"
    assert found == [{user, reason}, {user}, {reason}, {reason}]


def test_who_may_look_is_told_and_the_look_is_in_the_same_breath(
    study: Study, person: Enrolment
) -> None:
    looker = with_second_step(UserFactory(researcher_of=study, researcher_of__sees_identity=True))
    address = f"/staff/calm/people/{person.code}/identity/"
    read = queries_of(signed_in(looker), looker, address, {"why": "They rang"})
    columns = set().union(*(reads_of_identity(sql) for sql in read))
    assert columns == {"participants_user.email", "participants_consentsignature.typed_name"}
    assert person.looks.filter(by=looker).count() == 1


def test_finding_by_address_asks_for_the_address_alone(study: Study, person: Enrolment) -> None:
    looker = with_second_step(UserFactory(researcher_of=study, researcher_of__sees_identity=True))
    client, address = signed_in(looker), "/staff/calm/people/by-address/"
    assert [sql for sql in queries_of(client, looker, address) if reads_of_identity(sql)] == []
    asked = {"email": User.objects.get(enrolments=person).email, "why": "They wrote to us"}
    read = queries_of(client, looker, address, asked)
    columns = set().union(*(reads_of_identity(sql) for sql in read))
    assert columns == {"participants_user.email", "participants_consentsignature.typed_name"}
    assert person.looks.filter(by=looker).count() == 1
