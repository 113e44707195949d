"""Declining an invitation: from the mail, by its button or by the mail program’s own."""

import pytest
from django.test import Client
from django.utils import timezone

from participants import do_not_invite
from participants.accounts import change_address
from participants.inviting import Standing, standing
from participants.models import Enrolment, User
from scheduling import links, services
from studies.models import Study
from tests.factories.studies import StudyFactory
from tests.portal_joining.test_invited import TUESDAYS, agree, follow, invite, link_of
from tests.portal_joining.walk import Joiner, form_of, text_of
from tests.scheduling.wire import everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_monday")]


@pytest.fixture
def invited(study: Study) -> Enrolment:
    return invite(study, **TUESDAYS)


def declining(enrolment: Enrolment) -> str:
    return f"/emails/decline/{links.decline_token_for(enrolment)}/"


def test_an_invitation_ends_at_an_address_that_is_its_persons_no_more(
    client: Client, invited: Enrolment
) -> None:
    link = link_of(invited)
    change_address(user=invited.user, email="new@example.org", now=timezone.now())
    assert client.post(link).status_code == 410
    assert "invitation" not in client.session


def test_looking_at_the_page_of_declining_declines_nothing(
    client: Client, invited: Enrolment
) -> None:
    before = everything()
    page = client.get(declining(invited))
    client.head(declining(invited))
    assert "Shall we not invite you?" in text_of(page)
    assert "If you have told us already, that holds." in text_of(page)
    assert "ann@example.org" not in page.content.decode()
    assert everything() == before


def test_its_button_erases_the_address_and_thanks(client: Client, invited: Enrolment) -> None:
    page = client.get(declining(invited))
    answer = client.post(declining(invited), form_of(page))
    assert "Thank you for telling us" in text_of(answer)
    assert not User.objects.filter(email="ann@example.org").exists()
    invited.refresh_from_db()
    assert invited.invitation.ending == "declined"


def test_a_mail_program_declines_without_cookies(invited: Enrolment) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(declining(invited), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    invited.refresh_from_db()
    assert invited.status == "unjoined"


def test_an_empty_post_declines_nothing(client: Client, invited: Enrolment) -> None:
    assert "Shall we not" in text_of(client.post(declining(invited)))
    invited.refresh_from_db()
    assert invited.status == "invited"


def test_declined_again_it_thanks_again(client: Client, invited: Enrolment) -> None:
    for _twice in range(2):
        answer = client.post(declining(invited), {"List-Unsubscribe": "One-Click"})
        assert "Thank you for telling us" in text_of(answer)


def test_declining_after_joining_takes_nobody_out(ann: Joiner, invited: Enrolment) -> None:
    """It may be somebody whom the mail was passed on to; leaving asks for more than a mail."""
    follow(ann, invited)
    agree(ann)
    answer = Client().post(declining(invited), {"List-Unsubscribe": "One-Click"})
    assert "If you have joined already, that goes on" in text_of(answer)
    invited.refresh_from_db()
    assert invited.status == "joining"


@pytest.mark.parametrize("before", ["unanswered", "joined"])
def test_no_counts_whatever_became_of_the_invitation(
    ann: Joiner, invited: Enrolment, before: str
) -> None:
    """The page says that no study asks again, and the address may be gone by then."""
    address = declining(invited)
    if before == "joined":
        follow(ann, invited)
        agree(ann)
    else:
        services.take_back(enrolment=invited, now=timezone.now())
        assert not User.objects.filter(email="ann@example.org").exists()
    answer = Client().post(address, {"List-Unsubscribe": "One-Click"})
    assert "no study here asks you again" in text_of(answer)
    asked = standing(StudyFactory(), ["ann@example.org"])
    assert asked == {"ann@example.org": Standing.DO_NOT_INVITE}


def test_whoever_is_on_the_way_when_it_is_declined_goes_on_as_anybody(
    ann: Joiner, invited: Enrolment
) -> None:
    follow(ann, invited)
    ann.read()
    ann.answer_all()
    services.decline(
        enrolment=invited, mark=do_not_invite.mark("ann@example.org"), now=timezone.now()
    )
    page = ann.get("join_email")
    assert page.status_code in {200, 302}
    assert "came to" not in page.content.decode()


@pytest.mark.parametrize("token", ["x", "1.aaaa", "999999.abc"])
def test_a_token_that_nobody_signed_declines_nothing(
    client: Client, invited: Enrolment, token: str
) -> None:
    assert client.post(f"/emails/decline/{token}/").status_code == 404


def test_a_token_for_stopping_mail_does_not_decline(client: Client, invited: Enrolment) -> None:
    token = links.stop_token_for(invited)
    answer = client.post(f"/emails/decline/{token}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 404
    invited.refresh_from_db()
    assert invited.status == "invited"
