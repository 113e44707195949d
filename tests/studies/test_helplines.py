import re
from pathlib import Path

import pytest
from django.conf import settings

from studies import helplines
from studies.helplines import Line

BESIDE_THE_WEEKS = Path(settings.BASE_DIR) / "content/self-compassion/finding-help.md"


@pytest.fixture
def page() -> str:
    return BESIDE_THE_WEEKS.read_text(encoding="utf-8")


def every_line() -> list[Line]:
    held = list(vars(helplines).values())
    listed = [each for group in held if isinstance(group, tuple) for each in group]
    return [each for each in held + listed if isinstance(each, Line)]


def test_the_course_s_page_gives_the_same_numbers(page: str) -> None:
    keys = {helplines.SILENT_KEY, helplines.RELAY_PREFIX, helplines.RELAY_EMERGENCY}
    ours = {each.number for each in every_line()} | keys
    bold = re.findall(r"\*\*(\d[\d ]+|\S+\.co\.uk)\*\*", page)
    relayed = f"{helplines.RELAY_PREFIX} {helplines.LIFELINE.number}"
    assert set(bold) - {relayed} == ours
    assert helplines.ELSEWHERE_ADDRESS.removeprefix("https://") in page


def test_the_course_s_page_gives_the_same_dates(page: str) -> None:
    days = [helplines.PUT_TOGETHER_ON, helplines.REVIEW_BY]
    assert re.findall(r"\d+ \w+ 20\d\d", page) == [f"{day.day} {day:%B %Y}" for day in days]


def test_each_address_dials_the_number_that_people_read() -> None:
    for line in every_line():
        assert re.sub(r"^(tel:|sms:|https://)", "", line.address) == line.number.replace(" ", "")


def test_mail_names_no_option_of_a_menu_by_its_number() -> None:
    assert helplines.for_mail() == [
        ("In danger", "999"),
        ("Samaritans", "116 123 (day and night, free)"),
        ("By text", "SHOUT to 85258"),
        ("NHS, mental health", "111, then the mental health option"),
        ("In Northern Ireland", "0808 808 8000 (Lifeline)"),
        ("Outside the UK", "findahelpline.com"),
    ]
