"""Forgetting one person: their visits and the log's lines about them go, and nobody else's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as BrowserSession
from django.http import HttpRequest
from django.test import Client, override_settings

from participants.accounts import remove_accounts
from participants.erasure import erase_identity
from participants.models import ConsentSignature, Enrolment, User
from participants.withdrawal import withdraw
from portal.access import open_link_session
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def visit(**content: Any) -> str:
    """The key of a session that holds this."""
    session = SessionStore()
    session.update(content)
    session.save()
    key: str = session.session_key
    return key


def visits() -> set[str]:
    return set(BrowserSession.objects.values_list("session_key", flat=True))


def visit_by_link(enrolment: Enrolment) -> str:
    request = HttpRequest()
    request.session = SessionStore()
    open_link_session(request, enrolment, now=NOW)
    request.session.save()
    return str(request.session.session_key)


def log_line(about: str = "something", change: str = "", row: object = None) -> LogEntry:
    """`row`: what the line is about, by content type and key."""
    return LogEntry.objects.create(
        user=UserFactory(superuser=True),
        content_type=row and ContentType.objects.get_for_model(row),
        object_id=row and str(row.pk),
        object_repr=about,
        change_message=change,
        action_flag=CHANGE,
    )


def lines() -> set[LogEntry]:
    return set(LogEntry.objects.all())


def erased(enrolment: Enrolment) -> None:
    withdraw(enrolment=enrolment, level=Enrolment.Withdrawal.ERASURE, reason="", now=NOW)
    erase_identity(enrolment=enrolment, now=NOW)


@pytest.mark.parametrize("name", ["e", "a", "code", "Demo", ".", "{", "en", '"'])
def test_a_typed_name_takes_nothing_of_others_along(name: str) -> None:
    leaving = EnrolmentFactory(agreed=False)
    ConsentSignature.objects.create(
        enrolment=leaving,
        document=leaving.study.documents.first(),
        typed_name=name,
        signed_at=NOW,
    )
    kept = visit(_auth_user_id=str(UserFactory().pk), _language="en", method="code", name=name)
    line = log_line("Demo study", '[{"changed": {"fields": ["code", "a", "e"]}}]')
    erased(leaving)
    assert (visits(), lines()) == ({kept}, {line})


@pytest.mark.parametrize(
    "other",
    ["maria@b.com", "a@b.com", "a@b.co.uk", "xa@b.co", "x.a@b.co", "d'a@b.co", "x+a@b.co", "a@b"],
)
def test_an_address_within_a_longer_one_is_another(other: str) -> None:
    user = UserFactory(email="a@b.co")
    kept = {
        visit(account_login={"email": other, "state": {"email": other}}),
        visit(_messages=f"Written to {other}."),
    }
    left = {
        log_line(other),
        log_line("x", f"Wrote to {other}."),
        log_line("x", f'[{{"changed": {{"name": "address", "object": "{other}"}}}}]'),
    }
    remove_accounts(users=[user])
    assert (visits(), lines()) == (kept, left)


@pytest.mark.parametrize("stranger", [1, 11, 111])
def test_a_number_that_begins_alike_is_another_account(stranger: int) -> None:
    for pk in (1, 11, 111):
        User.objects.create(pk=pk, email=f"number-{pk}@example.org", date_joined=NOW)
    theirs = visit(_auth_user_id=str(stranger))
    others = {visit(_auth_user_id=str(pk)) for pk in {1, 11, 111} - {stranger}}
    others |= {visit(number=stranger, text=str(stranger)), visit()}
    remove_accounts(users=[User.objects.get(pk=stranger)])
    assert theirs not in visits()
    assert visits() == others


def test_the_address_goes_wherever_a_session_holds_it_whole() -> None:
    user = UserFactory(email="ann@example.org")
    EmailAddress.objects.create(user=user, email="Ann.Second@example.org")
    visit(account_login={"email": "ANN@example.org", "state": {"code": "ABC"}})
    visit(new_address={"email": "ann.second@example.org", "tries": 0})
    visit(account_authentication_methods=[{"method": "code", "email": "ann@example.org"}])
    visit(long="x" * 3000, email="ann@example.org")
    kept = visit(account_login={"email": "joann@example.org"})
    remove_accounts(users=[user])
    assert visits() == {kept}


def test_a_sign_in_that_waits_for_its_code_goes() -> None:
    user, stranger = UserFactory(email="ann@example.org"), UserFactory(email="joann@example.org")
    clients = {each: Client() for each in (user, stranger)}
    for each, client in clients.items():
        assert client.post("/accounts/login/", {"login": each.email}).status_code == 302
    assert "django_session.session_data" in places_of("ann@example.org")
    remove_accounts(users=[user])
    assert visits() == {clients[stranger].session.session_key}


def test_a_session_signed_with_a_former_key_is_read_as_any_other() -> None:
    with override_settings(SECRET_KEY="a-former-key"):
        visit(email="ann@example.org")
        kept = visit(email="other@example.org")
    spoilt = visit()
    BrowserSession.objects.filter(pk=spoilt).update(session_data="nothing that can be unpacked")
    remove_accounts(users=[UserFactory(email="ann@example.org")])
    assert visits() == {kept, spoilt}


def test_a_visit_by_link_goes_with_its_enrolment_and_no_other() -> None:
    leaving, staying = EnrolmentFactory(), EnrolmentFactory()
    visit_by_link(leaving)
    kept = {visit_by_link(staying), visit(enrolment=leaving.pk, _auth_user_id="0"), visit(link="x")}
    erased(leaving)
    assert visits() == kept


def test_a_visit_by_link_goes_also_where_the_account_is_kept() -> None:
    leaving = EnrolmentFactory()
    other = EnrolmentFactory(user=leaving.user)
    visit_by_link(leaving)
    kept = {visit_by_link(other), visit(_auth_user_id=str(leaving.user.pk))}
    erased(leaving)
    assert visits() == kept


def test_lines_about_the_account_go_whatever_they_say() -> None:
    user, stranger = UserFactory(pk=41), UserFactory(pk=410)
    log_line("no address", row=user)
    kept = {log_line("no address", row=stranger), log_line("study 41", row=_study_numbered(41))}
    remove_accounts(users=[user])
    assert lines() == kept


def _study_numbered(pk: int) -> Any:
    study = EnrolmentFactory().study
    study.pk = pk  # not saved: only its content type and number are asked for
    return study


@pytest.mark.parametrize(
    "words",
    [
        "ann@example.org",
        "Wrote to ANN@Example.org.",
        "User 'ann@example.org' (41), and more",
        "<ann@example.org>",
        "“ann@example.org”",
        '[{"added": {"name": "email address", "object": "ann@example.org"}}]',
        '[{"added": {"name": "email address", "object": "\\u201cann@example.org\\u201d"}}]',
        '["broken JSON, ann@example.org',
    ],
)
def test_lines_that_name_the_address_go(words: str) -> None:
    log_line(change=words)
    if not words.startswith("["):
        log_line(about=words)
    kept = log_line("ann", "example.org")
    remove_accounts(users=[UserFactory(email="ann@example.org")])
    assert lines() == {kept}


def test_removing_nobody_removes_nothing() -> None:
    kept = {visit(), visit(email=""), visit(link={"enrolment": None})}
    line = log_line("@")
    remove_accounts(users=[])
    assert (visits(), lines()) == (kept, {line})
