"""What was changed, from what to what: on the settings page, and in the record of the study."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from studies.models import Document, Study
from studies.services import new_version
from tests.factories.courses import published_edition
from tests.monitoring_settings.pages import row, send, text_of

pytestmark = pytest.mark.django_db

PAGE = "/staff/calm/settings/"


def told(client: Client) -> str:
    """The newest change: the same on both pages."""
    newest: str = client.get(PAGE).context["latest"][0]["what"]
    assert f": {newest} " in f"{text_of(client.get('/staff/calm/record/'))} "
    assert newest in text_of(client.get(PAGE))
    return newest


@pytest.mark.parametrize(
    ("section", "changes", "words"),
    [
        (
            "keeping",
            {"retention_until": "2099-01-01", "deletion_cutoff": "2061-02-03"},
            "deletion on request until: 30 June 2060 → 3 February 2061; "
            "data kept until: 31 December 2060 → 1 January 2099",
        ),
        ("recruiting", {"capacity": "40"}, "room for: No limit → 40"),
        (
            "recruiting",
            {"recruiting_until": "2040-07-01T09:00"},
            "recruiting until: When the study is closed → 1 July 2040, 09:00",
        ),
        ("weeks", {"nudges": None}, "send a gentle reminder: Yes → No"),
        (
            "names",
            {"public_name": "Calm weeks"},
            "public name: “A calm study” → “Calm weeks”",
        ),
        (
            "names",
            {"neutral_name": "ann@example.org"},
            "neutral name: not kept, as it may name somebody",
        ),
        (
            "team",
            {"lead_name": "Ann Person", "contact_email": "b@example.org"},
            "lead: not kept, as it may name somebody; "
            "contact and reply-to address: not kept, as it may name somebody",
        ),
    ],
)
def test_part_tells_what_each_field_was_and_became_and_names_nobody(
    study: Study, manager: Client, section: str, changes: dict[str, Any], words: str
) -> None:
    send(manager, f"{PAGE}{section}/", **changes)
    assert told(manager) == words
    kept = str(StaffAction.objects.get().details)
    assert "Ann Person" not in kept
    assert "@" not in kept


def test_course_is_told_by_its_name(study: Study, manager: Client) -> None:
    before, other = study.edition, published_edition(2)
    send(manager, f"{PAGE}weeks/", edition=str(other.pk))
    assert told(manager) == f"course: {before} → {other}"


def test_questions_and_arms_are_told_by_key_with_their_words(study: Study, manager: Client) -> None:
    send(manager, f"{PAGE}eligibility/", **row(1, question="Are you 18?", admits_yes="False"))
    assert told(manager) == (
        "Who may join: adult (Question, to be answered with yes or no: “Is adult true of you?” → "
        "“Are you 18?”; Which answer lets a person in?: “Yes” → “No”)"
    )
    study.arms.create(key="guided", name="Guided")
    send(manager, f"{PAGE}arms/", **row(1, name="With a guide"))
    assert told(manager) == "Arms: guided (Name: “Guided” → “With a guide”)"


def test_published_version_is_named_and_led_to(study: Study, manager: Client) -> None:
    consent = Document.objects.in_force(study, Document.Kind.CONSENT)
    assert consent is not None
    new_version(document=consent)
    draft = f"{PAGE}documents/consent/draft/"
    send(manager, draft, title="Another title")
    assert told(manager) == "Consent form, draft of version 2 written"
    send(manager, f"{draft}publish/", anew="yes")
    assert told(manager) == "Consent form, version 2; people agree anew"
    link = f'<a href="{PAGE}documents/consent/2/">Consent form, version 2; people agree anew</a>'
    assert link in manager.get(PAGE).content.decode()
    assert link in manager.get("/staff/calm/record/").content.decode()
    assert manager.get(f"{PAGE}documents/consent/2/").status_code == 200


def test_deleted_draft_and_another_state_are_told(study: Study, manager: Client) -> None:
    consent = Document.objects.in_force(study, Document.Kind.CONSENT)
    assert consent is not None
    new_version(document=consent)
    send(manager, f"{PAGE}documents/consent/draft/delete/")
    assert told(manager) == "Consent form, draft 2 deleted"
    send(manager, f"{PAGE}close/")
    assert told(manager) == "Recruiting → Closed to new people"


def test_times_are_by_the_clock_of_the_study(study: Study, manager: Client) -> None:
    Study.objects.update(default_zone="Asia/Tokyo")
    at = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
    details = {"section": "arms", "added": ["a"]}
    StaffAction.objects.create(study=study, kind="settings", details=details, at=at)
    words = text_of(manager.get(PAGE))
    assert "12 Jan 2026, 21:00 Changed the settings: Arms: a added." in words
    assert "Times are in Asia/Tokyo time." in words
    assert "Times are in Asia/Tokyo time." in text_of(manager.get(f"{PAGE}documents/consent/"))
