"""Each participant page, with its sheets, scripts and font, is at most 60 KB on the line."""

import re

import pytest
import time_machine
from django.test import Client

from studies.models import Study
from tests.portal_joining.walk import Joiner, newest_code
from tests.weight.conftest import MONDAY
from tests.weight.page import Page

LARGEST = 60 * 1024
OTHER_ORIGIN = re.compile(r"^(?:\w+:)?//")


def _is_light(name: str, html: bytes) -> None:
    weights = Page(html).weights()
    table = "\n".join(f"{size:>8}  {part}" for part, size in weights.items())
    total = sum(weights.values())
    assert total <= LARGEST, f"{name}: {total} bytes\n{table}"


def _keeps_to_itself(html: bytes) -> None:
    page = Page(html)
    assert [address for address in page.fetched if OTHER_ORIGIN.match(address)] == []


def _paints_before_scripts(html: bytes) -> None:
    """Modules run once the page is read; and they stand at its end, after all that is shown."""
    page = Page(html)
    assert [script.get("type") for script in page.scripts] == ["module"] * len(page.scripts)
    assert [script for script in page.scripts if not script.get("src")] == []
    if page.scripts:
        assert page.after_last_script == []
        head, _, _ = html.partition(b"</head>")
        assert b"<script" not in head


def _is_well_made(name: str, html: bytes) -> None:
    _is_light(name, html)
    _keeps_to_itself(html)
    _paints_before_scripts(html)


@pytest.mark.django_db
@time_machine.travel(MONDAY, tick=False)
def test_the_way_in_is_light(study: Study) -> None:
    ann = Joiner(Client(), study)
    _is_well_made("landing", ann.client.get("/").content)
    _is_well_made("information", ann.get("join").content)
    ann.read()
    _is_well_made("question", ann.get("join_question", "adult").content)
    ann.answer_all()
    _is_well_made("address", ann.get("join_email").content)
    code_page = ann.send("join_email", email=ann.email)["Location"]
    _is_well_made("code", ann.client.get(code_page).content)
    ann.client.post(code_page, {"code": newest_code(ann.email)})
    _is_well_made("agreement", ann.get("join_agreement").content)
    ann.agree()
    _is_well_made("about you", ann.get("join_about").content)
    ann.send("join_about")
    _is_well_made("day", ann.get("join_day").content)
    ann.choose_day()
    _is_well_made("dates", ann.get("join_dates").content)


PAGES = [
    "/home/",
    "/week/1/",
    "/home/day/",
    "/home/details/",
    "/home/details/about-you/",
    "/week/1/handout/print/",
    "/week/1/video/words/",
    "/help/",
    "/privacy/",
]


def test_the_weeks_are_light(client: Client, weeks: int) -> None:
    for path in [*PAGES, *(f"/week/{week}/" for week in range(1, weeks + 1))]:
        answer = client.get(path)
        assert answer.status_code == 200
        _is_well_made(f"{path} at {weeks}", answer.content)
