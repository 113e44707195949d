"""What staff say beside a change of the settings is kept for good, and names nobody."""

from datetime import timedelta

import pytest
from django.test import Client

from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.monitoring_settings.pages import send

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
    assert send(manager, keeping, retention_until=earlier.isoformat()).status_code == 302
    study.refresh_from_db()
    assert study.retention_until == earlier
