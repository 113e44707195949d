"""Withdrawing somebody who asked for it; ending an invitation."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from monitoring.actions.deed import CannotBeDone
from monitoring.actions.offers import DEEDS
from participants.inviting import Invitee, Standing, standing
from participants.models import (
    ConsentAnswer,
    DoNotInvite,
    Engagement,
    Enrolment,
    Invitation,
    User,
)
from scheduling import services
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import EngagementFactory, EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring_people.acting import address, do, recorded, said, see, told, was_done
from tests.monitoring_people.conftest import NOW
from tests.scheduling.lives import at, live, tick

pytestmark = pytest.mark.django_db

ASKED = {"asked_for": "on"}
BEN = Invitee(address="ben@example.org")


@pytest.fixture
def person(study: Study) -> Enrolment:
    person = enrolled(study=study, user__email="ann@example.org")
    live(MONDAY, at("2026-01-09 00:00"))
    EngagementFactory(session=person.sessions.get(module__week=1))
    return person


def levels(client: Client, person: Enrolment) -> list[str]:
    response = client.get(address(person, "withdraw"))
    if response.status_code == 302:
        return []
    return [value for value, _words in response.context["form"].fields["level"].choices]


@pytest.mark.parametrize(
    ("level", "sentences"),
    [
        ("training", ["No more sessions and reminders", "may be asked questions later."]),
        ("everything", ["Nothing more is sent, asked or recorded.", "What was collected is kept."]),
        ("erasure", ["is deleted now", "Their address and name are deleted once the confirmation"]),
    ],
)
def test_what_will_become_of_their_records_is_shown_first(
    manager: Client, person: Enrolment, level: str, sentences: list[str]
) -> None:
    page = said(see(manager, person, "withdraw", level=level))
    for sentence in (*sentences, "8 planned mails will not go.", "It cannot be taken back."):
        assert sentence in page
    person.refresh_from_db()
    assert person.status == "active"


def test_copy_of_what_was_agreed_goes_all_the_same(study: Study, manager: Client) -> None:
    """It is owed, unless what was agreed is deleted."""
    person = EnrolmentFactory(study=study)
    PromptFactory(enrolment=person)
    assert "planned mail" not in said(see(manager, person, "withdraw", level="everything"))
    page = said(see(manager, person, "withdraw", level="erasure"))
    assert "1 planned mail will not go." in page


def test_person_is_withdrawn_and_one_mail_confirms_it(
    manager: Client, person: Enrolment, mailoutbox: list
) -> None:
    before = len(mailoutbox)
    response = do(manager, person, "withdraw", level="everything", reason="I have moved", **ASKED)
    assert was_done(response, person)
    person.refresh_from_db()
    assert (person.status, person.withdrawal, person.withdrawn_at) == (
        "withdrawn",
        "everything",
        NOW,
    )
    assert person.withdrawal_reason == "I have moved"
    assert recorded(person) == [("withdraw", "They rang", {"level": "everything"})]
    tick(NOW + timedelta(minutes=1))
    assert [mail.to for mail in mailoutbox[before:]] == [["ann@example.org"]]
    assert not Prompt.objects.planned().exists()


def test_reason_of_the_person_is_on_no_page_and_in_no_record(
    manager: Client, person: Enrolment
) -> None:
    do(manager, person, "withdraw", level="training", reason="My sister Ann is ill", **ASKED)
    for page in ("", "people/", f"people/{person.code}/", "record/"):
        assert "sister" not in manager.get(f"/staff/calm/{page}").content.decode()
    assert "sister" not in str(recorded(person))


def test_deletion_deletes_at_once_and_the_address_after_its_confirmation(
    manager: Client, person: Enrolment, mailoutbox: list
) -> None:
    assert was_done(do(manager, person, "withdraw", level="erasure", **ASKED), person)
    assert [model.objects.count() for model in (Engagement, Rhythm)] == [0, 0]
    assert not ConsentAnswer.objects.filter(enrolment=person).exists()
    assert User.objects.filter(email="ann@example.org").exists()
    tick(NOW + timedelta(minutes=1))
    person.refresh_from_db()
    assert (person.user, person.erased_at is not None) == (None, True)
    assert not User.objects.filter(email="ann@example.org").exists()
    page = manager.get(f"/staff/calm/people/{person.code}/")
    assert page.context["offered"] == []
    assert recorded(person) == [("withdraw", "They rang", {"level": "erasure"})]


def test_nobody_is_withdrawn_who_did_not_ask(manager: Client, person: Enrolment) -> None:
    response = do(manager, person, "withdraw", level="training")
    assert "Nobody is withdrawn who did not ask for it. Tick this box." in said(response)
    person.refresh_from_db()
    assert (person.status, recorded(person)) == ("active", [])


@pytest.mark.parametrize("level", ["", "all", "\x00"])
def test_level_that_is_none_is_asked_for_again(
    manager: Client, person: Enrolment, level: str
) -> None:
    assert "hoose" in said(see(manager, person, "withdraw", level=level))
    assert not was_done(do(manager, person, "withdraw", level=level, **ASKED), person)


def test_later_levels_are_offered_and_none_before(manager: Client, person: Enrolment) -> None:
    assert levels(manager, person) == ["training", "everything", "erasure"]
    do(manager, person, "withdraw", level="training", **ASKED)
    assert levels(manager, person) == ["everything", "erasure"]
    do(manager, person, "withdraw", level="erasure", **ASKED)
    assert levels(manager, person) == []
    assert [each[2]["level"] for each in recorded(person)] == ["training", "erasure"]


def test_deletion_is_not_offered_after_the_studys_last_day_for_it(
    manager: Client, person: Enrolment
) -> None:
    Study.objects.update(deletion_cutoff=NOW.date() - timedelta(days=1))
    assert levels(manager, person) == ["training", "everything"]
    assert not was_done(do(manager, person, "withdraw", level="erasure", **ASKED), person)


def test_person_who_left_meanwhile_is_left_alone(manager: Client, person: Enrolment) -> None:
    """The page says what holds now: that they have left, and what is left to be asked for."""
    page = see(manager, person, "withdraw", level="training")
    services.leave(enrolment=person, level="training", reason="Mine", now=NOW)
    response = do(manager, person, "withdraw", page, level="training", **ASKED)
    assert not was_done(response, person)
    person.refresh_from_db()
    assert (person.withdrawal_reason, recorded(person)) == ("Mine", [])


def test_person_who_has_not_chosen_a_day_can_be_withdrawn(study: Study, manager: Client) -> None:
    person = EnrolmentFactory(study=study)
    assert was_done(do(manager, person, "withdraw", level="everything", **ASKED), person)


# An invitation


def test_invitation_is_taken_back_and_the_address_goes(study: Study, manager: Client) -> None:
    person = invited(study=study, user__email="ben@example.org")
    page = see(manager, person, "take-back", one="team")
    for sentence in ("Their address is erased.", "They can be invited again"):
        assert sentence in said(page)
    assert User.objects.filter(email="ben@example.org").exists()

    assert was_done(do(manager, person, "take-back", page, one="team"), person)
    person.refresh_from_db()
    assert (person.status, person.user) == ("unjoined", None)
    assert standing(study, ["ben@example.org"]) == {"ben@example.org": Standing.FREE}
    assert Invitation.objects.get().ending == "withdrawn_by_staff"
    assert not User.objects.filter(email="ben@example.org").exists()
    assert recorded(person) == [("take_back", "They rang", {})]
    assert told(manager, person) == ["The invitation is taken back."]


def test_it_is_asked_who_ends_it_and_each_answer_says_what_follows(
    study: Study, manager: Client
) -> None:
    person = invited(study=study)
    page = manager.get(address(person, "take-back"))
    field = page.context["form"].fields["one"]
    assert (field.label, field.choices) == (
        "Who ends it?",
        [
            ("team", "The team takes it back. They can be invited again."),
            ("them", "They said themselves: do not invite me. No study here asks them again."),
        ],
    )
    assert "Choose one of these." in said(do(manager, person, "take-back", page))
    person.refresh_from_db()
    assert (person.status, recorded(person)) == ("invited", [])


def test_no_that_was_said_by_telephone_does_what_their_own_button_does(
    study: Study, manager: Client, mailoutbox: list
) -> None:
    [person] = services.invite(study=study, invitees=[BEN], by=None, now=NOW)
    [elsewhere] = services.invite(study=StudyFactory(), invitees=[BEN], by=None, now=NOW)
    page = see(manager, person, "take-back", one="them")
    for sentence in (
        "Their address is erased.",
        "What other studies here have invited that address to ends too.",
        "nor can any list enter it",
        "It cannot be taken back.",
    ):
        assert sentence in said(page)
    assert not DoNotInvite.objects.exists()

    assert was_done(do(manager, person, "take-back", page, one="them"), person)
    for each in (person, elsewhere):
        each.refresh_from_db()
        assert (each.status, each.user, each.invitation.ending) == ("unjoined", None, "declined")
    assert not User.objects.filter(email=BEN.address).exists()
    assert DoNotInvite.objects.get().at == NOW
    assert standing(study, [BEN.address]) == {BEN.address: Standing.DO_NOT_INVITE}
    assert recorded(person) == [("said_no", "They rang", {})]
    assert recorded(elsewhere) == []
    assert told(manager, person) == ["Their no is recorded."]
    tick(NOW + timedelta(minutes=1))
    assert mailoutbox == []


def test_no_and_taking_back_are_not_taken_for_each_other(study: Study, manager: Client) -> None:
    """What is done is what was shown."""
    person = invited(study=study)
    page = see(manager, person, "take-back", one="team")
    assert not was_done(do(manager, person, "take-back", page, one="them"), person)
    person.refresh_from_db()
    assert (person.status, recorded(person)) == ("invited", [])
    assert not DoNotInvite.objects.exists()


def test_no_that_comes_while_they_join_is_undone_whole(study: Study) -> None:
    person = invited(study=study)
    other = invited(user=person.user)
    Enrolment.objects.filter(pk=person.pk).update(status="joining", consented_at=NOW)
    Invitation.objects.filter(enrolment=person).update(joined_at=NOW)
    with pytest.raises(CannotBeDone), transaction.atomic():
        DEEDS["take-back"].do(person, {"one": "them"}, {}, by=person.user, now=NOW)
    other.refresh_from_db()
    assert (other.status, DoNotInvite.objects.exists()) == ("invited", False)


@pytest.mark.parametrize("by", ["team", "them"])
def test_invitation_that_was_answered_meanwhile_is_left_alone(
    study: Study, manager: Client, by: str
) -> None:
    person = invited(study=study)
    page = see(manager, person, "take-back", one=by)
    Enrolment.objects.filter(pk=person.pk).update(status="joining", consented_at=NOW)
    Invitation.objects.update(joined_at=NOW)
    assert was_done(do(manager, person, "take-back", page, one=by), person)
    assert "Nothing was done" in told(manager, person)[0]
    person.refresh_from_db()
    assert (person.status, recorded(person)) == ("joining", [])


def test_invited_person_is_not_withdrawn(study: Study, manager: Client) -> None:
    assert levels(manager, invited(study=study)) == []
