"""Who is asked to agree anew, many at once, is who is not consenting, one by one."""

import pytest

from participants.agreeing_anew import asked_anew, waiting
from participants.models import Enrolment
from tests.factories.studies import StudyFactory
from tests.participants.test_joining import joined, newer_form

pytestmark = pytest.mark.django_db


def test_asked_anew_is_who_is_not_consenting_any_more() -> None:
    study, people = StudyFactory(), []
    for anew in (True, False, True, True, False):
        people.append(joined(study))
        newer_form(study, anew=anew)
        current = Enrolment.objects.current()
        waits = set(current) - set(current.consenting())
        assert set(asked_anew(Enrolment.objects.all())) == waits
        assert {person for person in people if waiting(person)} == waits
    first, third = waiting(people[0]), waiting(people[2])
    assert first is not None
    assert third is not None
    assert (first.version, third.version) == (5, 5)
    versions = study.documents.filter(kind="consent", published_at=first.since)
    assert versions.exists()
