"""What staff say beside a change of the settings is kept for good, and names nobody."""

from datetime import timedelta

import pytest
from django.test import Client

from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.monitoring_settings.pages import fields_of, said, send, text_of

pytestmark = pytest.mark.django_db


def test_address_in_a_reason_is_left_out_and_that_is_said(study: Study, manager: Client) -> None:
    recruiting = "/staff/calm/settings/recruiting/"
    send(manager, recruiting, capacity="40", why="ann@example.org asked")
    assert study.staff_actions.get().why == "asked"
    page = manager.get("/staff/calm/settings/")
    assert "the address in it was left out" in page.content.decode()


def test_data_are_kept_no_longer_than_people_were_told(study: Study, manager: Client) -> None:
    keeping = "/staff/calm/settings/keeping/"
    told = study.retention_until
    later, earlier = (told + timedelta(days=days) for days in (1, -1))
    EnrolmentFactory(study=study)
    page = send(manager, keeping, retention_until=later.isoformat())
    assert "You can choose an earlier day, not a later one." in page.content.decode()
    dates = {"retention_until": earlier.isoformat(), "why": "The committee asked"}
    assert send(manager, keeping, **dates).status_code == 302
    study.refresh_from_db()
    assert study.retention_until == earlier


@pytest.mark.parametrize("why", ["", "  ", "ann@example.org"])
def test_dates_that_people_were_told_are_not_changed_without_a_reason(
    study: Study, manager: Client, why: str
) -> None:
    keeping = "/staff/calm/settings/keeping/"
    told = study.deletion_cutoff
    later = (told + timedelta(days=1)).isoformat()
    assert send(manager, keeping, deletion_cutoff=told.isoformat()).status_code == 302  # unchanged
    EnrolmentFactory(study=study)
    page = send(manager, keeping, deletion_cutoff=later, why=why)
    assert page.context["form"].non_field_errors() == ["Say why, in a few words and without names."]
    assert page.content.decode().count("Say why, in a few words and without names.") == 2
    assert fields_of(page)["deletion_cutoff"] == [later]
    study.refresh_from_db()
    assert (study.deletion_cutoff, study.staff_actions.count()) == (told, 0)
    assert send(manager, keeping, page, why="Asked by the committee").status_code == 302
    assert study.staff_actions.get().why == "Asked by the committee"


def test_who_was_told_what_is_said_before_and_after(study: Study, manager: Client) -> None:
    keeping = "/staff/calm/settings/keeping/"
    assert "told:" not in text_of(manager.get(keeping))
    assert 'name="why" id="id_why" value="" required' not in manager.get(keeping).content.decode()
    EnrolmentFactory(study=study)
    EnrolmentFactory(study=study)
    told = (
        "Until now 2 people who joined were told: deletion on request until 30 June 2060, and data "
        "kept until 31 December 2060."
    )
    assert f"{told} Nobody is mailed about it." in text_of(manager.get(keeping))
    response = send(manager, keeping, deletion_cutoff="2060-07-01", why="Asked")
    [message] = said(manager.get(response["Location"]))
    assert message == f"Saved: How long data are kept. {told}"
