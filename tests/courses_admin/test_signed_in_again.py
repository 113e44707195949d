"""Signed out while they write, or in again in another window: their words are there to copy."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from courses.models import Module
from tests.courses_admin.conftest import an_editor
from tests.courses_admin.pages import address, opened
from tests.factories.courses import draft_edition

WORDS = "<p>An hour’s work.</p>"


@pytest.fixture
def module(db: None) -> Module:
    return draft_edition(weeks=1).modules.get()


def written(module: Module) -> dict[str, Any]:
    return {**opened(an_editor(), module), "introduction": WORDS}


def copied(page: HttpResponse) -> list[str]:
    return [words for _name, words in page.context["yours"]]


def is_as_it_was(module: Module) -> bool:
    before = module.introduction
    module.refresh_from_db()
    return module.introduction == before


def test_who_signed_in_again_finds_their_words(module: Module) -> None:
    editor = an_editor()
    editor.handler.enforce_csrf_checks = True
    sent = {**written(module), "csrfmiddlewaretoken": "a" * 64}
    editor.get(address(module))

    page = editor.post(address(module), sent)

    assert (page.status_code, page.context["title"]) == (403, "That page had grown old")
    assert WORDS in copied(page)
    assert f'href="{address(module)}"' in page.content.decode()
    assert is_as_it_was(module)


def test_who_is_signed_out_finds_their_words(client: Client, module: Module) -> None:
    sent = written(module)

    page = client.post(address(module), sent)

    assert (page.status_code, page.context["title"]) == (403, "You are signed out")
    assert WORDS in copied(page)
    assert re.search(r'href="/admin/login/\?next=[^"]+"', page.content.decode())
    assert is_as_it_was(module)


def test_who_lost_every_cookie_finds_their_words(module: Module) -> None:
    """As in a window that forgets: there is no sign-in then, and nothing to hold the form against."""
    stranger = Client(enforce_csrf_checks=True)

    page = stranger.post(address(module), written(module), headers={"origin": "http://testserver"})

    assert (page.status_code, page.context["title"]) == (403, "You are signed out")
    assert WORDS in copied(page)
    assert re.search(r'href="/admin/login/\?next=[^"]+">Sign in</a>', page.content.decode())
    assert is_as_it_was(module)


@pytest.mark.parametrize(
    "origin", [{}, {"origin": "https://elsewhere.example"}, {"origin": "null"}]
)
def test_nobody_elsewhere_shows_words_of_theirs_here(
    module: Module, origin: dict[str, str]
) -> None:
    page = Client(enforce_csrf_checks=True).post(address(module), written(module), headers=origin)

    assert page.status_code == 403
    assert "An hour’s work." not in page.content.decode()
    assert is_as_it_was(module)


def test_words_that_a_stranger_sends_do_nothing_on_the_page(client: Client, module: Module) -> None:
    page = client.post(address(module), {"introduction": "</textarea><script>alert(1)</script>"})

    assert "<script>alert" not in page.content.decode()


def test_what_was_written_in_the_editor_is_copied_as_it_looked(
    client: Client, module: Module
) -> None:
    written = "<h2>An hour</h2><ul><li>of work</li></ul>"
    sent = {"introduction": f"{written}<script>alert(1)</script>", "title": "Plain <b> words"}

    page = client.post(address(module), sent).content.decode()

    assert f'<div class="read">{written}</div>' in page
    assert "Plain &lt;b&gt; words</textarea>" in page
    assert "alert(1)" not in page


def test_who_is_signed_out_is_not_told_that_they_have_no_rights(
    client: Client, module: Module
) -> None:
    page = client.post(address(module), written(module)).content.decode()

    assert "permission" not in page


def test_the_words_of_a_mail_are_kept_too(client: Client, db: None) -> None:
    sent = {"subject": "Week two", "heading": "Hello", "body": "Words.", "button": "Open"}

    page = client.post("/admin/scheduling/wording/add/", {**sent, "study": "1", "kind": "session"})

    assert copied(page) == list(sent.values())


def test_without_words_a_stranger_is_sent_to_sign_in(client: Client, module: Module) -> None:
    assert client.post(address(module), {"post": "yes"}).status_code == 302


def test_elsewhere_an_old_page_is_said_to_be_old(client: Client, db: None) -> None:
    client.handler.enforce_csrf_checks = True

    page = client.post("/accounts/login/", {"title": "Words"})

    assert page.status_code == 403
    assert "Words" not in page.content.decode()
