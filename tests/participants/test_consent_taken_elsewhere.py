"""People who agreed elsewhere are enrolled by staff: who can be, what is kept, and what is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from participants.accounts import without_needed
from participants.erasure import erase_identity
from participants.inviting import Agreed, CannotInvite, Standing, consent_form, enrol
from participants.joining import StudyFull, consent_is_current
from participants.measures import lost, summary
from participants.models import ConsentAnswer, Enrolment, Invitation, User
from participants.withdrawal import withdraw
from studies.models import Study
from tests.factories.participants import (
    EnrolmentFactory,
    InvitationFactory,
    UserFactory,
    decline,
    invited,
)
from tests.factories.studies import ServiceFactory, StudyFactory, published_document
from tests.participants.test_joining import joined
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

# Half past nine in the morning in London.
NOW = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
ANN, BEN = "ann@example.org", "ben@example.org"
ALL = {"read": True, "free": True, "watch": True, "data": True, "interview": False}


@pytest.fixture
def study() -> Study:
    return StudyFactory()


def agreed(address: str = ANN, **fields: Any) -> Agreed:
    given: dict[str, Any] = {
        "agreed_on": date(2026, 4, 28),
        "version": 1,
        "taken_by": "Demo Nurse",
        "answers": ALL,
    }
    return Agreed(address=address, **{**given, **fields})


def enrolled(study: Study, *people: Agreed) -> list[Enrolment]:
    by = User.objects.filter(studies_researched__study=study).first()
    return enrol(study=study, people=people, by=by or UserFactory(researcher_of=study), now=NOW)


def refusal_of(study: Study, *people: Agreed) -> CannotInvite:
    with pytest.raises(CannotInvite) as refusal:
        enrolled(study, *people)
    assert not Invitation.objects.filter(invited_at=NOW).exists()
    assert not ConsentAnswer.objects.filter(method="elsewhere").exists()
    return refusal.value


def test_whoever_agreed_elsewhere_has_joined_from_the_day_they_agreed(study: Study) -> None:
    noon = datetime(2026, 4, 28, 11, tzinfo=UTC)
    (ann,) = enrolled(study, agreed(source="Clinic"))

    assert (ann.user and ann.user.email, ann.source) == (ANN, "clinic")
    assert (ann.status, ann.consented_at, ann.edition) == ("joining", noon, study.edition)
    assert ann.information is None
    assert not ann.signatures.exists()
    assert consent_is_current(ann)
    assert summary(study).consented == 1


def test_each_statement_is_kept_with_its_answer_and_how_it_came(study: Study) -> None:
    (ann,) = enrolled(study, agreed())
    researcher = User.objects.get(studies_researched__study=study)

    answers = ann.consent_answers.order_by("statement__position")
    assert {each.statement.key: each.agreed for each in answers} == ALL
    assert set(
        answers.order_by().values_list("method", "taken_by", "recorded_by", "answered_at")
    ) == {("elsewhere", "Demo Nurse", researcher.pk, ann.consented_at)}
    assert without_needed([researcher]) == []


def test_entering_it_is_kept_with_the_day_agreed(study: Study) -> None:
    day = {"weekday": 4, "local_time": time(19), "zone": "Europe/London"}
    (ann,) = enrolled(study, agreed(**day))

    kept = Invitation.objects.get(enrolment=ann)
    assert (kept.weekday, kept.local_time, kept.zone) == (4, time(19), "Europe/London")
    assert (kept.invited_at, kept.joined_at, kept.ended_at) == (NOW, NOW, None)


def test_consent_of_this_morning_is_not_of_noon(study: Study) -> None:
    (ann,) = enrolled(study, agreed(agreed_on=date(2026, 5, 4)))
    assert ann.consented_at == NOW


def test_day_is_of_the_studys_own_calendar() -> None:
    """In Auckland it is the evening of that day already."""
    study = StudyFactory(default_zone="Pacific/Auckland")
    form = consent_form(study, now=NOW)
    tomorrow = form.problems(agreed(agreed_on=date(2026, 5, 5)))

    (ann,) = enrolled(study, agreed(agreed_on=date(2026, 5, 4)))
    assert ann.consented_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert tomorrow == ["5 May 2026, when they agreed, is still to come."]


def test_privacy_notice_of_a_service_is_acknowledged_elsewhere_too() -> None:
    service = ServiceFactory()
    (ann,) = enrolled(service, agreed(answers={"privacy": True}))
    assert consent_is_current(ann)


def test_earlier_version_can_have_been_agreed_to(study: Study) -> None:
    published_document(study=study, kind="consent", statements={"all": True, "read": True})
    ann, ben = enrolled(
        study, agreed(), agreed(BEN, version=2, answers={"all": True, "read": True})
    )
    assert (consent_is_current(ann), consent_is_current(ben)) == (True, True)
    assert consent_form(study, now=NOW).keys == [
        "all", "read", "free", "watch", "data", "interview",
    ]  # fmt: skip


def test_who_agreed_to_words_that_were_replaced_is_asked_anew(study: Study) -> None:
    published_document(
        study=study, kind="consent", statements={"all": True}, requires_new_consent=True
    )
    (ann,) = enrolled(study, agreed())
    assert not consent_is_current(ann)


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"version": 2}, ["No version 2 was published. There is: 1."]),
        (
            {"agreed_on": date(2026, 5, 5)},
            ["5 May 2026, when they agreed, is still to come."],
        ),
        ({"taken_by": " "}, ["Say who took the consent."]),
        ({"taken_by": "x" * 201}, ["Say who took the consent in no more than 200 letters."]),
        (
            {"answers": {**ALL, "watch": False}},
            ["They did not agree to “watch”, without which nobody takes part."],
        ),
        (
            {"answers": {key: yes for key, yes in ALL.items() if key != "interview"}},
            ["Version 1 has a statement “interview”. Say whether they agreed to it."],
        ),
        (
            {"answers": {**ALL, "other": True}},
            ["Version 1 has no statement “other”."],
        ),
        (
            {"taken_by": "", "version": 0},
            ["Say who took the consent.", "No version 0 was published. There is: 1."],
        ),
    ],
)
def test_consent_that_is_not_whole_keeps_all_back(
    study: Study, fields: dict[str, Any], sentences: list[str]
) -> None:
    refusal = refusal_of(study, agreed(BEN), agreed("Ann@example.org", **fields))

    assert refusal.message == "What some of these people agreed to is not complete."
    assert (refusal.problems, refusal.refused) == ({ANN: sentences}, {})


def test_draft_cannot_have_been_agreed_to() -> None:
    study = StudyFactory(documents=False)
    form = consent_form(study, now=NOW)
    assert form.keys == []
    assert form.problems(agreed()) == ["The study has published nothing yet that people agree to."]


def test_whoever_is_known_here_is_not_enrolled_by_a_list(study: Study) -> None:
    joined(study, user=UserFactory(email=ANN))
    invited(study=study, user__email=BEN)
    decline(enrolment=invited(user__email="cat@example.org"), now=NOW - timedelta(days=1))
    refusal = refusal_of(study, agreed(), agreed(BEN), agreed("cat@example.org"))

    assert refusal.refused == {
        ANN: Standing.ENROLLED,
        BEN: Standing.INVITED,
        "cat@example.org": Standing.DO_NOT_INVITE,
    }


def test_list_takes_no_more_places_than_there_are() -> None:
    study = StudyFactory(capacity=3)
    EnrolmentFactory(study=study)
    EnrolmentFactory(study=study, is_test=True)
    invited(study=study)
    people = [agreed(f"{number}@example.org") for number in range(3)]

    refusal = refusal_of(study, *people)
    assert refusal.message == "The study has room for 2 more people, and this list is longer."
    assert len(enrolled(study, *people[:2])) == 2
    assert refusal_room(study) == "The study has room for 0 more people, and this list is longer."


def refusal_room(study: Study) -> str:
    with pytest.raises(CannotInvite) as refusal:
        enrolled(study, agreed())
    return refusal.value.message


def test_nobody_is_enrolled_where_nobody_can_join() -> None:
    refusal = refusal_of(StudyFactory(state="closed"), agreed())
    assert refusal.message == "Nobody can join this study at the moment. Open it first."


def test_who_was_enrolled_and_asks_for_deletion_is_nowhere(study: Study) -> None:
    (ann,) = enrolled(study, agreed(weekday=4, local_time=time(19), zone="Europe/London"))
    withdraw(enrolment=ann, level=Enrolment.Withdrawal.ERASURE, reason="", now=NOW)
    erase_identity(enrolment=ann, now=NOW)

    assert places_of(ANN, "Demo Nurse") == []
    assert Invitation.objects.get().weekday is None


def test_thousands_are_enrolled_in_few_queries(
    study: Study, django_assert_max_num_queries: Any
) -> None:
    people = [agreed(f"person-{number}@example.com") for number in range(1500)]
    told: list[int] = []
    by = UserFactory(researcher_of=study)

    with django_assert_max_num_queries(150):
        enrol(study=study, people=people, by=by, now=NOW, said=told.append)

    assert told == [1000, 1500]
    assert ConsentAnswer.objects.count() == 7500


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time")
def test_last_place_is_taken_once_by_a_list_and_by_somebody_who_joins() -> None:
    study = StudyFactory(capacity=1)
    user, by = UserFactory(email=ANN), UserFactory(researcher_of=study)

    def by_themselves() -> bool:
        try:
            return bool(joined(study, user=user))
        except StudyFull:
            return False
        finally:
            connection.close()

    def by_staff() -> bool:
        try:
            return bool(enrol(study=study, people=[agreed(BEN)], by=by, now=NOW))
        except CannotInvite:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = [each.result() for each in (pool.submit(by_themselves), pool.submit(by_staff))]
    assert sorted(outcomes) == [False, True]
    assert Enrolment.objects.count() == 1


def test_lost_of_who_agreed_elsewhere_is_counted_from_when_they_were_entered() -> None:
    """Their consent may lie weeks before the first mail that they get."""
    study = StudyFactory()
    entered = EnrolmentFactory(study=study, consented_at=NOW - timedelta(days=60))
    InvitationFactory(enrolment=entered, invited_at=NOW, joined_at=NOW)
    people = Enrolment.objects.filter(study=study).counted()
    gone = [set(lost(people, days=28, now=NOW + timedelta(days=days))) for days in (0, 28, 29)]
    assert gone == [set(), set(), {entered}]
