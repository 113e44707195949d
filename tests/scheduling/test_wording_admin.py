"""The words of the mails in the admin: looked at, then written anew, and never changed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import escape

from scheduling import prompts, rendering, services, specimen
from scheduling.models import Kind, Prompt, Wording
from scheduling.values import Editions
from scheduling.variables import ALLOWED, meanings
from scheduling.wordings import default_words
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import staff_client
from tests.scheduling.lives import at
from tests.scheduling.test_races import at_once

pytestmark = pytest.mark.django_db

ADD = "/admin/scheduling/wording/add/"
SPECIMEN = "/admin/scheduling/wording/specimen/"


@pytest.fixture
def editor() -> Client:
    return staff_client(superuser=True)


def words(first: Wording, **changes: str) -> dict[str, object]:
    return {
        "study": first.study.pk,
        "kind": "session",
        "subject": "Your {weekday}",
        "heading": "Week {week}",
        "body": "Hello.",
        "button": "Open",
        **changes,
    }


def look(editor: Client, given: dict[str, object]) -> dict[str, object]:
    """What the form holds after the mail was looked at."""
    response = editor.post(ADD, {**given, "_look": ""})
    return {**given, "seen": response.context["look"].seen}


def save(editor: Client, given: dict[str, object]):
    return editor.post(ADD, {**given, "_save": ""})


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def test_new_words_are_looked_at_then_saved_as_a_new_version(editor: Client) -> None:
    first = WordingFactory()
    seen = look(editor, words(first))
    assert Wording.objects.get() == first
    assert save(editor, seen).status_code == 302
    newest = Wording.objects.in_use(first.study.pk, "session")
    assert (newest.version, newest.subject) == (2, "Your {weekday}")
    first.refresh_from_db()
    assert first.subject == "Your {weekday} session"
    assert LogEntry.objects.get().object_id == str(newest.pk)


def test_what_was_not_looked_at_is_not_saved(editor: Client) -> None:
    first = WordingFactory()
    seen = look(editor, words(first))
    for given in (words(first), {**seen, "body": "Other words."}, {**seen, "seen": "2-nonsense"}):
        response = save(editor, given)
        assert response.status_code == 200
        assert response.context["look"].version == 2
        assert Wording.objects.get() == first
    assert "Other words." not in shown(response)


def test_a_study_without_words_of_its_own_begins_with_the_default_ones(editor: Client) -> None:
    study = StudyFactory()
    seen = look(editor, words(Wording(study=study)))
    save(editor, seen)
    versions = Wording.objects.filter(study=study, kind="session").order_by("version")
    assert [each.subject for each in versions] == [
        default_words("session")["subject"],
        "Your {weekday}",
    ]


@time_machine.travel("2026-04-27T09:00Z")
def test_the_editor_sees_what_the_words_would_be_used_for(editor: Client) -> None:
    ann = enrolled(now=at("2026-04-27 09:00"), time="18:00")
    enrolled(study=ann.study, now=at("2026-04-27 09:00"), weekday=5)
    enrolled(now=at("2026-04-27 09:00"))
    first = Wording.objects.in_use(ann.study.pk, "session")
    page = shown(editor.post(ADD, words(first)))
    assert "Saved, these words become version 2" in page
    assert (
        "8 unsent emails will use these words; the next goes Thursday 30 April, 18:00 (UK time)."
        in page
    )
    assert "Emails that were sent, or are being sent, keep the words they had." in page


def test_one_unsent_mail_or_none_is_said_so(editor: Client) -> None:
    prompt = PromptFactory(kind="consent_copy", due_at=MONDAY)
    given = words(WordingFactory(study=prompt.enrolment.study), kind="consent_copy")
    given |= {"heading": "Copy", "subject": "Copy"}
    page = shown(editor.post(ADD, given))
    assert "1 unsent email will use these words; it goes now." in page
    Prompt.objects.update(state="cancelled")
    assert "No email that is planned now would use these words." in shown(editor.post(ADD, given))


def test_the_editor_sees_the_mail_with_made_up_values(editor: Client) -> None:
    given = words(WordingFactory(), body="About *{title}*.")
    page = shown(editor.post(ADD, given))
    assert "Subject: <strong>Your Thursday</strong>" in page
    assert "About A title made up for this example." in page


def test_the_html_comes_by_itself_and_can_neither_run_nor_load_anything(editor: Client) -> None:
    given = words(WordingFactory(), body="About *{title}*. <script>alert(1)</script>")
    response = editor.post(SPECIMEN, given)
    assert "<em>A title made up for this example</em>" in response.content.decode()
    assert "<script" not in response.content.decode()
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "script-src 'none'", "img-src 'none'"} <= {
        each.strip() for each in policy
    }


def test_words_that_cannot_be_sent_are_not_drawn(editor: Client) -> None:
    response = editor.post(SPECIMEN, words(WordingFactory(), body="Dear {name},"))
    assert response.context["adminform"].form.errors.keys() == {"body"}
    assert "sandbox" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_of_mail_has_its_specimen(kind: str) -> None:
    study = StudyFactory()
    wording = Wording(study=study, kind=kind, **default_words(kind))
    mail = specimen.of(wording)
    assert set(specimen.values(study, kind)) == ALLOWED[kind]
    assert study.neutral_name in mail.html
    assert "{" not in mail.subject + mail.text


def test_a_specimen_reads_as_the_mail_itself_does() -> None:
    """Apart from its values: the same words around them, the same links."""
    ann = enrolled(now=MONDAY)
    prompt = ann.prompts.get(kind="session", occurrence=2)
    wording = Wording.objects.in_use(ann.study.pk, "session")
    real = rendering.words_for(prompt, wording, frozenset(), Editions()).text.splitlines()
    made = specimen.of(wording).text.splitlines()
    assert [line for line in real if line.isupper()] == [line for line in made if line.isupper()]
    assert [line[:20] for line in real if "://" in line] == [
        line[:20] for line in made if "://" in line
    ]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (field, text, said)
        for field in ("subject", "heading", "body", "button")
        for text, said in [
            ("Dear {name},", "There is no {name} here."),
            ("{}", "There is no {} here."),
            ("{0}", "There is no {0} here."),
            ("{study.name}", "There is no {study.name} here."),
            ("{study[0]}", "There is no {study[0]} here."),
            ("{study!r}", "Write {study} with nothing but its name between the braces."),
            ("{study:>99}", "Write {study} with nothing but its name between the braces."),
            ("{study:{week}}", "Write {study} with nothing but its name between the braces."),
            ("{study", "A { or } stands alone."),
            ("study}", "A { or } stands alone."),
        ]
    ]
    + [
        ("body", "&#123;name&#125;", "There is no {name} here."),
        ("body", "&lbrace;name&rbrace;", "There is no {name} here."),
        ("body", "![A picture](https://example.org/pixel.gif)", "A mail shows no pictures."),
        ("subject", "Your week\r\nBcc: all@example.org", "Write this in one line."),
        ("heading", "Your week\nis open", "Write this in one line."),
        ("button", "Open\u2028it", "Write this in one line."),
        ("button", "  ", "This mail has a button."),
    ],
)
def test_what_could_not_be_sent_is_refused_beside_its_field(
    editor: Client, field: str, text: str, said: str
) -> None:
    response = editor.post(ADD, words(WordingFactory(), **{field: text}))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert errors.keys() == {field}
    assert said in errors[field][0]
    assert Wording.objects.count() == 1


def test_a_brace_that_is_meant_as_one_is_kept(editor: Client) -> None:
    page = shown(editor.post(ADD, words(WordingFactory(), body="A {{smile}} for {study}.")))
    assert "A {smile} for" in page


def test_the_second_of_two_editors_is_told_and_loses_nothing(editor: Client) -> None:
    first = WordingFactory()
    other = staff_client(superuser=True)
    mine, theirs = look(editor, words(first, body="Mine.")), look(other, words(first, body="No."))
    assert save(other, theirs).status_code == 302
    response = save(editor, mine)
    assert "Somebody else saved version 2 while you were writing." in shown(response)
    assert response.context["adminform"].form["body"].value() == "Mine."
    assert "Saved, these words become version 3" in shown(response)
    assert f'href="/admin/scheduling/wording/{Wording.objects.get(version=2).pk}/' in shown(
        response
    )
    again = {**mine, "seen": response.context["look"].seen}
    assert save(editor, again).status_code == 302
    assert Wording.objects.in_use(first.study.pk, "session").body == "Mine."


def test_the_same_words_sent_twice_are_saved_once_and_accuse_nobody(editor: Client) -> None:
    first = WordingFactory()
    seen = look(editor, words(first))
    for _twice in range(2):
        response = editor.post(ADD, {**seen, "_save": ""}, follow=True)
        assert response.redirect_chain == [("/admin/scheduling/wording/", 302)]
        assert "Weekly session, version 2 is saved, and is used from now on." in shown(response)
    assert Wording.objects.count() == 1 + len(Kind.values)
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_that_reaches_two_processes_at_once_saves_once() -> None:
    first = WordingFactory()
    given = words(first)
    new = {name: str(given[name]) for name in ("kind", "subject", "heading", "body", "button")}

    def save_them() -> None:
        wording = Wording(study=first.study, **new)
        written = services.write_wording(wording=wording, version=2, now=MONDAY)
        assert written.version == 2

    at_once(*[save_them] * 4)
    assert Wording.objects.filter(kind="session", version__gt=1).count() == 1


def test_the_words_in_use_are_not_offered_as_a_new_version(editor: Client) -> None:
    """Nor where the browser ends their lines otherwise than they are kept."""
    first = WordingFactory(body="One.\n\nTwo.")
    same = {**first.words, "body": "One.\r\n\r\nTwo.\r\n"}
    page = shown(editor.post(ADD, words(first, **same)))
    assert "These are the words in use already, as version 1: there is nothing to save" in page
    assert 'name="_save"' not in page
    assert "unsent" not in page
    look(editor, words(first))
    assert 'name="_save"' in shown(editor.post(ADD, words(first)))


def test_the_default_words_are_in_use_where_a_study_has_none_of_its_own(editor: Client) -> None:
    own = {**default_words("session"), "kind": "session"}
    page = shown(editor.post(ADD, words(Wording(study=StudyFactory()), **own)))
    assert "These are the words in use already, as version 1" in page


def test_the_list_marks_the_words_in_use(editor: Client) -> None:
    first = WordingFactory()
    save(editor, look(editor, words(first)))
    WordingFactory()
    listed = editor.get("/admin/scheduling/wording/").context["cl"].result_list
    marked = {(each.study_id, each.kind, each.version): each.is_newest for each in listed}
    assert marked[first.study_id, "session", 1] is False
    assert marked[first.study_id, "session", 2] is True
    assert sum(marked.values()) == len(Kind.values) + 1


def test_the_empty_form_says_which_variables_each_kind_of_mail_has(editor: Client) -> None:
    page = shown(editor.get(ADD))
    for kind in Kind:
        known = ", ".join(f"{{{each}}}" for each in sorted(ALLOWED[kind]))
        assert f"<strong>{kind.label}</strong>: {known}" in page


@pytest.mark.parametrize("kind", ["session", "farewell"])
def test_a_readers_own_links_are_plainly_examples_and_lead_nowhere(kind: str) -> None:
    mail = specimen.of(Wording(study=StudyFactory(), kind=kind, **default_words(kind)))
    assert "None" not in mail.html + mail.text
    assert "/go/an-example/" in mail.text
    assert re.findall(r'href="[^"]*/(?:go|emails)/', mail.html) == []
    assert mail.html.count('href="#"') == 3


def test_a_mail_that_is_being_sent_keeps_the_words_it_was_begun_with() -> None:
    prompt = PromptFactory(kind="session", due_at=MONDAY)
    first = WordingFactory(study=prompt.enrolment.study)
    prompts.begin(prompt, wording=first, message_id="<a@example.org>", now=MONDAY)
    new = Wording(study=first.study, kind="session", **default_words("session"))
    services.write_wording(wording=new, version=2, now=MONDAY + timedelta(seconds=1))
    prompts.sent(prompt, now=MONDAY + timedelta(seconds=2))
    prompt.refresh_from_db()
    assert prompt.wording == first


def test_new_words_begin_with_those_of_a_version_before(editor: Client) -> None:
    first = WordingFactory()
    address = f"/admin/scheduling/wording/{first.pk}/change/"
    assert f"{ADD}?from={first.pk}" in shown(editor.get(address))
    page = shown(editor.get(f"{ADD}?from={first.pk}"))
    assert escape(first.subject) in page
    for nobody in ("", "0", "x"):
        assert editor.get(f"{ADD}?from={nobody}").status_code == 200


def test_words_once_written_are_shown_and_cannot_be_changed(editor: Client) -> None:
    first = WordingFactory()
    address = f"/admin/scheduling/wording/{first.pk}/change/"
    assert editor.get(address).status_code == 200
    assert editor.post(address, words(first)).status_code == 403
    assert editor.post(address.replace("change", "delete")).status_code == 403
    assert Wording.objects.get() == first


@pytest.mark.parametrize("address", [ADD, SPECIMEN])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        (Client, 302),
        (lambda: staff_client(staff=True), 403),
        (lambda: staff_client(researcher_of=StudyFactory()), 302),
    ],
)
def test_nobody_else_sees_or_writes_a_wording(
    address: str, who: Callable[[], Client], status: int
) -> None:
    first = WordingFactory()
    client = who()
    assert client.get(address).status_code == status
    assert client.post(address, {**words(first), "_save": ""}).status_code == status
    assert Wording.objects.count() == 1


def test_the_database_keeps_words_as_they_are() -> None:
    WordingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.update(subject="Other")


def test_each_name_in_braces_is_explained(editor: Client) -> None:
    page = editor.get(ADD).content.decode()

    assert set(meanings()) == set().union(*ALLOWED.values())
    for name, meaning in meanings().items():
        assert f"<strong>{{{name}}}</strong>: {escape(meaning)}" in page


def test_where_words_to_begin_with_are_found_is_said_to_who_has_none(editor: Client) -> None:
    wording = WordingFactory()
    hint = "To begin with words that there are"

    assert hint in shown(editor.get(ADD))
    assert hint not in shown(editor.get(f"{ADD}?from={wording.pk}"))
