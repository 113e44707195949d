"""Who somebody is: one person at a time, once, and on record."""

import pytest
from django.db import connection, transaction
from django.test import Client

from monitoring.models import AccessLog
from participants.models import ConsentSignature, Enrolment, User
from studies.models import Document, Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import MONDAY
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import holding, main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(study: Study) -> Client:
    return holding(study, "sees_identity")


@pytest.fixture
def person(study: Study) -> Enrolment:
    return EnrolmentFactory(study=study, user__email="ann@example.org")


def address(person: Enrolment) -> str:
    return f"/staff/calm/people/{person.code}/identity/"


def test_look_shows_name_and_address_and_is_on_record(keeper: Client, person: Enrolment) -> None:
    page = keeper.post(address(person), {"why": "They rang"})
    assert "Email ann@example.org" in main_of(page)
    assert "Name as typed Demo Person" in main_of(page)
    [look] = AccessLog.objects.all()
    assert (look.enrolment, look.at, look.why) == (person, NOW, "They rang")
    assert look.by == User.objects.get(studies_researched__sees_identity=True)
    assert "no-store" in page["Cache-Control"]


def test_look_needs_no_reason(keeper: Client, person: Enrolment) -> None:
    assert keeper.post(address(person)).status_code == 200
    assert AccessLog.objects.get().why == ""


@pytest.mark.parametrize("why", ["\x00", "x" * 10_000, "<script>"])
def test_reason_is_kept_as_far_as_it_can_be(keeper: Client, person: Enrolment, why: str) -> None:
    assert keeper.post(address(person), {"why": why}).status_code == 200
    assert AccessLog.objects.get().why == why.replace("\x00", "")[:500]


def test_asking_by_address_shows_and_records_nothing(keeper: Client, person: Enrolment) -> None:
    response = keeper.get(address(person))
    assert (response.status_code, response["Location"]) == (
        302,
        f"/staff/calm/people/{person.code}/",
    )
    assert not AccessLog.objects.exists()


def test_each_look_is_recorded(keeper: Client, person: Enrolment) -> None:
    keeper.post(address(person))
    keeper.post(address(person))
    assert AccessLog.objects.count() == 2


def test_identity_that_was_erased_is_known_to_nobody(keeper: Client, person: Enrolment) -> None:
    person.signatures.all().delete()
    Enrolment.objects.filter(pk=person.pk).update(
        status="withdrawn", withdrawal="everything", withdrawn_at=MONDAY, erased_at=NOW, user=None
    )
    assert "Nobody knows any more" in main_of(keeper.post(address(person)))
    assert AccessLog.objects.count() == 1


def test_person_without_a_typed_name_is_shown_by_address(study: Study, keeper: Client) -> None:
    person = EnrolmentFactory(study=study, agreed=False)
    assert "Name as typed None was typed" in main_of(keeper.post(address(person)))


def test_nothing_is_shown_that_could_not_be_recorded(
    keeper: Client, person: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_fields: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(AccessLog.objects, "create", refuse)
    keeper.raise_request_exception = False
    page = keeper.post(address(person))
    assert page.status_code == 500
    assert "ann@example.org" not in page.content.decode()


def test_look_that_is_recorded_stays(person: Enrolment) -> None:
    look = AccessLog.objects.create(by=UserFactory(), enrolment=person, at=NOW)
    for change in (look.delete, lambda: AccessLog.objects.update(why="-")):
        with transaction.atomic(), pytest.raises(Exception, match="stays as it was recorded"):
            change()
        connection.needs_rollback = False
    assert AccessLog.objects.get().why == ""


@pytest.mark.parametrize(
    ("why", "looks"),
    [
        ("ann@example.org rang", []),
        ("Demo Person a@", []),
        ("Spoke to  demo person", [""]),
        ("Is it DEMO PERSON?", [""]),
    ],
)
def test_look_with_a_reason_that_names_them_is_refused_and_recorded_where_that_tells_who_it_is(
    keeper: Client, person: Enrolment, why: str, looks: list[str]
) -> None:
    page = keeper.post(address(person), {"why": why}, follow=True)
    assert "it may name nobody" in main_of(page)
    assert "ann@example.org" not in page.content.decode()
    assert [look.why for look in AccessLog.objects.all()] == looks


def test_a_name_within_another_word_is_none(keeper: Client, study: Study) -> None:
    person = EnrolmentFactory(study=study, agreed=False)
    form = Document.objects.in_force(study, Document.Kind.CONSENT)
    ConsentSignature.objects.create(
        enrolment=person, document=form, typed_name="Al", signed_at=MONDAY
    )
    assert keeper.post(address(person), {"why": "They all rang"}).status_code == 200
