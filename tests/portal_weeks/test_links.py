"""The link in the weekly mail, and the one that stops the mails."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from participants import accounts
from participants.models import Enrolment, Session
from portal import access
from scheduling import links, services
from scheduling.models import Kind, Prompt, Rhythm, Wording
from tests.factories.scheduling import PromptFactory, enrolled
from tests.factories.studies import ServiceFactory
from tests.portal_weeks.people import WEEK_ONE, prompt_of, session_of, token_of

NOW = WEEK_ONE + timedelta(hours=1)


def _everything():
    return [list(model.objects.order_by("pk").values()) for model in (Enrolment, Session, Prompt)]


def test_looking_at_a_link_changes_nothing_and_names_nobody(client, person, clock):
    before = _everything()
    for _scan in range(3):
        page = client.get(f"/go/{token_of(person)}/").content.decode()
        assert client.head(f"/go/{token_of(person)}/").status_code == 200
    assert _everything() == before
    assert access.LINK not in client.session
    assert "Your session is ready" in page
    for name in (person.user.email, person.code, "Demo Person"):
        assert name not in page


def test_the_button_opens_that_weeks_page(client, person, clock):
    response = client.post(f"/go/{token_of(person)}/", follow=True)
    assert response.redirect_chain == [("/week/1/", 302)]
    assert session_of(person).first_opened_at == NOW


def test_other_mails_lead_home(client, person, clock):
    token = links.token_for(Prompt.objects.get(kind=Kind.WELCOME))
    assert "Open my weeks" in client.get(f"/go/{token}/").content.decode()
    assert client.post(f"/go/{token}/").url == "/home/"


def test_the_reminders_link_opens_the_week_too(client, person, clock):
    token = links.token_for(prompt_of(person, 1, Kind.NUDGE))
    assert client.post(f"/go/{token}/").url == "/week/1/"


def test_the_button_needs_its_own_page(person, clock):
    strict = Client(enforce_csrf_checks=True)
    address = f"/go/{token_of(person)}/"
    assert strict.post(address).status_code == 403
    page = strict.get(address).content.decode()
    key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert strict.post(address, {"csrfmiddlewaretoken": key}).status_code == 302


def test_the_sessions_key_changes_with_each_opening(client, person, clock):
    keys = set()
    for _visit in range(2):
        client.post(f"/go/{token_of(person)}/")
        keys.add(client.session.session_key)
    assert len(keys) == 2


def test_pressing_the_button_settles_the_unconfirmed_mail_it_came_in(client, person, clock):
    unsure = PromptFactory(
        enrolment=person,
        kind=Kind.SESSION,
        occurrence=1,
        copy=1,
        due_at=NOW,
        state=Prompt.State.UNCONFIRMED,
        wording=Wording.objects.get(study=person.study, kind=Kind.SESSION),
    )
    address = f"/go/{links.token_for(unsure)}/"
    client.get(address)
    unsure.refresh_from_db()
    assert unsure.state == Prompt.State.UNCONFIRMED
    client.post(address)
    unsure.refresh_from_db()
    assert unsure.state == Prompt.State.SENT
    assert prompt_of(person, 1).state == Prompt.State.PLANNED


@pytest.mark.parametrize("harm", ["nonsense", "1-1.x", "cut", "longer"])
def test_a_link_that_was_cut_or_made_up_says_so(client, person, clock, harm):
    token = token_of(person)
    given = {"cut": token[:-3], "longer": token + "x"}.get(harm, harm)
    for response in (client.get(f"/go/{given}/"), client.post(f"/go/{given}/")):
        assert response.status_code == 404
        assert "This link is not complete" in response.content.decode()
    assert access.LINK not in client.session


def test_an_old_link_offers_a_new_one_and_sends_it_once(client, person, clock):
    clock(WEEK_ONE + timedelta(days=61))
    token = token_of(person)
    response = client.get(f"/go/{token}/")
    assert response.status_code == 410
    assert "Email me a new one" in response.content.decode()
    for _press in range(2):
        page = client.post(f"/go/{token}/again/").content.decode()
        assert "Look in your emails" in page
    (copy,) = Prompt.objects.filter(enrolment=person, kind=Kind.SESSION, copy=1)
    assert copy.occurrence == 1
    assert copy.due_at == timezone.now()


def test_a_new_link_is_sent_once_an_hour_even_where_the_last_one_has_gone(client, person, clock):
    then = WEEK_ONE + timedelta(days=61)
    clock(then)
    token = token_of(person)
    copies = Prompt.objects.filter(enrolment=person, kind=Kind.SESSION, occurrence=1, copy__gt=0)
    client.post(f"/go/{token}/again/")
    clock(then + timedelta(minutes=59))
    client.post(f"/go/{token}/again/")
    assert copies.count() == 1
    clock(then + timedelta(hours=1))
    client.post(f"/go/{token}/again/")
    assert copies.count() == 2


@pytest.mark.parametrize("case", ["good", "forged", "withdrawn"])
def test_asking_for_a_new_link_looks_the_same_where_none_can_be_sent(client, person, clock, case):
    token = "nonsense" if case == "forged" else token_of(person)
    if case == "withdrawn":
        services.leave(enrolment=person, level="training", reason="", now=NOW)
    before = Prompt.objects.count()
    response = client.post(f"/go/{token}/again/")
    assert response.status_code == 200
    assert "Look in your emails" in response.content.decode()
    assert Prompt.objects.count() == before


def test_the_link_of_someone_who_left_has_ended(client, person, clock):
    token = token_of(person)
    services.leave(enrolment=person, level="everything", reason="", now=NOW)
    response = client.post(f"/go/{token}/")
    assert response.status_code == 410
    assert "This link has ended" in response.content.decode()
    assert access.LINK not in client.session


def test_a_link_to_an_earlier_address_points_to_the_newest_mail(client, person, clock):
    token = token_of(person)
    accounts.change_address(user=person.user, email="new@example.org", now=NOW)
    response = client.post(f"/go/{token}/")
    assert response.status_code == 410
    assert "This link was for an earlier address" in response.content.decode()
    assert client.post(f"/go/{token_of(person)}/").url == "/week/1/"


def test_anothers_link_while_signed_in_is_not_opened(signed_in, clock):
    other = enrolled(study=ServiceFactory(), now=WEEK_ONE)
    for response in (
        signed_in.get(f"/go/{token_of(other)}/"),
        signed_in.post(f"/go/{token_of(other)}/"),
    ):
        page = response.content.decode()
        assert response.status_code == 403
        assert "Someone else’s pages are open on this device" in page
        assert other.user.email not in page
    assert signed_in.get("/home/").context["enrolment"] != other


def test_anothers_link_during_a_visit_by_link_is_not_opened(by_link, person):
    other = enrolled(study=ServiceFactory(), now=WEEK_ONE)
    address = f"/go/{token_of(other)}/"
    for response in (by_link.get(address), by_link.post(address)):
        assert response.status_code == 403
        assert "Someone else’s pages are open on this device" in response.content.decode()
    assert by_link.get("/home/").context["enrolment"] == person
    by_link.post("/sign-out/")
    assert by_link.post(address).url == "/week/1/"
    assert by_link.get("/home/").context["enrolment"] == other


def test_ones_own_second_link_during_a_visit_by_link_is_opened(by_link, person):
    mine_too = enrolled(user=person.user, study=ServiceFactory(), now=WEEK_ONE)
    by_link.post(f"/go/{token_of(mine_too)}/")
    assert by_link.get("/home/").context["enrolment"] == mine_too


def test_ones_own_link_while_signed_in_opens_what_it_was_sent_for(signed_in, person):
    mine_too = enrolled(user=person.user, study=ServiceFactory(), now=WEEK_ONE)
    for enrolment in (mine_too, person):
        signed_in.post(f"/go/{token_of(enrolment)}/")
        assert signed_in.get("/home/").context["enrolment"] == enrolment


def test_ones_own_link_while_signed_in_leads_on_and_keeps_the_sign_in(signed_in, person):
    assert signed_in.post(f"/go/{token_of(person)}/").url == "/week/1/"
    assert access.LINK not in signed_in.session
    assert signed_in.get("/home/mail/").status_code == 200


def test_the_page_behind_the_new_link_button_can_be_reloaded_by_its_address(client, person, clock):
    clock(WEEK_ONE + timedelta(days=61))
    token = token_of(person)
    assert client.get(f"/go/{token}/again/").url == f"/go/{token}/"
    assert not Prompt.objects.filter(copy=1).exists()


def test_looking_at_the_address_of_signing_out_ends_nothing(by_link):
    assert by_link.get("/sign-out/").url == "/"
    assert by_link.get("/home/").status_code == 200


def test_signing_out_ends_a_visit_by_link(by_link):
    by_link.post("/sign-out/")
    assert by_link.get("/home/").status_code == 302


def _stop(person):
    return f"/emails/stop/{links.stop_token_for(person)}/"


def test_looking_at_the_stop_page_stops_nothing(client, person):
    page = client.get(_stop(person)).content.decode()
    assert "Stop the emails?" in page
    assert person.user.email not in page
    client.head(_stop(person))
    assert Rhythm.objects.get().mail_off_since is None


def test_one_click_from_the_mail_program_stops_the_mails(person, clock):
    program = Client(enforce_csrf_checks=True)
    response = program.post(_stop(person), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert "not the same as leaving" in response.content.decode()
    assert Rhythm.objects.get().mail_off_since == NOW
    person.refresh_from_db()
    assert person.status == Enrolment.Status.ACTIVE


def test_a_post_that_does_not_say_so_stops_nothing(client, person):
    assert "Stop the emails?" in client.post(_stop(person)).content.decode()
    assert Rhythm.objects.get().mail_off_since is None


def test_stopping_works_years_later_and_twice(client, person, clock):
    clock(WEEK_ONE + timedelta(days=3000))
    for _press in range(2):
        response = client.post(_stop(person), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200


def test_a_stop_link_that_was_cut_says_so(client, person):
    response = client.post(_stop(person)[:-4] + "/", {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 404
    assert Rhythm.objects.get().mail_off_since is None


def test_a_session_link_does_not_stop_the_mails(client, person):
    address = f"/emails/stop/{token_of(person)}/"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 404
