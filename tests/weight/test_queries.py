"""Each participant page asks the database ten questions or fewer, however much someone has done."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scheduling import links
from scheduling.models import Prompt

MOST = 10
PAGES = [
    "/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/join/demo/",
    "/join/demo/dates/",
    "/home/",
    "/home/dates.ics",
    "/home/day/",
    "/home/another-week/",
    "/home/pause/",
    "/home/mail/",
    "/home/details/",
    "/home/details/about-you/",
    "/home/address/",
    "/home/agreement/",
    "/home/leave/",
    "/home/which/",
    "/week/1/",
    "/week/1/video/words/",
    "/week/1/handout/print/",
    "/week/4/",
]


def _questions(client: Client, path: str) -> list[str]:
    """Statements that a page sends, without the marks of transactions."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code in {200, 302}
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [each["sql"] for each in asked.captured_queries if not each["sql"].startswith(marks)]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_little(client: Client, path: str) -> None:
    """The first visit of the day, which is noted, and the next."""
    for _visit in (1, 2):
        questions = _questions(client, path)
        assert len(questions) <= MOST, "\n".join(questions)


def test_a_visit_by_mailed_link_asks_little(person) -> None:
    client = Client()
    prompt = Prompt.objects.get(enrolment=person, kind="session", occurrence=1)
    token = links.token_for(prompt)
    assert len(_questions(client, f"/go/{token}/")) <= MOST
    client.post(f"/go/{token}/")
    for path in ("/home/", "/week/1/", "/home/pause/"):
        questions = _questions(client, path)
        assert len(questions) <= MOST, "\n".join(questions)
