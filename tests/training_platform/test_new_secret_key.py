"""What docs/running.md says of a change of SECRET_KEY, on the pages."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from participants import do_not_invite
from participants.models import Enrolment
from scheduling import links
from tests.portal_weeks.conftest import by_link, clock, person, signed_in, surroundings
from tests.portal_weeks.people import WEEK_ONE, token_of

__all__ = ["by_link", "clock", "person", "signed_in", "surroundings"]
Clock = Callable[[datetime], None]


@pytest.fixture
def mailed(person: Enrolment) -> dict[str, str]:
    """What lies in somebody's mailbox from before."""
    return {"go": f"/go/{token_of(person)}/", "stop": links.stop_url(person)}


def renew(settings: Settings, *, former: list[str]) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key, as long as one is" * 2, former


def test_everybody_stays_where_they_are_and_mailed_links_go_on(
    settings: Settings,
    person: Enrolment,
    signed_in: Client,
    by_link: Client,
    mailed: dict[str, str],
) -> None:
    marked = do_not_invite.mark("no@example.org")
    do_not_invite.remember(mark=marked, now=WEEK_ONE)
    renew(settings, former=[settings.SECRET_KEY])
    assert [client.get("/week/1/").status_code for client in (signed_in, by_link)] == [200, 200]
    reader = Client()
    assert reader.get(mailed["go"]).status_code == 200
    assert reader.post(mailed["go"], follow=True).request["PATH_INFO"] == "/week/1/"
    assert Client().get(mailed["stop"]).status_code == 200
    assert do_not_invite.among(["no@example.org"]) == {"no@example.org"}
    assert links.token_for(person.prompts.get(kind="session", occurrence=1)) not in mailed["go"]


def test_where_the_old_key_is_left_out_all_that_was_mailed_ends(
    settings: Settings, signed_in: Client, by_link: Client, mailed: dict[str, str]
) -> None:
    do_not_invite.remember(mark=do_not_invite.mark("no@example.org"), now=WEEK_ONE)
    renew(settings, former=[])
    for client in (signed_in, by_link):
        response = client.get("/week/1/")
        assert (response.status_code, response["Location"].split("?")[0]) == (
            302,
            "/accounts/login/",
        )
    assert [Client().post(each).status_code for each in mailed.values()] == [404, 404]
    assert do_not_invite.among(["no@example.org"]) == set()
