"""Agreeing: nothing is half-saved, and nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from participants.models import ConsentAnswer, ConsentSignature, Enrolment, User
from scheduling.models import Prompt
from studies.models import Document, Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import RESEARCH_STATEMENTS, StudyFactory, published_document
from tests.portal_joining.walk import STATEMENTS, Joiner, form_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading(ann: Joiner) -> Joiner:
    """Ann has the agreement before her."""
    ann.reach_agreement()
    return ann


def nothing_is_saved() -> bool:
    return not (
        Enrolment.objects.exists()
        or ConsentAnswer.objects.exists()
        or ConsentSignature.objects.exists()
        or Prompt.objects.exists()
    )


def newer_version(study: Study, kind: str = Document.Kind.CONSENT) -> Document:
    statements = RESEARCH_STATEMENTS if kind == Document.Kind.CONSENT else {}
    return published_document(study=study, kind=kind, statements=statements, body="<p>Newer.</p>")


def test_nothing_is_ticked_beforehand(reading: Joiner) -> None:
    document = Document.objects.get(kind=Document.Kind.CONSENT)
    assert form_of(reading.get("join_agreement")) == {
        "document": str(document.pk),
        "typed_name": "",
    }


@pytest.mark.parametrize("left_out", STATEMENTS)
def test_a_required_statement_left_out_is_named_and_the_rest_is_kept(
    reading: Joiner, left_out: str
) -> None:
    ticks = {f"statement-{key}": "on" for key in STATEMENTS if key != left_out}
    page = reading.send("join_agreement", typed_name="Ann Demo", **ticks)
    assert text_of(page).count(f"To take part, tick “I agree to “{left_out}”.”") == 2
    assert form_of(page) == form_of(page) | ticks | {"typed_name": "Ann Demo"}
    assert nothing_is_saved()


def test_a_name_is_needed(reading: Joiner) -> None:
    page = reading.agree(typed_name="   ")
    assert text_of(page).count("Type your full name to sign.") == 2
    assert nothing_is_saved()


def test_a_name_too_long_is_refused_with_a_sentence(reading: Joiner) -> None:
    page = reading.agree(typed_name="A" * 201)
    assert "Type your name in no more than 200 letters." in text_of(page)
    assert nothing_is_saved()


def test_an_optional_statement_left_out_is_stored_as_no(reading: Joiner) -> None:
    reading.agree()
    assert ConsentAnswer.objects.get(statement__key="interview").agreed is False


def test_wording_that_changed_while_it_was_read_is_shown_anew(reading: Joiner) -> None:
    shown = form_of(reading.get("join_agreement"))
    newer = newer_version(reading.study)
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    page = reading.client.post(
        reading.url("join_agreement"), shown | ticks | {"typed_name": "Ann Demo"}
    )
    assert "The wording changed while you were reading, so nothing is saved." in text_of(page)
    assert form_of(page) == {"document": str(newer.pk), "typed_name": "Ann Demo"}
    assert nothing_is_saved()
    reading.agree()
    assert set(ConsentAnswer.objects.values_list("statement__document", flat=True)) == {newer.pk}


def test_a_newer_information_sheet_is_read_before_agreeing(reading: Joiner) -> None:
    newer_version(reading.study, Document.Kind.INFORMATION)
    assert reading.get("join_agreement")["Location"] == reading.url("join")
    assert "This text has changed since you read it." in text_of(reading.get("join"))
    assert reading.read()["Location"] == reading.url("join_agreement")


def test_a_sheet_that_changed_while_it_was_read_is_shown_anew(ann: Joiner) -> None:
    shown = form_of(ann.get("join"))
    newer_version(ann.study, Document.Kind.INFORMATION)
    page = ann.client.post(ann.url("join"), shown, follow=True)
    assert "The text changed while you were reading." in text_of(page)
    assert ann.get("join_question", "adult")["Location"] == ann.url("join")


@pytest.mark.parametrize("document", ["", "0", "x", "99999999999999999999"])
def test_a_version_that_does_not_exist_counts_as_changed(reading: Joiner, document: str) -> None:
    page = reading.agree(document=document)
    assert "The wording changed while you were reading" in text_of(page)
    assert nothing_is_saved()


def test_the_form_of_another_study_is_refused(reading: Joiner) -> None:
    other = StudyFactory(edition=reading.study.edition)
    foreign = other.documents.get(kind=Document.Kind.CONSENT)
    page = reading.agree(document=str(foreign.pk))
    assert "The wording changed while you were reading" in text_of(page)
    assert nothing_is_saved()


def test_sending_twice_makes_one_enrolment_and_one_mail(reading: Joiner) -> None:
    shown = form_of(reading.get("join_agreement"))
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    sent = shown | ticks | {"typed_name": "Ann Demo"}
    first = reading.client.post(reading.url("join_agreement"), sent)
    second = reading.client.post(reading.url("join_agreement"), sent)
    assert first["Location"] == second["Location"] == reading.url("join_about")
    assert (Enrolment.objects.count(), Prompt.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_enrolment_and_one_mail(ann: Joiner) -> None:
    ann.reach_agreement()
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    sent = form_of(ann.get("join_agreement")) | ticks | {"typed_name": "Ann Demo"}
    together(2, lambda _: twin(ann).client.post(ann.url("join_agreement"), sent))
    assert (Enrolment.objects.count(), Prompt.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_one_gets_the_last_place(ann: Joiner, bob: Joiner) -> None:
    Study.objects.update(capacity=1)
    forms = []
    for person in (ann, bob):
        person.reach_agreement()
        ticks = {f"statement-{key}": "on" for key in STATEMENTS}
        forms.append(form_of(person.get("join_agreement")) | ticks | {"typed_name": "Demo"})
    pages: dict[int, str] = {}

    def press(index: int) -> None:
        person = (ann, bob)[index]
        answer = person.client.post(person.url("join_agreement"), forms[index])
        pages[index] = text_of(answer)

    together(2, press)
    assert Enrolment.objects.count() == 1
    assert sum("Every place is taken" in page for page in pages.values()) == 1


def twin(person: Joiner) -> Joiner:
    """The same browser, in a second window."""
    client = Client()
    client.cookies = person.client.cookies
    return Joiner(client, person.study, person.email)


def together(count: int, act: Callable[[int], object]) -> None:
    start = Barrier(count)

    def run(index: int) -> None:
        start.wait(timeout=10)
        try:
            act(index)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[index]) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)


def test_a_study_that_filled_up_meanwhile_says_so(reading: Joiner) -> None:
    Study.objects.update(capacity=1)
    EnrolmentFactory(study=reading.study)
    assert "Every place is taken" in text_of(reading.get("join_agreement"))
    sent = reading.client.post(reading.url("join_agreement"), {"typed_name": "Ann Demo"})
    assert "Every place is taken" in text_of(sent)
    assert not Enrolment.objects.filter(user__email=reading.email).exists()


def test_a_study_that_closed_meanwhile_says_so(reading: Joiner) -> None:
    Study.objects.update(state=Study.State.CLOSED)
    assert "Nobody new can join" in text_of(reading.get("join_agreement"))
    sent = reading.client.post(reading.url("join_agreement"), {"typed_name": "Ann Demo"})
    assert "Nobody new can join" in text_of(sent)
    assert nothing_is_saved()


def test_someone_who_agreed_may_choose_a_day_after_the_study_closed(reading: Joiner) -> None:
    reading.agree()
    Study.objects.update(state=Study.State.CLOSED)
    reading.send("join_about")
    assert reading.choose_day()["Location"] == reading.url("join_dates")


def test_someone_who_has_joined_is_led_home_and_told(ann: Joiner) -> None:
    ann.join()
    for page in ("join", "join_email", "join_agreement", "join_about"):
        assert ann.get(page)["Location"] == "/home/"
    assert ann.get("join_question", "adult")["Location"] == "/home/"
    assert ann.client.session["enrolment"] == Enrolment.objects.get().pk


def test_someone_who_left_may_join_anew(ann: Joiner) -> None:
    user = User.objects.create_user(ann.email)
    earlier = EnrolmentFactory(
        study=ann.study,
        user=user,
        status=Enrolment.Status.WITHDRAWN,
        withdrawal=Enrolment.Withdrawal.EVERYTHING,
        withdrawn_at=timezone.now() - timedelta(days=9),
    )
    ann.join()
    anew = Enrolment.objects.exclude(pk=earlier.pk).get()
    assert (anew.user, anew.status) == (user, "active")
    assert anew.code != earlier.code
