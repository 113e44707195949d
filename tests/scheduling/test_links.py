"""Mailed links: nobody can make one, and each ends when it should."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from participants.models import Enrolment
from scheduling import links
from tests.factories.scheduling import MONDAY, PromptFactory

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_its_own_prompt() -> None:
    prompt, _other = PromptFactory(), PromptFactory()
    link = links.read(links.token_for(prompt), now=prompt.due_at)
    assert (link.prompt, link.enrolment) == (prompt, prompt.enrolment)


def test_a_link_is_the_same_each_time_it_is_written() -> None:
    prompt = PromptFactory()
    assert links.token_for(prompt) == links.token_for(prompt)


def test_a_link_names_nobody() -> None:
    prompt = PromptFactory()
    assert prompt.enrolment.code not in links.go_url(prompt)
    assert prompt.enrolment.user.email not in links.go_url(prompt)


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: f"9{t}", lambda _t: "", str.upper])
def test_a_changed_link_is_forged(change) -> None:
    token = links.token_for(PromptFactory())
    with pytest.raises(links.LinkForged):
        links.read(change(token), now=MONDAY)


def test_a_link_to_stop_mail_opens_no_week() -> None:
    prompt = PromptFactory()
    with pytest.raises(links.LinkForged):
        links.read(links.stop_token_for(prompt.enrolment), now=MONDAY)
    with pytest.raises(links.LinkForged):
        links.read_stop(links.token_for(prompt))


def test_a_link_holds_for_sixty_days_from_the_sending() -> None:
    prompt = PromptFactory(sent=True)
    token = links.token_for(prompt)
    last = prompt.sent_at + timedelta(days=60)
    assert links.read(token, now=last - timedelta(seconds=1)).prompt == prompt
    with pytest.raises(links.LinkExpired) as expired:
        links.read(token, now=last)
    assert expired.value.enrolment == prompt.enrolment


def test_a_link_ends_with_its_version() -> None:
    prompt = PromptFactory()
    token = links.token_for(prompt)
    Enrolment.objects.update(link_version=2)
    with pytest.raises(links.LinkOutdated):
        links.read(token, now=MONDAY)


def test_a_link_of_a_withdrawn_person_says_so() -> None:
    prompt = PromptFactory()
    token = links.token_for(prompt)
    Enrolment.objects.update(
        status="withdrawn", withdrawn_at=MONDAY, withdrawal="everything", link_version=2
    )
    with pytest.raises(links.LinkWithdrawn):
        links.read(token, now=MONDAY)


def test_links_outlive_a_change_of_the_secret_key(settings: Settings) -> None:
    prompt = PromptFactory()
    token, stop = links.token_for(prompt), links.stop_token_for(prompt.enrolment)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"
    assert links.token_for(prompt) != token
    assert links.read(token, now=MONDAY).prompt == prompt
    assert links.read_stop(stop) == prompt.enrolment


def test_links_end_with_the_key_that_signed_them(settings: Settings) -> None:
    prompt = PromptFactory()
    token, stop = links.token_for(prompt), links.stop_token_for(prompt.enrolment)
    settings.SECRET_KEY = "another one"
    with pytest.raises(links.LinkForged):
        links.read(token, now=MONDAY)
    with pytest.raises(links.LinkForged):
        links.read_stop(stop)


def test_the_stop_link_does_not_end() -> None:
    enrolment = PromptFactory().enrolment
    token = links.stop_token_for(enrolment)
    Enrolment.objects.update(link_version=7)
    assert links.read_stop(token) == enrolment
