"""The questions about a person, and the choice of a day: what is not understood is said."""

import re

import pytest

from participants.models import Demographics, Enrolment
from participants.models.demographics import Answered
from scheduling.models import Prompt
from tests.portal_joining.walk import Joiner, form_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(ann: Joiner) -> Joiner:
    ann.reach_agreement()
    ann.agree()
    return ann


def test_every_question_can_be_left(agreed: Joiner) -> None:
    assert agreed.send("join_about")["Location"] == agreed.url("join_day")
    said = Demographics.objects.get()
    assert {said.age_answered, said.gender_answered, said.ethnicity_answered} == {Answered.SKIPPED}
    assert said.education_answered == Answered.SKIPPED


def test_preferring_not_to_say_is_kept_apart_from_leaving_it(agreed: Joiner) -> None:
    declined = "prefer_not_to_say"
    agreed.send("join_about", age_declined="on", gender=declined, ethnicity=declined)
    said = Demographics.objects.get()
    assert (said.age_answered, said.gender_answered) == (Answered.DECLINED, Answered.DECLINED)
    assert (said.ethnicity_answered, said.ethnicity) == (Answered.DECLINED, "")
    assert said.education_answered == Answered.SKIPPED


@pytest.mark.parametrize("age", ["17", "121", "-5", "thirty", "34.5", "9" * 30, "３４歳"])
def test_an_age_that_cannot_be_is_asked_again_and_nothing_is_saved(
    agreed: Joiner, age: str
) -> None:
    page = agreed.send("join_about", age=age, gender="man")
    words = "Give your age in whole years, from 18 to 120, or leave it empty."
    assert text_of(page).count(words) == 2
    assert form_of(page)["age"] == age
    assert form_of(page)["gender"] == "man"
    assert Demographics.objects.count() == 0


def test_an_age_and_preferring_not_to_say_it_are_one_too_many(agreed: Joiner) -> None:
    page = agreed.send("join_about", age="34", age_declined="on")
    assert "You gave an age and ticked “Prefer not to say”. Keep one." in text_of(page)


def test_own_words_alone_are_an_answer(agreed: Joiner) -> None:
    agreed.send("join_about", ethnicity_own_words="Cornish")
    said = Demographics.objects.get()
    assert (said.ethnicity, said.ethnicity_own_words) == ("own_words", "Cornish")


def test_own_words_that_are_missing_or_beside_another_answer_are_asked_about(
    agreed: Joiner,
) -> None:
    missing = agreed.send("join_about", gender="own_words")
    assert "Write a few words here, or choose another answer." in text_of(missing)
    beside = agreed.send("join_about", gender="woman", gender_own_words="Agender")
    assert "You wrote your own words too." in text_of(beside)
    assert Demographics.objects.count() == 0


def test_an_answer_that_is_not_on_the_page_is_asked_again(agreed: Joiner) -> None:
    page = agreed.send("join_about", education="wizardry")
    assert "Choose one of the answers, or none." in text_of(page)


@pytest.fixture
def choosing(agreed: Joiner) -> Joiner:
    agreed.send("join_about")
    return agreed


def test_no_day_is_chosen_for_a_person_and_the_zone_is_the_studys(choosing: Joiner) -> None:
    page = choosing.get("join_day")
    assert form_of(page) == {}
    chosen = re.findall(r'<option value="([^"]+)"[^>]* selected', page.content.decode())
    assert chosen == ["19:00", "Europe/London"]
    assert b">7 in the evening" in page.content
    assert b'data-offer="browser"' in page.content


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("weekday", "", "Choose a day of the week."),
        ("weekday", "8", "Choose one of the seven days."),
        ("local_time", "", "Choose a time."),
        ("local_time", "03:00", "Choose one of the times in the list."),
        ("zone", "", "Choose the place whose clock you live by."),
        ("zone", "Europe/Atlantis", "Choose one of the places in the list."),
    ],
)
def test_what_cannot_be_chosen_is_asked_again_and_nothing_is_saved(
    choosing: Joiner, field: str, value: str, words: str
) -> None:
    page = choosing.choose_day(**{field: value})
    assert text_of(page).count(words) == 2
    assert Enrolment.objects.get().status == "joining"
    assert Prompt.objects.count() == 1  # the copy of the agreement


def test_a_zone_chosen_by_hand_is_not_replaced_by_the_browsers(choosing: Joiner) -> None:
    page = choosing.choose_day(zone="Asia/Tokyo", show="dates")
    assert b"data-offer" not in page.content


def test_choosing_twice_keeps_the_first_day(choosing: Joiner) -> None:
    sent = {"weekday": "4", "local_time": "19:00", "zone": "Europe/London"}
    choosing.client.post(choosing.url("join_day"), sent)
    again = choosing.client.post(choosing.url("join_day"), sent | {"weekday": "5"})
    assert again["Location"] == choosing.url("join_dates")
    assert Enrolment.objects.get().rhythm.weekday == 4
    page = choosing.get("join_dates")
    assert "You had chosen your day already, so that day stands." in text_of(page)
    assert b'href="/home/day/"' in page.content
    choosing.client.post(choosing.url("join_day"), sent)
    assert "already" not in text_of(choosing.get("join_dates"))
    assert Prompt.objects.filter(kind="session").count() == 4


def test_every_place_of_the_database_is_offered_once_and_no_other_name(choosing: Joiner) -> None:
    page = choosing.get("join_day").content.decode()
    names = re.findall(r'<option value="([A-Z][^"]*)"', page)
    assert len(names) == len(set(names)) > 400
    assert {"Asia/Kolkata", "UTC", "America/Argentina/Buenos_Aires", "Europe/Oslo"} <= set(names)
    assert not {"Asia/Calcutta", "Zulu", "W-SU", "US/Eastern", "Etc/GMT+5"} & set(names)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Eastern", "America/New_York"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Zulu", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("Europe/Oslo", "Europe/Oslo"),
    ],
)
def test_any_name_of_a_zone_is_taken_and_shown_as_chosen(
    choosing: Joiner, sent: str, kept: str
) -> None:
    shown = choosing.choose_day(zone=sent, show="dates").content.decode()
    assert re.findall(r'<option value="([^"]+)"[^>]*selected', shown)[-1] == kept
    choosing.choose_day(zone=sent)
    assert Enrolment.objects.get().rhythm.zone == kept


def test_what_only_the_machine_calls_a_zone_is_none(choosing: Joiner) -> None:
    for name in ("Factory", "localtime", "../etc/passwd", "A\0"):
        assert "Choose one of the places in the list." in text_of(choosing.choose_day(zone=name))
