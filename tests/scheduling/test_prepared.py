"""Statements that are written once say the same as Django's own, however often they run."""

import pytest
from django.db import connection
from django.db.models import DateTimeField, Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from scheduling.models import Prompt, Rhythm
from scheduling.prepared import Change, Given, Reading
from tests.factories.scheduling import MONDAY, PromptFactory, RhythmFactory

pytestmark = pytest.mark.django_db

due = Reading(
    "test_due",
    lambda: (
        Prompt.objects.due(Given("at", DateTimeField()))
        .select_related("enrolment__user", "enrolment__rhythm")
        .annotate(chosen=Exists(Rhythm.objects.filter(enrolment=OuterRef("enrolment"))))
    ),
)
named = Change(
    "test_named",
    lambda: Prompt.objects.filter(pk=Given.of(Prompt, "pk"), message_id=""),
    message_id=Given.of(Prompt, "message_id"),
    reason="100%",
)


def test_rows_come_with_all_that_was_asked_for(django_assert_num_queries) -> None:
    first = PromptFactory(due_at=MONDAY)
    RhythmFactory(enrolment=first.enrolment)
    second = PromptFactory(due_at=MONDAY)
    due.all(at=MONDAY)
    with django_assert_num_queries(1):
        rows = due.all(at=MONDAY)
        assert rows == [first, second]
        assert [row.enrolment.user.email for row in rows] == [
            first.enrolment.user.email,
            second.enrolment.user.email,
        ]
        assert [row.chosen for row in rows] == [True, False]
        assert rows[0].enrolment.rhythm.weekday == 4
        assert not hasattr(rows[1].enrolment, "rhythm")
    for name in (field.attname for field in Prompt._meta.concrete_fields):
        assert getattr(rows[0], name) == getattr(first, name)


def test_what_is_given_is_asked_anew_each_time() -> None:
    prompt = PromptFactory(due_at=MONDAY)
    assert due.first(at=MONDAY.replace(hour=8)) is None
    assert due.first(at=MONDAY) == prompt
    assert due.first(at=MONDAY.replace(hour=8)) is None


def test_a_change_counts_its_rows_and_touches_no_other() -> None:
    prompt, other = PromptFactory(), PromptFactory()
    assert named.run(pk=prompt.pk, message_id="<it's 100%@x>") == 1
    assert named.run(pk=prompt.pk, message_id="<again@x>") == 0
    prompt.refresh_from_db()
    other.refresh_from_db()
    assert (prompt.message_id, prompt.reason) == ("<it's 100%@x>", "100%")
    assert (other.message_id, other.reason) == ("", "")


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite keeps what it planned itself")
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_the_statement_again() -> None:
    assert connection.vendor == "postgresql"
    prompt = PromptFactory(due_at=MONDAY)
    due.all(at=MONDAY)
    with CaptureQueriesContext(connection) as asked:
        due.all(at=MONDAY)
    assert [each["sql"].split("(")[0] for each in asked] == ["EXECUTE test_due "]
    connection.close()
    with CaptureQueriesContext(connection) as asked:
        assert due.all(at=MONDAY) == [prompt]
    assert [each["sql"].split("_")[0] for each in asked] == ["PREPARE test", "EXECUTE test"]
