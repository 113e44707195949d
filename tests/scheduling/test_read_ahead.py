"""What was read and decided a moment before is taken only if it still holds."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from participants.accounts import change_address
from participants.models import Enrolment
from scheduling import at_once, delivery, due, sender, services
from scheduling.models import Prompt, Rhythm, Wording
from scheduling.outcomes import Outcome
from scheduling.services.words import install_wordings
from scheduling.taking import Taker
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import row, told
from tests.scheduling.refusals import refuse
from tests.scheduling.test_older_attempts import elsewhere
from tests.services.smtp import SmtpSink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite takes every row strictly"),
]
THURSDAY = datetime.fromisoformat("2026-01-08T19:00:30+00:00")


def withdraws(ann: Enrolment) -> None:
    services.leave(enrolment=ann, level="everything", reason="", now=THURSDAY)


def switches_mail_off(ann: Enrolment) -> None:
    Rhythm.objects.filter(enrolment=ann).update(mail_off_since=THURSDAY)


def pauses(ann: Enrolment) -> None:
    services.pause(enrolment=ann, until=date(2026, 1, 20), now=THURSDAY - timedelta(hours=1))


def pauses_and_nothing_moves(ann: Enrolment) -> None:
    Rhythm.objects.filter(enrolment=ann).update(paused_until=date(2026, 1, 20))


def chooses_another_day(ann: Enrolment) -> None:
    services.change_day(
        enrolment=ann,
        weekday=6,
        local_time=time(10),
        zone="Europe/London",
        now=THURSDAY - timedelta(minutes=1),
    )


def has_an_address_that_fails(ann: Enrolment) -> None:
    type(ann.user).objects.filter(pk=ann.user.pk).update(address_failed_at=THURSDAY)


def has_a_study_that_is_archived(ann: Enrolment) -> None:
    Study.objects.filter(pk=ann.study_id).update(state="archived")


def has_a_sender_that_is_stopped(_ann: Enrolment) -> None:
    sender.stop("AUTH 535", now=THURSDAY)


CHANGES = [
    (withdraws, "cancelled withdrawn"),
    (switches_mail_off, "skipped mail_off"),
    (pauses, "planned"),
    (pauses_and_nothing_moves, "planned"),
    (chooses_another_day, "planned"),
    (has_an_address_that_fails, "skipped address_failed"),
    (has_a_study_that_is_archived, "skipped study_closed"),
    (has_a_sender_that_is_stopped, "planned"),
]


def two_who_are_read(study: Study | None = None) -> tuple[Enrolment, Enrolment, Taker]:
    """Both were read by one sender; the first mail of it is on its way."""
    other, ann = (enrolled(study=study or StudyFactory()) for _each in range(2))
    delivery.run(clock=lambda: MONDAY)
    taker = Taker()
    step = taker.next_step(settling=None, now=THURSDAY)
    assert step is not None
    assert step.prompt.enrolment == other
    return other, ann, taker


@pytest.mark.parametrize(
    ("change", "after"), CHANGES, ids=lambda each: getattr(each, "__name__", "")
)
def test_what_changes_between_reading_and_taking_is_heeded(
    mail_over_smtp: SmtpSink, change: Callable[[Enrolment], None], after: str
) -> None:
    _other, ann, taker = two_who_are_read()
    elsewhere(lambda: change(ann))
    step = taker.next_step(settling=None, now=THURSDAY)
    mine = row(ann, "session", 1)
    assert step is None or step.letter is None or step.prompt != mine
    assert told(mine) == after


def test_a_new_address_is_written_to_at_once(mail_over_smtp: SmtpSink) -> None:
    _other, ann, taker = two_who_are_read()
    elsewhere(lambda: change_address(user=ann.user, email="new@example.org", now=THURSDAY))
    step = taker.next_step(settling=None, now=THURSDAY)
    assert step is not None
    assert step.letter is not None
    assert step.letter.envelope.recipient == "new@example.org"


def test_new_words_are_for_all_that_was_not_begun(mail_over_smtp: SmtpSink) -> None:
    _other, ann, taker = two_who_are_read()
    old = Wording.objects.in_use(ann.study_id, "session")

    def write() -> None:
        old.pk, old.version, old.subject = None, old.version + 1, "In new words"
        old.save(force_insert=True)

    elsewhere(write)
    step = taker.next_step(settling=None, now=THURSDAY)
    assert step is not None
    assert step.letter is not None
    assert step.letter.wording.subject == "In new words"


def test_a_row_that_another_holds_is_passed_by_and_left_planned() -> None:
    _other, ann, taker = two_who_are_read()
    third = PromptFactory(due_at=THURSDAY)
    with transaction.atomic():
        mine = Prompt.objects.select_for_update().get(enrolment=ann, kind="session", occurrence=1)
        step = elsewhere(lambda: taker.next_step(settling=None, now=THURSDAY))
    assert step.prompt == third
    assert told(mine) == "planned"


def test_a_sender_goes_in_due_order_also_over_many_slices(mail_over_smtp: SmtpSink) -> None:
    study = StudyFactory()
    minutes = [(7 * number) % 61 for number in range(60)]
    rows = {
        each: PromptFactory(due_at=MONDAY + timedelta(minutes=each), enrolment__study=study)
        for each in minutes
    }
    assert delivery.run(clock=lambda: MONDAY + timedelta(hours=2)).sent == 60
    assert [each.rcpt_tos[0] for each in mail_over_smtp.received] == [
        rows[minute].enrolment.user.email for minute in sorted(minutes)
    ]


def test_two_mails_of_one_person_are_decided_one_after_the_other(mail_over_smtp: SmtpSink) -> None:
    """A slice ends before the second, which may hang on what became of the first."""
    ann = enrolled()
    delivery.run(clock=lambda: MONDAY)
    queue = due.Queue()
    late = THURSDAY + timedelta(days=3, hours=1)
    first = queue.next(late)
    assert (first.prompt.kind, queue._slice) == ("session", due.deque())
    assert delivery.run(clock=lambda: late).looked_at == 2
    assert told(row(ann, "session", 1)) == "sent"


def test_two_senders_at_one_queue_take_each_row_once_and_all_of_them() -> None:
    study = StudyFactory()
    for _each in range(60):
        PromptFactory(due_at=MONDAY, enrolment__study=study)
    takers = [Taker(), Taker()]
    before: dict[Taker, Outcome | None] = dict.fromkeys(takers)
    taken: list[int] = []
    while takers:
        taker = takers.pop(0)
        step = taker.next_step(settling=before[taker], now=MONDAY)
        if step is not None:
            taken.append(step.prompt.pk)
            before[taker] = Outcome(prompt=step.prompt, error=None, at=MONDAY)
            takers.append(taker)
    assert len(taken) == len(set(taken)) == 60
    assert set(Prompt.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_mail_on_the_way_costs_one_statement_and_a_slice_two(mail_over_smtp: SmtpSink) -> None:
    """The one settles the mail before, takes the next, and is their commit."""
    study = StudyFactory()
    for _each in range(30):
        enrolled(study=study)
    delivery.run(clock=lambda: MONDAY)
    taker, before = Taker(), None
    taker.next_step(settling=None, now=MONDAY)
    said: list[str] = []
    for number in range(30):
        with CaptureQueriesContext(connection) as asked:
            step = taker.next_step(settling=before, now=THURSDAY)
        before = Outcome(prompt=step.prompt, error=None, at=THURSDAY)
        # With the first, words and editions are read, which are kept.
        said += [each["sql"].split("(")[0].strip() for each in asked] if number else []
    assert Counter(said) == {
        "EXECUTE settle_and_begin": 29,
        "EXECUTE due_0": 1,
        "EXECUTE weekly_mails_of_some": 1,
    }


def test_what_was_read_holds_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(2):
        PromptFactory(due_at=MONDAY)
    queue = due.Queue()
    first = queue.next(MONDAY)
    monkeypatch.setattr(due, "_SECONDS", 0.0)
    queue._until = 0.0
    again = queue.next(MONDAY)
    assert again.prompt == first.prompt


def test_versions_change_with_every_write_to_the_person() -> None:
    ann = enrolled()

    def version() -> str:
        people = Enrolment.objects.annotate(version=at_once.person_version())
        return people.get(pk=ann.pk).version

    seen = [version()]
    for rows, name in (
        (Enrolment.objects.filter(pk=ann.pk), "source"),
        (Study.objects.filter(pk=ann.study_id), "lead_name"),
        (type(ann.user).objects.filter(pk=ann.user_id), "email"),
        (Rhythm.objects.filter(enrolment=ann), "zone"),
    ):
        rows.update(**{name: F(name)})
        seen.append(version())
    assert len(set(seen)) == 5


def test_a_row_the_database_refuses_is_put_aside_and_the_one_before_is_recorded(
    mail_over_smtp: SmtpSink,
) -> None:
    study = StudyFactory()
    install_wordings(study=study, now=MONDAY)
    before, bad, after = (
        PromptFactory(due_at=MONDAY, enrolment__study=study) for _each in range(3)
    )
    refuse(f"OLD.id = {bad.pk} AND NEW.state = 'sending'", model="scheduling.Prompt")
    try:
        assert delivery.run(clock=lambda: MONDAY, limit=10).sent == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER frozen_test_refuses ON scheduling_prompt")
    assert [told(each) for each in (before, bad, after)] == ["sent", "planned unrenderable", "sent"]
