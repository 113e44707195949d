"""The study's own row: changed part by part, whole or not at all, and with what was promised kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from studies.models import Study
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import StudyFactory
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import fields_of, queries_of, said, send, text_of

pytestmark = pytest.mark.django_db


def at(section: str, slug: str = "calm") -> str:
    return f"/staff/{slug}/settings/{section}/"


def values(study: Study) -> dict[str, Any]:
    return Study.objects.filter(pk=study.pk).values().get()


NAMES = {"public_name": "Another name", "neutral_name": "Your week", "default_zone": "Asia/Tokyo"}
TEAM = {
    "institution": "Another university",
    "lead_name": "Another lead",
    "ethics_reference": "TEST/2027/9",
    "contact_email": "other@example.org",
    "complaints_contact": "Another office\nRoom 4",
}


@pytest.mark.parametrize(("section", "changes"), [("names", NAMES), ("team", TEAM)])
def test_part_is_saved_and_nothing_else_changes(
    study: Study, manager: Client, section: str, changes: dict[str, Any]
) -> None:
    before = values(study)
    response = send(manager, at(section), **changes)
    assert (response.status_code, response["Location"]) == (302, "/staff/calm/settings/")
    assert values(study) == before | changes


def test_recruiting_is_set_in_the_zone_of_the_study() -> None:
    study = StudyFactory(slug="calm", default_zone="America/New_York")
    client = managing(study)
    send(
        client,
        at("recruiting"),
        recruiting_from="2027-07-01T09:00",
        recruiting_until="2027-12-01T09:00",
        capacity="120",
    )
    study.refresh_from_db()
    assert study.recruiting_from == datetime(2027, 7, 1, 13, 0, tzinfo=UTC)
    assert study.recruiting_until == datetime(2027, 12, 1, 14, 0, tzinfo=UTC)
    assert study.capacity == 120
    page = client.get(at("recruiting"))
    assert fields_of(page)["recruiting_from"] == ["2027-07-01T09:00"]
    assert "The times are those of America/New_York." in text_of(page)


def test_what_new_people_are_given_and_the_reminder_are_set(study: Study, manager: Client) -> None:
    other = published_edition(2)
    send(manager, at("weeks"), edition=str(other.pk), nudges=None, access_months="18")
    study.refresh_from_db()
    assert (study.edition, study.nudges, study.access_months) == (other, False, 18)


def test_dates_of_keeping_are_set(study: Study, manager: Client) -> None:
    send(manager, at("keeping"), deletion_cutoff="2061-02-03", retention_until="2071-02-03")
    study.refresh_from_db()
    assert (study.deletion_cutoff, study.retention_until) == (
        date(2061, 2, 3),
        date(2071, 2, 3),
    )


# On record


def test_each_save_is_on_record_with_who_what_and_why(study: Study, manager: Client) -> None:
    user = manager.get(at("names")).context["user"]
    send(manager, at("recruiting"), capacity="40", why="  One more group\0 ")
    action = StaffAction.objects.get()
    assert (action.study, action.by, action.kind, action.why) == (
        study,
        user,
        "settings",
        "One more group",
    )
    assert action.details == {
        "section": "recruiting",
        "fields": ["capacity"],
        "was": {"capacity": "None"},
        "is": {"capacity": "40"},
    }


def test_record_holds_no_name_and_no_address(study: Study, manager: Client) -> None:
    send(manager, at("team"), **TEAM)
    action = StaffAction.objects.get()
    assert action.details == {
        "section": "team",
        "fields": [*TEAM],
        "was": {"institution": study.institution, "ethics_reference": study.ethics_reference},
        "is": {"institution": "Another university", "ethics_reference": "TEST/2027/9"},
    }
    assert action.why == ""


@pytest.mark.parametrize("section", ["names", "team", "recruiting", "weeks", "keeping"])
def test_page_sent_as_it_was_changes_nothing_and_is_not_on_record(
    study: Study, manager: Client, section: str
) -> None:
    study.recruiting_until = datetime(2040, 1, 1, 9, 30, tzinfo=UTC)
    study.complaints_contact = "An office\nRoom 4"
    study.save()
    before = values(study)
    response = send(manager, at(section))
    assert said(manager.get(response["Location"])) == ["Nothing was changed."]
    assert values(study) == before
    assert not StaffAction.objects.exists()


# What is wrong is said beside it, and nothing is lost


@pytest.mark.parametrize(
    ("section", "changes", "field", "sentence"),
    [
        ("names", {"public_name": " "}, "public_name", "Write the public name."),
        ("names", {"neutral_name": ""}, "neutral_name", "Write a neutral name for mail."),
        (
            "names",
            {"default_zone": "Europe/Atlantis"},
            "default_zone",
            "“Europe/Atlantis” is not a time zone. Write one like Europe/London.",
        ),
        (
            "names",
            {"public_name": "a\0b"},
            "public_name",
            "Something in this is no text. Please type it once more.",
        ),
        *[
            (
                "names",
                {name: f"Calm{sign}course"},
                name,
                "There is a sign in this that nobody can see. Delete all of it, and type it anew.",
            )
            for name in ("public_name", "neutral_name")
            for sign in ("\u202e", "\u2066", "\u200b", "\ufeff", "\xad", "\x07", "\r\n", "\u2028")
        ],
        ("team", {"institution": ""}, "institution", "Say who runs this."),
        (
            "team",
            {"contact_email": "nobody"},
            "contact_email",
            "Write a whole address, such as study@example.org.",
        ),
        ("team", {"lead_name": " "}, "lead_name", "Name the person who leads the research."),
        ("team", {"ethics_reference": ""}, "ethics_reference", "Give the ethics reference."),
        (
            "recruiting",
            {"recruiting_from": "2040-01-02T09:00", "recruiting_until": "2040-01-02T09:00"},
            "recruiting_until",
            "Recruiting must end after it begins.",
        ),
        (
            "recruiting",
            {"recruiting_until": "2020-01-02T09:00"},
            "recruiting_until",
            "Recruiting ended before now. Set a later end, or none.",
        ),
        (
            "recruiting",
            {"recruiting_until": "soon"},
            "recruiting_until",
            "Write a date and a time, such as 2027-05-04 09:00.",
        ),
        (
            "recruiting",
            {"recruiting_from": "0001-01-01T00:00"},
            "recruiting_from",
            "Write a year from 2000 to 2200.",
        ),
        (
            "recruiting",
            {"recruiting_from": "2026-10-25T01:30"},
            "recruiting_from",
            "The clocks go back then, and this time comes twice. Write one an hour later.",
        ),
        (
            "recruiting",
            {"recruiting_until": "2027-03-28T01:30"},
            "recruiting_until",
            "The clocks go forward then, and leave this time out. Write one an hour later.",
        ),
        *[
            (
                "recruiting",
                {"capacity": capacity},
                "capacity",
                "Write a whole number of people, 1 or more, or leave it empty.",
            )
            for capacity in ("0", "-1", "many", "1.5", "99999999999999999999")
        ],
        (
            "weeks",
            {"access_months": "6"},
            "access_months",
            "Earlier weeks stay open for 12 months or more.",
        ),
        (
            "weeks",
            {"access_months": ""},
            "access_months",
            "Write a whole number of months, 12 or more.",
        ),
        ("weeks", {"edition": "999"}, "edition", "Choose a published edition of a course."),
        (
            "keeping",
            {"retention_until": "2060-06-29"},
            "retention_until",
            "Deletion on request ends on or before the day data are kept until.",
        ),
        (
            "keeping",
            {"deletion_cutoff": "2020-06-29"},
            "deletion_cutoff",
            "The last day for deletion on request has passed. Set a later one.",
        ),
        (
            "keeping",
            {"deletion_cutoff": "tomorrow"},
            "deletion_cutoff",
            "Write a date, such as 2027-05-04.",
        ),
    ],
)
def test_what_cannot_be_saved_is_said_beside_it_and_nothing_is_lost(
    study: Study,
    manager: Client,
    section: str,
    changes: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    before = values(study)
    page = send(manager, at(section), **changes, why="A reason")
    assert page.status_code == 200
    assert page.context["form"].errors == {field: [sentence]}
    assert page.content.decode().count(sentence) == 2  # beside it, and in the summary
    kept = fields_of(page)
    assert kept["why"] == ["A reason"]
    if not any("\0" in value for value in changes.values()) and field != "default_zone":
        assert {name: kept.get(name) for name in changes if name != "edition"} == {
            name: [value] for name, value in changes.items() if name != "edition"
        }
    assert values(study) == before
    assert not StaffAction.objects.exists()


def test_draft_of_a_course_is_not_offered(study: Study, manager: Client) -> None:
    other = draft_edition(1)
    page = send(manager, at("weeks"), edition=str(other.pk))
    assert [*page.context["form"].errors] == ["edition"]


def test_an_hour_that_the_clocks_leave_out_is_not_guessed(study: Study, manager: Client) -> None:
    page = send(manager, at("recruiting"), recruiting_until="2027-03-28T01:30")
    assert [*page.context["form"].errors] == ["recruiting_until"]


def test_in_a_draft_contacts_may_wait_and_are_named_as_missing(draft_study: Study) -> None:
    client = managing(draft_study)
    nothing = dict.fromkeys(TEAM, "")
    assert send(client, at("team", "quiet"), **nothing).status_code == 302
    missing = [each.field for each in client.get("/staff/quiet/settings/").context["missing"]]
    assert missing == [
        *("institution", "contact_email", "complaints_contact"),
        *("lead_name", "ethics_reference"),
    ]


def test_what_was_missing_before_does_not_stand_in_the_way_of_mending_the_rest(
    study: Study, manager: Client
) -> None:
    Study.objects.update(lead_name="")
    assert send(manager, at("team"), institution="Another university").status_code == 302


# What was promised


def test_short_name_and_purpose_are_fixed_once_it_has_opened(study: Study, manager: Client) -> None:
    page = manager.get(at("names"))
    assert not {"slug", "purpose"} & set(fields_of(page))
    assert "The short name in addresses and the purpose are fixed" in text_of(page)
    before = values(study)
    send(manager, at("names"), slug="other", purpose="service")
    assert values(study) == before


def test_in_a_draft_they_can_be_changed(draft_study: Study) -> None:
    client = managing(draft_study)
    response = send(client, at("names", "quiet"), slug="warm", purpose="service")
    assert response["Location"] == "/staff/warm/settings/"
    draft_study.refresh_from_db()
    assert (draft_study.slug, draft_study.purpose) == ("warm", "service")


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("styleguide", "That name is taken by a page. Choose a different one."),
        ("new-study", "That name is taken by a page. Choose a different one."),
        ("calm", "Another study has this short name. Choose a different one."),
        ("two words", "Use letters, digits and hyphens, such as four-weeks."),
        ("", "Write a short name, such as four-weeks."),
    ],
)
def test_short_name_leads_to_the_study_alone(
    study: Study, draft_study: Study, slug: str, sentence: str
) -> None:
    page = send(managing(draft_study), at("names", "quiet"), slug=slug)
    assert page.context["form"].errors["slug"] == [sentence]


def test_study_with_arms_stays_research(draft_study: Study) -> None:
    draft_study.arms.create(key="guided", name="Guided")
    page = send(managing(draft_study), at("names", "quiet"), purpose="service")
    assert page.context["form"].errors == {"purpose": ["This study has arms. Remove them first."]}


def test_nobody_who_joined_is_given_less_time_than_they_were_told(
    study: Study, manager: Client
) -> None:
    Study.objects.update(access_months=18)
    send(manager, at("keeping"), deletion_cutoff="2060-06-01")  # nobody has joined yet
    EnrolmentFactory(study=study)
    page = send(manager, at("keeping"), deletion_cutoff="2060-05-31")
    assert page.context["form"].errors == {
        "deletion_cutoff": [
            "People who joined were told that they can ask until 1 June 2060. "
            "You can choose a later day, not an earlier one."
        ]
    }
    page = send(manager, at("weeks"), access_months="17")
    assert page.context["form"].errors == {
        "access_months": ["People who joined were told 18 months. You can give more, not fewer."]
    }
    assert send(manager, at("keeping"), deletion_cutoff="2060-06-02", why="-").status_code == 302
    assert send(manager, at("weeks"), access_months="19").status_code == 302


def test_pages_say_what_a_change_touches(study: Study, manager: Client) -> None:
    EnrolmentFactory(study=study)
    for section, words in [
        ("names", "sender’s name of every mail from now on, also of those that are planned"),
        ("team", "answers to earlier mails go to the earlier address"),
        ("recruiting", "1 person has joined. With less room, nobody else can"),
        ("weeks", "Who has joined keeps theirs."),
        ("keeping", "The information sheet says until when people can have"),
    ]:
        assert words in text_of(manager.get(at(section)))


@pytest.mark.parametrize("section", ["names", "team", "recruiting", "weeks", "keeping"])
def test_queries_do_not_grow_with_the_people(study: Study, manager: Client, section: str) -> None:
    few = queries_of(manager, at(section))
    for _ in range(5):
        EnrolmentFactory(study=study)
    assert queries_of(manager, at(section)) == few


def test_an_hour_later_is_a_time_when_the_clocks_are_changed(study: Study, manager: Client) -> None:
    """As it is advised."""
    moments = {"recruiting_from": "2026-10-25T02:30", "recruiting_until": "2027-03-28T02:30"}
    assert send(manager, at("recruiting"), **moments).status_code == 302
    study.refresh_from_db()
    assert (study.recruiting_from, study.recruiting_until) == (
        datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("name", ["Café – 4 weeks’ “calm”", "दैनिक क्‍षण", "می‌خواهم"])
def test_names_in_any_script_are_saved(study: Study, manager: Client, name: str) -> None:
    assert send(manager, at("names"), public_name=name, neutral_name=name).status_code == 302
    study.refresh_from_db()
    assert (study.public_name, study.neutral_name) == (name, name)
