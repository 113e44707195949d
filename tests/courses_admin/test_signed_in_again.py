"""Signed out while they write, or in again in another window: their words are there to copy."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from time import monotonic
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from courses.models import Module
from tests.courses_admin.conftest import an_editor
from tests.courses_admin.pages import address, filled_in
from tests.factories.courses import draft_edition
from tests.factories.studies import DocumentFactory
from tests.monitoring.staff import staff_client

WORDS = "<p>An hour’s work.</p>"
# A few kilobytes that become hundreds of thousands of elements where they are put in order.
TANGLED = "<p>" + "".join(f"<b title={number}>" for number in range(600)) + "<p>x" * 600


@pytest.fixture
def module(db: None) -> Module:
    return draft_edition(weeks=1).modules.get()


def written(module: Module) -> dict[str, Any]:
    page = an_editor().get(address(module))
    return {**filled_in(page), **ours(page), "introduction": WORDS}


def ours(page: HttpResponse) -> dict[str, str]:
    """The mark that the form of a page carries."""
    [mark] = re.findall(r'<input type="hidden" name="ours" value="([^"]+)">', page.content.decode())
    return {"ours": mark}


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
    page = Client(enforce_csrf_checks=True).post(address(module), written(module))

    assert (page.status_code, page.context["title"]) == (403, "You are signed out")
    assert WORDS in copied(page)
    assert re.search(r'href="/admin/login/\?next=[^"]+">Sign in</a>', page.content.decode())
    assert is_as_it_was(module)


@pytest.mark.parametrize(("who", "checked"), [(an_editor, True), (Client, True), (Client, False)])
@pytest.mark.parametrize("mark", ["", "ours", "ours:1:x"])
def test_nobody_elsewhere_shows_words_of_theirs_here(
    module: Module, who: Callable[[], Client], checked: bool, mark: str
) -> None:
    somebody = who()
    somebody.handler.enforce_csrf_checks = checked

    page = somebody.post(address(module), {**written(module), "ours": mark})

    assert "An hour’s work." not in page.content.decode()
    assert is_as_it_was(module)


def test_words_from_a_page_older_than_any_sign_in_are_not_shown(module: Module) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        sent = written(module)

    page = Client(enforce_csrf_checks=True).post(address(module), sent)

    assert "An hour’s work." not in page.content.decode()


def test_what_a_stranger_tangled_takes_no_time(client: Client, module: Module) -> None:
    began = monotonic()

    client.post(address(module), {"introduction": TANGLED})

    assert monotonic() - began < 5


class BrokenOff(BytesIO):
    def read(self, *_: Any) -> bytes:
        raise OSError("connection reset")


def test_a_form_that_broke_off_on_its_way_is_no_fault_of_ours(module: Module) -> None:
    stranger = Client(enforce_csrf_checks=True)

    page = stranger.post(address(module), written(module), **{"wsgi.input": BrokenOff()})

    assert page.status_code == 403


def test_words_of_who_is_signed_out_do_nothing_on_the_page(client: Client, module: Module) -> None:
    sent = {**written(module), "introduction": "</textarea><script>alert(1)</script>"}

    page = client.post(address(module), sent)

    assert "&lt;/textarea&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_what_was_written_in_the_editor_is_copied_as_it_looked(
    client: Client, module: Module
) -> None:
    shown = "<h2>An hour</h2><ul><li>of work</li></ul>"
    sent = {
        **written(module),
        "introduction": f"{shown}<script>alert(1)</script>",
        "title": "Plain <b> words",
    }

    page = client.post(address(module), sent).content.decode()

    assert f'<div class="read">{shown}</div>' in page
    assert "Plain &lt;b&gt; words</textarea>" in page
    assert "alert(1)" not in page


def test_who_is_signed_out_is_not_told_that_they_have_no_rights(
    client: Client, module: Module
) -> None:
    page = client.post(address(module), written(module)).content.decode()

    assert "permission" not in page


def test_the_words_of_a_mail_are_kept_too(client: Client, editor: Client) -> None:
    sent = {"subject": "Week two", "heading": "Hello", "body": "Words.", "button": "Open"}
    where = "/admin/scheduling/wording/add/"
    others = {"study": "1", "kind": "session", **ours(editor.get(where))}

    page = client.post(where, {**sent, **others})

    assert copied(page) == list(sent.values())


def test_what_people_agree_to_is_kept_too(client: Client, db: None) -> None:
    document = DocumentFactory()
    where = f"/admin/studies/document/{document.pk}/change/"
    mark = ours(staff_client(superuser=True).get(where))

    page = client.post(where, {"title": "Consent", "statements-0-text": "I agree.", **mark})

    assert copied(page) == ["Consent", "I agree."]


def test_without_words_a_stranger_is_sent_to_sign_in(client: Client, module: Module) -> None:
    sent = {**ours(an_editor().get(address(module))), "post": "yes"}

    assert client.post(address(module), sent).status_code == 302


def test_elsewhere_an_old_page_is_said_to_be_old(client: Client, db: None) -> None:
    client.handler.enforce_csrf_checks = True

    page = client.post("/accounts/login/", {"title": "Words"})

    assert page.status_code == 403
    assert "Words" not in page.content.decode()
