"""Somebody joins by the pages, uses a week, leaves with deletion by the pages, and is gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from participants.measures import summary
from participants.models import Enrolment, User
from scheduling import delivery, housekeeping
from scheduling.models import Prompt
from tests.factories.studies import StudyFactory
from tests.portal_joining.test_agreement import newer_version
from tests.portal_joining.walk import STATEMENTS, Joiner, form_of, newest_code
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
THURSDAY = datetime(2026, 1, 8, 19, 30, tzinfo=UTC)
TRACES = ("ann@example.org", "Ann Demo", "as Ann says it")


def let_mail_go(now: datetime) -> None:
    delivery.run(clock=lambda: now)
    housekeeping.tidy(now=now)


def sign_in_again(person: Joiner) -> None:
    """Deletion asks for a code of the last half hour."""
    person.client.post(reverse("portal:sign_out"))
    asked = person.client.post(reverse("account_login"), {"login": person.email})
    person.client.post(asked["Location"], {"code": newest_code(person.email)})


def leave(client: Client, **fields: Any) -> Any:
    code = Enrolment.objects.get().code
    reason = "Ann Demo, ann@example.org"
    told = {"level": "erasure", "reason": reason, "confirm": "yes", "code": code}
    return client.post(reverse("portal:leave"), {**told, **fields})


def test_whoever_leaves_with_deletion_is_nowhere_and_is_still_counted(client: Client) -> None:
    ann = Joiner(client, StudyFactory(slug="four-weeks"))
    with time_machine.travel(MONDAY):
        ann.reach_agreement()
        ann.agree()
        ann.send("join_about", gender="own_words", gender_own_words="as Ann says it")
        ann.choose_day()
        let_mail_go(MONDAY)
    with time_machine.travel(THURSDAY):
        let_mail_go(THURSDAY)
        sign_in_again(ann)
        assert ann.client.get(reverse("portal:week", args=[1])).status_code == 200
        found = {place.partition(".")[0] for place in places_of(*TRACES)}
        assert found >= {
            "participants_user",
            "participants_consentsignature",
            "participants_demographics",
            "django_session",
        }
        assert leave(client)["Location"] == reverse("portal:goodbye", args=["erasure"])
        counted = summary(ann.study)
        let_mail_go(THURSDAY + timedelta(minutes=1))

    assert places_of(*TRACES) == []
    assert summary(ann.study) == counted
    assert (counted.assessed, counted.eligible, counted.consented) == (1, 1, 1)
    assert counted.withdrawn == {"training": 0, "everything": 0, "erasure": 1}
    assert Enrolment.objects.get().erased_at is not None
    assert mail.outbox[-1].to == ["ann@example.org"]


def test_address_is_kept_for_the_confirmation_and_a_day_at_most(client: Client) -> None:
    ann = Joiner(client, StudyFactory(slug="four-weeks"))
    with time_machine.travel(MONDAY):
        ann.join()
        leave(client)
        housekeeping.tidy(now=MONDAY + timedelta(hours=23))
        assert "participants_user.email" in places_of(*TRACES)
        housekeeping.tidy(now=MONDAY + timedelta(hours=25))
    assert places_of(*TRACES) == []


def test_an_address_that_mail_comes_back_from_is_gone_with_the_next_tick(client: Client) -> None:
    """Its last mail cannot arrive, so nothing waits for it; the mark goes with the address."""
    ann = Joiner(client, StudyFactory(slug="four-weeks"))
    with time_machine.travel(MONDAY):
        ann.join()
        let_mail_go(MONDAY + timedelta(seconds=30))
        User.objects.update(address_failed_at=MONDAY)
        Prompt.objects.filter(kind="welcome").update(bounced_at=MONDAY)
        leave(client)
        sent = len(mail.outbox)
        let_mail_go(MONDAY + timedelta(minutes=1))
    assert places_of(*TRACES) == []
    assert (User.objects.count(), len(mail.outbox)) == (0, sent)


def test_a_name_typed_under_words_that_changed_meanwhile_is_kept_nowhere(client: Client) -> None:
    """So a session never holds a typed name, and need not be searched for one."""
    ann = Joiner(client, StudyFactory(slug="four-weeks"))
    ann.reach_agreement()
    ticks = {f"statement-{key}": "on" for key in STATEMENTS}
    shown = form_of(ann.get("join_agreement"))
    newer_version(ann.study)
    sent = shown | ticks | {"typed_name": "Ann Demo"}
    page = client.post(ann.url("join_agreement"), sent)
    assert form_of(page)["typed_name"] == "Ann Demo"
    assert places_of("Ann Demo") == []
    ann.agree()
    assert places_of("Ann Demo") == ["participants_consentsignature.typed_name"]
