"""Joining by an invitation: from the mail to the first day, and what it gives to others."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from participants import do_not_invite
from participants.inviting import Invitee
from participants.models import ConsentAnswer, Enrolment
from scheduling import links, services
from scheduling.models import Prompt
from studies.models import ScreeningTally, Study
from tests.factories.participants import UserFactory
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.portal_joining.walk import Joiner, form_of, text_of
from tests.scheduling.lives import row, tick
from tests.scheduling.wire import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_monday")]

TUESDAYS = {"weekday": 2, "local_time": time(8), "zone": "America/New_York"}


def invite(study: Study, address: str = "ann@example.org", **agreed: Any) -> Enrolment:
    person = Invitee(address=address, source="clinic", **agreed)
    [enrolment] = services.invite(study=study, invitees=[person], by=None, now=timezone.now())
    return enrolment


def link_of(enrolment: Enrolment, kind: str = "invitation") -> str:
    return f"/go/{links.token_for(row(enrolment, kind))}/"


@pytest.fixture
def invited(study: Study) -> Enrolment:
    return invite(study, **TUESDAYS)


def follow(ann: Joiner, invited: Enrolment) -> Any:
    return ann.client.post(link_of(invited))


def reach_code(ann: Joiner) -> Any:
    ann.read()
    ann.answer_all()
    return ann.client.post(ann.url("join_email"))


def agree(ann: Joiner) -> None:
    ann.sign_in_with_the_code(reach_code(ann)["Location"])
    ann.agree()


def test_the_way_from_the_mail_to_the_first_day(ann: Joiner, invited: Enrolment) -> None:
    tick(timezone.now())
    assert follow(ann, invited).url == ann.url("join")
    agree(ann)
    invited.refresh_from_db()
    assert (invited.status, invited.source) == ("joining", "clinic")
    assert invited.invitation.joined_at is not None
    ann.send("join_about")
    ann.choose_day()
    invited.refresh_from_db()
    assert invited.status == "active"
    assert Enrolment.objects.count() == 1


def test_the_day_that_was_agreed_is_offered_and_may_be_another(
    ann: Joiner, invited: Enrolment
) -> None:
    follow(ann, invited)
    agree(ann)
    ann.send("join_about")
    page = ann.get("join_day")
    assert "The day that you spoke of with the team is chosen below." in text_of(page)
    assert page.context["form"].initial == {
        "weekday": 2,
        "local_time": "08:00",
        "zone": "America/New_York",
    }
    assert form_of(page)["weekday"] == "2"
    ann.choose_day()
    assert Enrolment.objects.get().rhythm.weekday == 4


def test_where_no_day_was_agreed_none_is_chosen(ann: Joiner, study: Study) -> None:
    follow(ann, invite(study))
    agree(ann)
    ann.send("join_about")
    page = ann.get("join_day")
    assert "that you spoke of" not in text_of(page)
    assert "weekday" not in form_of(page)


def test_the_address_is_known_and_shown_nowhere(ann: Joiner, invited: Enrolment) -> None:
    follow(ann, invited)
    ann.read()
    ann.answer_all()
    page = ann.get("join_email")
    assert "the address that your invitation came to" in text_of(page)
    code_page = ann.client.post(ann.url("join_email"), follow=True)
    assert "We have written to the address that your invitation came to." in text_of(code_page)
    for each in (page, code_page):
        assert "ann@example.org" not in each.content.decode()
    assert [each.to for each in mail.outbox] == [["ann@example.org"]]


def test_a_second_invitation_in_the_same_browser_shows_not_whose_the_first_was(
    ann: Joiner, invited: Enrolment
) -> None:
    follow(ann, invited)
    code_page = reach_code(ann)["Location"]
    ann.client.post(link_of(invite(StudyFactory(), "other@example.org")))
    page = ann.client.get(code_page)
    assert "We have written to the address that your invitation came to." in text_of(page)
    assert "example.org" not in page.content.decode()
    wrong = ann.client.post(code_page, {"code": "WRONG1"})
    again = ann.client.post(code_page, {"action": "resend"}, follow=True)
    ended = take_back_and_look(ann, invited, code_page)
    for each in (wrong, again, ended):
        assert "ann@example.org" not in each.content.decode()


def take_back_and_look(ann: Joiner, invited: Enrolment, code_page: str) -> Any:
    services.take_back(enrolment=invited, now=timezone.now())
    return ann.client.get(code_page, follow=True)


def test_another_address_may_be_used(ann: Joiner, invited: Enrolment) -> None:
    """Then it is somebody who came by themselves, and the invitation stands."""
    follow(ann, invited)
    ann.read()
    ann.answer_all()
    other = ann.client.get(f"{ann.url('join_email')}?other")
    assert "Your email address" in text_of(other)
    ann.email = "other@example.org"
    page = ann.client.post(ann.url("join_email"), {"email": ann.email})
    assert "other@example.org" in ann.client.get(page["Location"]).content.decode()
    ann.sign_in_with_the_code(page["Location"])
    ann.agree()
    assert dict(Enrolment.objects.values_list("user__email", "status")) == {
        "ann@example.org": "invited",
        "other@example.org": "joining",
    }


def test_codes_are_limited_as_for_everybody(ann: Joiner, invited: Enrolment) -> None:
    follow(ann, invited)
    ann.read()
    ann.answer_all()
    answers = [ann.client.post(ann.url("join_email")) for _each in range(12)]
    assert "That was many codes in a short time" in text_of(answers[-1])
    assert "ann@example.org" not in answers[-1].content.decode()


def test_who_comes_without_the_link_takes_their_invitation_too(
    ann: Joiner, invited: Enrolment
) -> None:
    ann.client.get(f"{ann.url('join')}?from=facebook")
    ann.reach_agreement()
    ann.agree()
    invited.refresh_from_db()
    assert (invited.status, invited.source) == ("joining", "clinic")


def test_it_is_counted_under_the_source_of_the_invitation(ann: Joiner, invited: Enrolment) -> None:
    follow(ann, invited)
    reach_code(ann)
    assert list(ScreeningTally.objects.values_list("source", "unmet", "count")) == [
        ("clinic", "", 1)
    ]


def test_a_service_is_joined_by_invitation_too(client: Client, service: Study) -> None:
    ann = Joiner(client, service)
    follow(ann, invite(service))
    ann.read()
    ann.sign_in_with_the_code(client.post(ann.url("join_email"))["Location"])
    ann.send("join_agreement", **{"statement-privacy": "on"})
    assert Enrolment.objects.get().status == "joining"


def test_an_hour_later_on_a_shared_phone_the_address_is_asked_for(study: Study) -> None:
    with time_machine.travel(datetime(2026, 1, 5, 9, tzinfo=UTC), tick=True) as clock:
        ann = Joiner(Client(), study)
        follow(ann, invite(study))
        ann.read()
        clock.shift(timedelta(minutes=61))
        ann.read()
        ann.answer_all()
        assert "email" in form_of(ann.get("join_email"))


def test_a_link_begins_with_a_session_key_of_its_own(ann: Joiner, invited: Enrolment) -> None:
    """Whoever knew the one that this browser had before does not come along."""
    ann.read()
    before = ann.client.session.session_key
    follow(ann, invited)
    assert before is not None
    assert ann.client.session.session_key != before


def test_an_invitation_to_another_study_gives_no_address_here(ann: Joiner) -> None:
    other = StudyFactory()
    follow(ann, invite(other))
    ann.read()
    ann.answer_all()
    assert "email" in form_of(ann.get("join_email"))


# --- What is the same for everybody, and what somebody else may do


def test_looking_changes_nothing_and_names_nobody(client: Client, invited: Enrolment) -> None:
    before = everything()
    for _scan in range(3):
        page = client.get(link_of(invited)).content.decode()
        client.head(link_of(invited))
    assert everything() == before
    assert "invitation" not in client.session
    assert "You are invited" in page
    for name in ("ann@example.org", invited.code, "clinic"):
        assert name not in page


def test_the_reminders_link_leads_the_same_way(ann: Joiner, invited: Enrolment) -> None:
    assert ann.client.post(link_of(invited, "reminder")).url == ann.url("join")


@pytest.mark.parametrize("status", ["invited", "joining", "active"])
def test_who_was_passed_the_mail_reads_the_public_page_and_no_more(
    bob: Joiner, ann: Joiner, invited: Enrolment, status: str
) -> None:
    """Whether the person has joined since does not show."""
    if status != "invited":
        ann.reach_agreement()
        ann.agree()
    if status == "active":
        ann.send("join_about")
        ann.choose_day()
    before = Enrolment.objects.filter(pk=invited.pk).values()[0]
    assert "You are invited" in text_of(bob.client.get(link_of(invited)))
    assert bob.client.post(link_of(invited)).url == bob.url("join")
    bob.read()
    bob.answer_all()
    assert "came to" in text_of(bob.get("join_email"))
    for name in ("home", "details", "change_day"):
        answer = bob.client.get(f"/home/{'' if name == 'home' else 'day/'}")
        assert answer.url.startswith("/accounts/login/")
    assert bob.client.get(bob.url("join_agreement")).url == bob.url("join_email")
    assert Enrolment.objects.filter(pk=invited.pk).values()[0] == before
    assert bob.client.get(link_of(invited)).content.decode().count("ann@") == 0


def test_who_is_signed_in_as_somebody_else_is_asked_to_sign_out(
    client: Client, invited: Enrolment
) -> None:
    client.force_login(UserFactory())
    assert client.post(link_of(invited)).status_code == 403


@pytest.mark.parametrize("how", ["declined", "taken back", "unanswered", "left"])
def test_an_invitation_that_is_over_says_no_more_than_that(
    client: Client, ann: Joiner, invited: Enrolment, how: str
) -> None:
    link, now = link_of(invited), timezone.now()
    if how == "declined":
        services.decline(enrolment=invited, mark=do_not_invite.mark("ann@example.org"), now=now)
    elif how == "taken back":
        services.take_back(enrolment=invited, now=now)
    elif how == "unanswered":
        tick(now + timedelta(days=30, minutes=1))
    else:
        ann.reach_agreement()
        ann.agree()
        invited.refresh_from_db()
        services.leave(enrolment=invited, level="everything", reason="", now=now)
    for answer in (Client().get(link), Client().post(link)):
        assert answer.status_code == 410
        assert "This invitation has ended" in text_of(answer)


# --- Consent taken elsewhere


def test_who_agreed_elsewhere_is_led_to_choosing_a_day(client: Client, study: Study) -> None:
    from tests.factories.participants import EnrolmentFactory

    person = EnrolmentFactory(study=study, user__email="ann@example.org")
    prompt = services.write_now(enrolment=person, kind="elsewhere", now=timezone.now())
    link = f"/go/{links.token_for(prompt)}/"
    assert "Choose your day and time" in text_of(client.get(link))
    answer = client.post(link, follow=True)
    assert "To choose your day, we send you a code" in text_of(answer)
    assert "Back to your weeks" not in text_of(answer)
    assert ConsentAnswer.objects.exists()
    assert Prompt.objects.get(pk=prompt.pk).state == "planned"


def test_a_service_has_its_own_invitation(client: Client) -> None:
    invited = invite(ServiceFactory(slug="another"))
    assert client.post(link_of(invited)).url == "/join/another/"
