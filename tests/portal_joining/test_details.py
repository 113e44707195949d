"""My details and my address: for a person signed in by code, and about themselves alone."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Demographics, Enrolment, User
from portal.details import agree_anew
from portal.joining.agreement_form import AgreementForm
from scheduling.services import leave
from studies.models import Document
from tests.factories.participants import UserFactory
from tests.factories.studies import RESEARCH_STATEMENTS, published_document
from tests.portal_joining.walk import STATEMENTS, Joiner, form_of, newest_code, text_of

pytestmark = pytest.mark.django_db
ADDRESS, CODE = reverse("portal:address"), reverse("portal:address_code")
DETAILS, ABOUT = reverse("portal:details"), reverse("portal:details_about")
ANEW = reverse("portal:agree_anew")
PAGES = (ADDRESS, CODE, DETAILS, ABOUT, ANEW, reverse("portal:calendar"))


@pytest.fixture
def joined(ann: Joiner) -> Joiner:
    ann.join()
    return ann


def move_to(person: Joiner, email: str) -> str:
    person.client.post(ADDRESS, {"email": email})
    return newest_code(email)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_signs_in_first(db: None, page: str) -> None:
    answer = Client().get(page)
    assert answer["Location"] == f"{reverse('account_login')}?next={page}"


@pytest.mark.parametrize("page", PAGES)
def test_a_mailed_link_does_not_open_it(joined: Joiner, page: str) -> None:
    enrolment, client = Enrolment.objects.get(), Client()
    session = client.session
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session["link"] = {
        "enrolment": enrolment.pk,
        "version": enrolment.link_version,
        "until": until,
    }
    session.save()
    for answer in (client.get(page), client.post(page, {"email": "eve@example.org"})):
        assert answer.status_code == 403
        assert b"ann@example.org" not in answer.content


def test_details_show_what_is_held_about_this_person_alone(joined: Joiner, bob: Joiner) -> None:
    bob.join()
    page = text_of(joined.client.get(DETAILS))
    assert "ann@example.org" in page
    assert "Ann Demo" in page
    assert "bob@example.org" not in page


def test_answers_about_oneself_can_be_changed(joined: Joiner) -> None:
    shown = joined.client.get(ABOUT)
    answer = joined.client.post(ABOUT, form_of(shown) | {"age": "60", "gender": "man"}, follow=True)
    assert "Your answers are saved." in text_of(answer)
    assert "60" in text_of(answer)
    said = Demographics.objects.get()
    assert (said.age, said.gender) == (60, "man")
    assert form_of(joined.client.get(ABOUT))["age"] == "60"


def test_a_course_has_no_such_answers(client: Client, service: object) -> None:
    walker = Joiner(client, service)
    walker.read()
    walker.sign_in()
    walker.send("join_agreement", **{"statement-privacy": "on"})
    walker.choose_day()
    assert client.get(ABOUT).status_code == 404
    page = text_of(client.get(DETAILS))
    assert "About you" not in page
    assert "Name you signed with" not in page


def test_a_new_address_counts_once_its_code_is_typed(joined: Joiner) -> None:
    version = Enrolment.objects.get().link_version
    code = move_to(joined, "ann@new.example")
    assert User.objects.get().email == "ann@example.org"
    answer = joined.client.post(CODE, {"code": code}, follow=True)
    assert "From now on we write to your new address." in text_of(answer)
    assert User.objects.get().email == "ann@new.example"
    assert Enrolment.objects.get().link_version == version + 1


def test_a_wrong_code_changes_nothing(joined: Joiner) -> None:
    move_to(joined, "ann@new.example")
    page = joined.client.post(CODE, {"code": "BBBB-BBBB"})
    assert text_of(page).count("That code does not fit.") == 2
    assert User.objects.get().email == "ann@example.org"


def test_an_empty_code_is_no_try(joined: Joiner) -> None:
    code = move_to(joined, "ann@new.example")
    for _ in range(4):
        page = joined.client.post(CODE, {"code": ""})
    assert "Type the code from the email." in text_of(page)
    assert joined.client.post(CODE, {"code": code})["Location"] == DETAILS


def test_three_wrong_codes_end_it(joined: Joiner) -> None:
    code = move_to(joined, "ann@new.example")
    for _ in range(3):
        answer = joined.client.post(CODE, {"code": "BBBB-BBBB"}, follow=True)
    assert answer.request["PATH_INFO"] == ADDRESS
    assert "That was too many tries" in text_of(answer)
    joined.client.post(CODE, {"code": code})
    assert User.objects.get().email == "ann@example.org"


def test_an_expired_code_ends_it(joined: Joiner) -> None:
    code = move_to(joined, "ann@new.example")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = joined.client.post(CODE, {"code": code}, follow=True)
        assert "That code has expired" in text_of(answer)
    assert User.objects.get().email == "ann@example.org"


def test_the_code_is_nowhere_in_the_session(joined: Joiner) -> None:
    code = move_to(joined, "ann@new.example")
    assert code not in str(dict(joined.client.session))


def test_somebody_elses_address_looks_like_any_other_until_the_code_is_typed(
    joined: Joiner,
) -> None:
    UserFactory(email="eve@example.org")
    code = move_to(joined, "eve@example.org")
    assert len(mail.outbox) == 2
    answer = joined.client.post(CODE, {"code": code}, follow=True)
    assert "We could not use this address. Check it, or use another one." in text_of(answer)
    assert User.objects.filter(email="ann@example.org").count() == 1


def test_ones_own_address_is_no_new_one(joined: Joiner) -> None:
    page = joined.client.post(ADDRESS, {"email": "ANN@example.org"})
    assert "We write to that address already." in text_of(page)


def test_no_code_is_waiting_for_who_asked_for_none(joined: Joiner) -> None:
    answer = joined.client.get(CODE, follow=True)
    assert answer.request["PATH_INFO"] == ADDRESS
    assert "No code is waiting." in text_of(answer)


@pytest.fixture
def newer(joined: Joiner) -> Joiner:
    """Ann has joined; a newer agreement asks people to agree anew."""
    published_document(
        study=joined.study,
        kind="consent",
        statements=RESEARCH_STATEMENTS,
        requires_new_consent=True,
    )
    return joined


def test_a_newer_agreement_is_agreed_to_once(newer: Joiner) -> None:
    shown = form_of(newer.client.get(ANEW))
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    for _ in range(2):
        answer = newer.client.post(ANEW, shown | ticks | {"typed_name": "Ann Demo"})
        assert answer["Location"] == "/home/"
    enrolment = Enrolment.objects.get()
    assert enrolment.consent_answers.count() == 10
    assert enrolment.prompts.filter(kind="consent_copy").count() == 2


def test_until_then_answers_are_not_recorded_and_that_is_said(newer: Joiner) -> None:
    answer = newer.client.post(ABOUT, {"age": "60"}, follow=True)
    assert "Nothing is recorded until you have read the new agreement." in text_of(answer)
    assert Demographics.objects.get().age is None


def test_a_newer_agreement_half_ticked_is_not_saved(newer: Joiner) -> None:
    shown = form_of(newer.client.get(ANEW))
    page = newer.client.post(ANEW, shown | {"typed_name": "Ann Demo"})
    assert "To take part, tick" in text_of(page)
    assert Enrolment.objects.get().consent_answers.count() == 5


def test_a_newer_agreement_that_changed_again_is_shown_anew(newer: Joiner) -> None:
    shown = form_of(newer.client.get(ANEW))
    published_document(study=newer.study, kind="consent", statements=RESEARCH_STATEMENTS)
    page = newer.client.post(ANEW, shown | {"typed_name": "Ann Demo"})
    assert "so nothing is saved" in text_of(page)
    assert form_of(page)["typed_name"] == "Ann Demo"


def test_nothing_is_to_be_agreed_to_while_nothing_is_new(joined: Joiner) -> None:
    assert joined.client.get(ANEW)["Location"] == "/home/"


def test_what_was_agreed_to_already_is_not_recorded_again(newer: Joiner) -> None:
    """The second of two presses may have got past the page's own look before the first was saved."""
    shown = form_of(newer.client.get(ANEW))
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    enrolment, reading = Enrolment.objects.get(), Document.objects.get(pk=shown["document"])
    form = AgreementForm(shown | ticks | {"typed_name": "Ann"}, reading=reading, signed=True)
    assert form.is_valid()
    for _ in range(2):
        agree_anew._save(enrolment, form, reading)
    assert enrolment.consent_answers.filter(statement__document=reading).count() == 5
    assert enrolment.prompts.filter(kind="consent_copy").count() == 2


def test_someone_who_has_left_agrees_to_nothing_anew(newer: Joiner) -> None:
    shown = form_of(newer.client.get(ANEW))
    leave(enrolment=Enrolment.objects.get(), level="everything", reason="", now=timezone.now())
    assert newer.client.get(ANEW)["Location"] == "/home/"
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    answer = newer.client.post(ANEW, shown | ticks | {"typed_name": "Ann Demo"})
    assert answer["Location"] == "/home/"
    assert Enrolment.objects.get().consent_answers.count() == 5


def test_agreement_that_is_renewed_while_joining_goes_first(ann: Joiner) -> None:
    ann.reach_agreement()
    ann.agree()
    published_document(
        study=ann.study, kind="consent", statements=RESEARCH_STATEMENTS, requires_new_consent=True
    )
    assert ann.send("join_about", age="40")["Location"] == ANEW
