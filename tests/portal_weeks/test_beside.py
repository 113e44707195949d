"""The texts beside the weeks, as participants come to them, read them and go back."""

import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.services import publish_edition
from participants.models import Enrolment
from tests.factories.courses import EARLY, CompanionFactory, draft_edition
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import ServiceFactory
from tests.portal_weeks.people import WEEK_ONE, session_of, token_of

WORRIES = "/beside/worries/"
BACK_HOME = '<a class="go" href="/home/">Back to your weeks</a>'


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def person_with(*texts: tuple[str, str]) -> Enrolment:
    """Someone of another study, whose edition has these texts (kind, body) and no other."""
    draft = draft_edition(weeks=4)
    draft.companions.all().delete()
    for kind, body in texts:
        CompanionFactory(edition=draft, kind=kind, title=f"Our {kind}", body=body)
    edition = publish_edition(edition=draft, now=EARLY)
    return enrolled(study=ServiceFactory(edition=edition), now=MONDAY)


def client_of(person: Enrolment) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_both_texts_can_be_read(request: Any, way: str) -> None:
    client = request.getfixturevalue(way)

    worries = page_of(client, WORRIES)
    assert "<h1>Common worries</h1>" in worries
    assert "<h2>“I will get lazy.”</h2><p>Think of a good coach.</p>" in worries
    assert "<title>Common worries. Four Weeks</title>" in worries
    glossary = page_of(client, "/beside/glossary/")
    assert "<h1>Words we use</h1>" in glossary
    assert "<h2>Drive system</h2>" in glossary


@pytest.mark.parametrize(
    ("start", "end"), [("/week/1/", "?week=1"), ("/home/", "")], ids=["week", "home"]
)
@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_the_pages_lead_to_them(request: Any, way: str, start: str, end: str) -> None:
    page = page_of(request.getfixturevalue(way), start)

    assert re.findall(r'href="(/beside/[^"]*)">([^<]*)', page) == [
        (f"/beside/worries/{end}", "Common worries"),
        (f"/beside/glossary/{end}", "Words we use"),
    ]


def test_the_end_of_the_weeks_leads_to_them_too(signed_in: Client, person: Enrolment) -> None:
    person.sessions.update(
        **dict.fromkeys(("opens_at", "first_opened_at", "took_part_at", "finished_at"), WEEK_ONE)
    )

    page = page_of(signed_in, "/home/")
    assert "Thank you." in page
    assert page.count('href="/beside/') == 2


def test_before_week_one_they_are_open_already(signed_in: Client, clock: Any) -> None:
    clock(MONDAY)

    assert "/beside/worries/" in page_of(signed_in, "/home/")
    assert "Think of a good coach." in page_of(signed_in, WORRIES)


def test_the_way_back_leads_to_the_week_one_came_from(signed_in: Client) -> None:
    page = page_of(signed_in, f"{WORRIES}?week=1")

    assert '<a class="go" href="/week/1/">Back to week one</a>' in page
    assert BACK_HOME not in page


@pytest.mark.parametrize("week", ["", "0", "5", "-1", "1.5", "²", "x", "1" * 5000, "1&week=9"])
def test_a_week_that_there_is_not_leads_home(signed_in: Client, week: str) -> None:
    assert BACK_HOME in page_of(signed_in, f"{WORRIES}?week={week}")


def test_someone_of_another_study_reads_those_of_their_own_edition(
    signed_in: Client, person: Enrolment
) -> None:
    other = client_of(person_with(("worries", "<p>Other words.</p>")))

    assert "<h1>Our worries</h1>\n  <p>Other words.</p>" in page_of(other, WORRIES)
    assert "Other words." not in page_of(signed_in, WORRIES)


def test_an_edition_with_one_text_leads_to_that_one(clock: Any, db: None) -> None:
    client = client_of(person_with(("glossary", "<p>Words.</p>")))

    for start in ("/home/", "/week/1/"):
        assert re.findall(r'href="/beside/(\w+)/', page_of(client, start)) == ["glossary"]


def test_an_edition_without_texts_leads_to_none(clock: Any, db: None) -> None:
    client = client_of(person_with())

    for start in ("/home/", "/week/1/"):
        page = page_of(client, start)
        assert "/beside/" not in page
        assert "Beside the weeks" not in page


@pytest.mark.parametrize("way", ["code", "link"])
def test_a_text_that_the_edition_has_not_is_not_found_and_leads_home(
    clock: Any, db: None, way: str
) -> None:
    person = person_with()
    client = Client()
    if way == "code":
        client.force_login(person.user)
    else:
        client.post(f"/go/{token_of(person)}/")

    for address in (WORRIES, "/beside/glossary/", "/beside/songs/"):
        response = client.get(address)
        assert response.status_code == 404
        page = response.content.decode()
        assert "<h1>Your course has no such page</h1>" in page
        assert '<a class="btn" href="/home/">Back to your weeks</a>' in page


def test_reading_is_a_visit_and_opens_no_week(signed_in: Client, person: Enrolment) -> None:
    signed_in.head(WORRIES)
    person.refresh_from_db()
    assert person.last_seen_at is None

    signed_in.get(WORRIES)

    person.refresh_from_db()
    assert person.last_seen_at == WEEK_ONE + timedelta(hours=1)
    assert session_of(person).first_opened_at is None


def test_nothing_is_sent_to_them(signed_in: Client) -> None:
    assert signed_in.post(WORRIES).status_code == 405


def test_headings_follow_one_another(signed_in: Client) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", page_of(signed_in, WORRIES))]

    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))


def test_on_paper_it_names_the_study_and_who_can_help(signed_in: Client, person: Enrolment) -> None:
    words = re.findall(r'<p class="paper-only small">(.*?)</p>', page_of(signed_in, WORRIES))

    assert len(words) == 1
    assert words[0].startswith(f"{person.study.neutral_name}. ")
    assert "116 123" in words[0]


@pytest.mark.parametrize("address", [WORRIES, f"{WORRIES}?week=1"])
@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_a_text_asks_the_database_seven_times_at_most(
    request: Any, way: str, address: str, django_assert_max_num_queries: Any
) -> None:
    client = request.getfixturevalue(way)

    with django_assert_max_num_queries(7):
        assert client.get(address).status_code == 200
