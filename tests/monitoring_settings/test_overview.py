"""One page says what stands, and what is missing before the study can open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.models import StaffAction
from studies.models import Document, Study
from studies.services import new_version
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import said, send, text_of

pytestmark = pytest.mark.django_db

PAGE = "/staff/calm/settings/"


def facts(response: object, slug: str) -> dict[str, str]:
    parts = {part.slug: dict(part.facts) for part in response.context["parts"]}  # type: ignore[attr-defined]
    return parts[slug]


def test_everything_that_stands_is_there(study: Study, manager: Client) -> None:
    study.recruiting_from = datetime(2027, 7, 1, 8, 0, tzinfo=UTC)
    study.save()
    EnrolmentFactory(study=study)
    EnrolmentFactory(study=study, is_test=True)
    page = manager.get(PAGE)
    assert facts(page, "names")["Neutral name"] == "Weekly session"
    assert facts(page, "recruiting") == {
        "Recruiting from": "1 July 2027, 09:00",  # London's summer time
        "Recruiting until": "When the study is closed",
        "Room for": "No limit",
    }
    assert facts(page, "weeks")["Course"] == "Four weeks of self-compassion, edition 1"
    assert facts(page, "keeping")["Deletion on request until"] == "30 June 2060"
    words = text_of(page)
    assert "The study is open, and nothing is missing" in words
    assert "Joined so far 1" in words
    assert "Is adult true of you?" in words
    assert "Consent form Version 1 is in force." in words
    assert (
        "Privacy notice None. The study can open without it if the information sheet says all"
        in words
    )


def test_what_is_missing_leads_to_where_it_is_mended() -> None:
    study = StudyFactory(
        slug="calm",
        state=Study.State.DRAFT,
        documents=False,
        criteria=False,
        lead_name="",
        ethics_reference="",
        recruiting_until=datetime(2020, 1, 1, tzinfo=UTC),
    )
    client = managing(study)
    html = client.get(PAGE).content.decode()
    for sentence, place in [
        (
            "There is no published document of this kind: Consent form.",
            f"{PAGE}documents/consent/",
        ),
        ("There are no eligibility criteria. Say who may join.", f"{PAGE}eligibility/"),
        ("Name the person who leads the research.", f"{PAGE}team/#id_lead_name"),
        ("Give the ethics reference.", f"{PAGE}team/#id_ethics_reference"),
        (
            "Recruiting ended before now. Set a later end, or none.",
            f"{PAGE}recruiting/#id_recruiting_until",
        ),
    ]:
        assert f'<a href="{place}">{sentence}</a>' in html
        page = client.get(place)
        assert page.status_code == 200
        if "#" in place:
            assert f'id="{place.partition("#")[2]}"' in page.content.decode()


def test_researcher_who_does_not_manage_reads_what_is_missing(study: Study, reader: Client) -> None:
    Study.objects.update(lead_name="")
    html = reader.get(PAGE).content.decode()
    assert "<li>Name the person who leads the research.</li>" in html
    assert "It is changed by those who manage the study." in html


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("draft", ["open"]),
        ("recruiting", ["close"]),
        ("closed", ["open", "archive"]),
        ("archived", []),
    ],
)
def test_the_steps_from_here_are_offered(
    study: Study, manager: Client, state: str, steps: list[str]
) -> None:
    Study.objects.update(state=state)
    assert manager.get(PAGE).context["steps"] == steps


def test_service_has_no_arms_and_needs_a_privacy_notice() -> None:
    service = ServiceFactory(slug="calm", documents=False, state=Study.State.DRAFT)
    words = text_of(managing(service).get(PAGE))
    assert "Arms" not in words
    assert "There is no published document of this kind: Privacy notice." in words
    assert "No questions: everybody may join." in words


def test_draft_beside_the_version_in_force_is_named(study: Study, reader: Client) -> None:
    sheet = Document.objects.in_force(study, "information")
    assert sheet is not None
    new_version(document=sheet)
    assert "Version 1 is in force. Version 2 is a draft." in text_of(reader.get(PAGE))


def test_latest_changes_say_what_and_when_and_to_managers_why_and_name_nobody(
    study: Study, manager: Client, reader: Client
) -> None:
    response = send(manager, f"{PAGE}recruiting/", capacity="40", why="Room for one more group")
    assert said(manager.get(response["Location"])) == ["Saved: Recruiting."]
    StaffAction.objects.create(
        study=study,
        kind=StaffAction.Kind.CLOSE,
        details={"from": "recruiting", "to": "closed"},
        at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    words = text_of(manager.get(PAGE))
    assert "Changed the settings: room for: No limit → 40. By you. Room for one more group" in words
    assert (
        "1 Jan 2020, 00:00 Closed the study: Recruiting → Closed to new people. By a command."
        in words
    )
    words = text_of(reader.get(PAGE))
    assert "By somebody else." in words
    assert "Room for one more group" not in words


def test_only_changes_of_settings_are_listed_and_the_newest_ten(
    study: Study, manager: Client
) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    for day in range(12):
        StaffAction.objects.create(
            study=study,
            kind=StaffAction.Kind.SETTINGS,
            details={
                "section": "eligibility",
                "added": [f"key-{day}"],
                "removed": [],
                "changed": {},
            },
            at=begin + timedelta(days=day),
        )
    StaffAction.objects.create(
        study=study, kind=StaffAction.Kind.EXPORT, at=begin + timedelta(days=90)
    )
    latest = [each["what"] for each in manager.get(PAGE).context["latest"]]
    assert latest == [f"Who may join: key-{day} added" for day in range(11, 1, -1)]


def test_no_identity_is_read_and_more_people_ask_no_more_of_the_database(
    study: Study, manager: Client
) -> None:
    me = manager.get(PAGE).context["user"].pk
    counts = []
    for people in (1, 5):
        for _ in range(people):
            EnrolmentFactory(study=study)
            action = {"kind": StaffAction.Kind.SETTINGS, "details": {"section": "arms"}}
            StaffAction.objects.create(
                study=study, by=UserFactory(), at=datetime.now(UTC), **action
            )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            manager.get(PAGE)
        of_people = [
            each["sql"]
            for each in asked.captured_queries
            if "participants_user" in each["sql"]
            and f'"participants_user"."id" = {me} ' not in each["sql"]
        ]
        assert of_people == []
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 22
