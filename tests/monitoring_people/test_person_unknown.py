"""A person who has yet to agree anew, whose use was deleted, or who has not answered: what is not
known of them is not called nothing.
"""

from datetime import timedelta

import pytest
from django.test import Client

from participants.models import ConsentAnswer, Enrolment
from scheduling import prompts, services
from scheduling.models import Prompt
from studies.models import Study
from studies.services import publish_document
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import DocumentFactory, published_document
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import cells, main_of
from tests.monitoring_people.test_person import happened, page_of
from tests.scheduling.lives import live

pytestmark = pytest.mark.django_db


def test_who_has_not_agreed_anew_is_told_apart_from_who_took_no_part(
    study: Study, researcher: Client
) -> None:
    person, agreed = enrolled(study=study), enrolled(study=study)
    newer = published_document(
        study=study, kind="consent", statements={"read": True}, requires_new_consent=True
    )
    answers = {"enrolment": agreed, "agreed": True, "answered_at": NOW}
    ConsentAnswer.objects.create(statement=newer.statements.get(), **answers)

    said = main_of(page_of(researcher, person))
    assert "They have not agreed to version 2, and are asked when they next come." in said
    assert "Taking part Has not agreed anew" in said
    [week, *_rest] = cells(page_of(researcher, person).content.decode().split("<tbody>")[1])
    assert week[3:6] == ["Not recorded"] * 3
    assert "agreed anew" not in main_of(page_of(researcher, agreed))
    found = researcher.get("/staff/calm/people/?status=anew&test=without").context["page"].people
    assert [each.enrolment.code for each in found] == [person.code]
    overview = main_of(researcher.get("/staff/calm/"))
    assert "1 person has not agreed to the version in force" in overview
    assert "Of 1 person nothing is recorded now" in overview
    assert "Nothing needs you now." not in overview


def test_that_everybody_was_asked_anew_stands_in_the_timeline(
    study: Study, researcher: Client
) -> None:
    person = EnrolmentFactory(study=study, consented_at=MONDAY)
    draft = DocumentFactory(study=study, kind="consent", statements={"read": True})
    publish_document(document=draft, requires_new_consent=True, now=NOW)
    late = EnrolmentFactory(study=study, consented_at=NOW)
    words = "Mon 12 Jan: Asked to agree to Consent form, version 2"
    assert words in happened(researcher, person)
    assert words not in happened(researcher, late)


def test_use_that_was_deleted_is_not_called_none(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    Enrolment.objects.update(last_use_at=MONDAY, last_seen_at=MONDAY)
    live(MONDAY, NOW)
    nudge = Prompt.objects.planned().get(enrolment=person, kind="nudge", occurrence=2)
    prompts.skip(nudge, reason=Prompt.Reason.OPENED, now=NOW)
    level = Enrolment.Withdrawal.ERASURE
    services.leave(enrolment=person, level=level, reason="", now=NOW)

    said = main_of(page_of(researcher, person))
    assert "Last use Deleted Last seen Deleted Opened Deleted Took part Deleted" in said
    assert "0 of" not in said
    assert "opened already" not in said
    listed = main_of(researcher.get("/staff/calm/people/"))
    assert "0 of" not in listed


def test_who_is_invited_is_told_until_when(study: Study, researcher: Client) -> None:
    person = invited(study=study)
    invitation = person.invitation
    ends = invitation.invited_at + timedelta(days=30)
    said = main_of(page_of(researcher, person))
    day = f"{ends.day} {ends:%B %Y}"
    assert f"the invitation ends and their address is erased on {day}" in said
