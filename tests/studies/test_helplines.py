import re
from pathlib import Path

import pytest
from django.conf import settings

from studies import helplines
from studies.helplines import Line

BESIDE_THE_WEEKS = Path(settings.BASE_DIR) / "content/self-compassion/finding-help.md"


@pytest.fixture
def page() -> str:
    return BESIDE_THE_WEEKS.read_text(encoding="utf-8").replace("'", "’")


@pytest.fixture
def parts(page: str) -> dict[str, str]:
    """What stands under each heading; "" is what stands before the first."""
    first, *others = re.split(r"^## ", page, flags=re.MULTILINE)
    return {"": first} | dict(each.split("\n", 1) for each in others)


def points(part: str) -> list[str]:
    return re.findall(r"^- (.+)$", part, re.MULTILINE)


def numbers(part: str) -> list[str]:
    return re.findall(r"\*\*(\d[\d ]+|\S+\.co\.uk)\*\*", part)


def low(words: object) -> str:
    """As in the midst of a sentence."""
    return str(words)[:1].lower() + str(words)[1:].removesuffix(".")


def every_line() -> list[Line]:
    held = list(vars(helplines).values())
    listed = [each for group in held if isinstance(group, tuple) for each in group]
    return [each for each in held + listed if isinstance(each, Line)]


def test_the_course_s_page_names_the_same_people_to_talk_to(parts: dict[str, str]) -> None:
    samaritans, shout = helplines.TO_TALK
    name, by_text = str(shout.name).split(", ")
    text, *rest = str(shout.words).split(". ")
    assert (by_text, text) == ("by text", "Text the word SHOUT")
    assert points(parts["Someone to talk to"]) == [
        f"**{samaritans.name}**, {low(samaritans.hours)}: call **{samaritans.number}**. "
        f"You can talk {low(samaritans.words)}.",
        f"**{name}**, {low(shout.hours)}: text **SHOUT** to **{shout.number}**. {'. '.join(rest)}",
    ]


def test_the_course_s_page_names_the_same_urgent_help_by_nation(parts: dict[str, str]) -> None:
    *by_menu, lifeline = helplines.URGENT_BY_NATION
    assert points(parts["Urgent help from the NHS"]) == [
        f"**{each.name}:** call **{each.number}** and {str(each.words).removeprefix('Then ')} "
        f"{each.hours}."
        for each in by_menu
    ] + [
        f"**{lifeline.name}:** call {str(lifeline.words).removesuffix('.')} on "
        f"**{lifeline.number}**. {lifeline.hours}."
    ]


def test_the_course_s_page_names_the_same_help_against_fear_at_home(parts: dict[str, str]) -> None:
    part, anger = parts["If someone at home frightens you"], helplines.OWN_ANGER
    assert points(part) == [
        f"**{each.name}:** {str(each.words).removesuffix('.')}, **{each.number}**. {each.hours}."
        for each in helplines.FEAR_AT_HOME
    ]
    assert f"frighten you? The {anger.name} is for people" in part
    assert f" {anger.hours}: **{anger.number}**." in part
    assert f"Call **{helplines.EMERGENCY.number}** from a mobile." in part
    assert f"press **{helplines.SILENT_KEY}** when you are asked" in part


def test_the_course_s_page_names_the_same_help_for_young_people(parts: dict[str, str]) -> None:
    childline, shout = helplines.FOR_YOUNG_PEOPLE
    about, on_the_bill = str(childline.words).split(". ")
    whom, what = about.split(", ")
    assert points(parts["If you are under 18"]) == [
        f"**{childline.name}**, {low(whom)}, {low(childline.hours)}: "
        f"call **{childline.number}**, {what}. {on_the_bill}",
        f"**{str(shout.name).split(', ')[0]}**, as above: text **SHOUT** to **{shout.number}**.",
    ]


def test_the_course_s_page_names_the_same_help_in_ireland(parts: dict[str, str]) -> None:
    emergency, samaritans, by_text = helplines.IN_IRELAND
    assert points(parts["In Ireland"]) == [
        f"{emergency.name}, call **{emergency.number}** {low(emergency.words)}.".replace(
            "999", "**999**"
        ),
        f"**{samaritans.name}**, {low(samaritans.hours)}: call **{samaritans.number}**.",
        f"{by_text.name}, {low(by_text.hours)}: **{by_text.number}**.",
    ]


def test_the_course_s_page_gives_each_number_under_the_heading_where_it_helps(
    parts: dict[str, str],
) -> None:
    emergency, ireland = helplines.EMERGENCY.number, helplines.IN_IRELAND
    relay, lifeline = helplines.RELAY_PREFIX, helplines.LIFELINE.number
    fear = [each.number for each in helplines.FEAR_AT_HOME]
    assert {heading: found for heading, part in parts.items() if (found := numbers(part))} == {
        "": [emergency],
        "Someone to talk to": [each.number for each in helplines.TO_TALK],
        "Urgent help from the NHS": [each.number for each in helplines.URGENT_BY_NATION],
        "If someone at home frightens you": [
            emergency,
            helplines.SILENT_KEY,
            *fear,
            helplines.OWN_ANGER.number,
        ],
        "If you are under 18": [each.number for each in helplines.FOR_YOUNG_PEOPLE],
        "If you are deaf, or find speech hard": [
            helplines.EMERGENCY_SIGNED.number,
            helplines.RELAY_EMERGENCY,
            emergency,
            relay,
            f"{relay} {lifeline}",
            helplines.SHOUT.number,
        ],
        "In Ireland": [
            ireland[0].number,
            emergency,
            *[each.number for each in ireland[1:]],
        ],
        "In other countries": [ireland[0].number],
    }
    assert (
        f"**{helplines.ELSEWHERE_ADDRESS.removeprefix('https://')}**" in parts["In other countries"]
    )


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
