"""Leaving: nothing more comes but one confirmation, and with deletion the address goes after it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from participants.inviting import CannotInvite, Standing
from participants.models import DoNotInvite, Enrolment, User
from participants.withdrawal import CannotWithdraw
from scheduling import prompts, services
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.participants.test_joining import joined
from tests.scheduling.lives import live, row, tick, told
from tests.scheduling.test_enrolling import agreed, enrol

pytestmark = pytest.mark.django_db

Level = Enrolment.Withdrawal
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def ann(mailoutbox) -> Enrolment:
    person = enrolled()
    live(MONDAY, FRIDAY)
    mailoutbox.clear()
    return person


def leave(person: Enrolment, level: Level) -> Prompt | None:
    return services.leave(enrolment=person, level=level, reason="", now=FRIDAY)


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (Level.TRAINING, "You asked to stop the training."),
        (Level.EVERYTHING, "You asked to stop everything. We do not write to you again"),
        (Level.ERASURE, "Your email address is deleted from our records"),
    ],
)
def test_one_confirmation_says_what_happens_and_then_nothing_comes(
    ann, mailoutbox, level: Level, said: str
) -> None:
    leave(ann, level)
    live(FRIDAY, FRIDAY + timedelta(days=40))
    (mail,) = mailoutbox
    assert mail.subject == "You have left Weekly session"
    assert said in mail.body.replace("\n", " ")
    assert "/go/" not in mail.body
    assert "/emails/stop/" not in mail.body
    states = set(ann.prompts.filter(due_at__gt=FRIDAY).values_list("state", "reason"))
    assert states == {("cancelled", "withdrawn")}


def test_leaving_twice_at_one_level_confirms_once(ann, mailoutbox) -> None:
    assert leave(ann, Level.EVERYTHING) is not None
    assert leave(ann, Level.EVERYTHING) is None
    tick(FRIDAY)
    assert len(mailoutbox) == 1


def test_going_further_is_confirmed_again(ann, mailoutbox) -> None:
    leave(ann, Level.TRAINING)
    tick(FRIDAY)
    leave(ann, Level.EVERYTHING)
    tick(FRIDAY)
    assert [each.subject for each in mailoutbox] == ["You have left Weekly session"] * 2
    with pytest.raises(CannotWithdraw):
        leave(ann, Level.TRAINING)


def test_the_copy_of_what_was_agreed_goes_unless_that_is_deleted(ann, mailoutbox) -> None:
    services.write_now(enrolment=ann, kind="consent_copy", now=FRIDAY)
    leave(ann, Level.EVERYTHING)
    tick(FRIDAY)
    assert told(row(ann, "consent_copy")) == "sent"


def test_with_deletion_no_copy_goes(ann, mailoutbox) -> None:
    services.write_now(enrolment=ann, kind="consent_copy", now=FRIDAY)
    leave(ann, Level.ERASURE)
    tick(FRIDAY)
    assert told(row(ann, "consent_copy")) == "cancelled withdrawn"


def test_the_address_is_deleted_once_the_confirmation_has_gone(ann, mailoutbox) -> None:
    address = ann.user.email
    leave(ann, Level.ERASURE)
    assert User.objects.filter(email=address).exists()
    tick(FRIDAY)
    assert [each.to for each in mailoutbox] == [[address]]
    assert not User.objects.filter(email=address).exists()
    ann.refresh_from_db()
    assert ann.erased_at is not None
    assert not Rhythm.objects.filter(enrolment=ann).exists()
    assert ann.prompts.count() == 11


def test_after_deletion_no_list_takes_them_again_in_this_study_or_another() -> None:
    study = StudyFactory()
    (ann,) = enrol(agreed("ann@example.org"), study=study)
    leave(ann, Level.ERASURE)
    tick(FRIDAY)
    assert not User.objects.filter(email="ann@example.org").exists()
    for where in (study, StudyFactory()):
        with pytest.raises(CannotInvite) as refusal:
            enrol(agreed("ANN@example.org"), study=where)
        assert refusal.value.refused == {"ann@example.org": Standing.DO_NOT_INVITE}


def test_who_left_with_deletion_can_join_again_by_themselves(ann) -> None:
    address = ann.user.email
    leave(ann, Level.ERASURE)
    tick(FRIDAY)
    again = joined(ann.study, user=UserFactory(email=address))
    assert (again.status, again.user.email) == ("joining", address)


@pytest.mark.parametrize(
    ("level", "remembered"), [(Level.TRAINING, 0), (Level.EVERYTHING, 0), (Level.ERASURE, 1)]
)
def test_of_who_left_a_digest_is_kept_with_deletion_alone(
    ann, level: Level, remembered: int
) -> None:
    leave(ann, level)
    leave(ann, level)
    assert DoNotInvite.objects.count() == remembered


def test_deletion_that_comes_too_late_remembers_nothing(ann) -> None:
    Study.objects.update(deletion_cutoff=MONDAY.date())
    with pytest.raises(CannotWithdraw):
        leave(ann, Level.ERASURE)
    assert not DoNotInvite.objects.exists()


def test_the_rhythm_of_an_earlier_time_in_the_study_is_deleted_too_and_no_others(
    ann, mailoutbox
) -> None:
    leave(ann, Level.EVERYTHING)
    again = enrolled(study=ann.study, user=ann.user, now=FRIDAY)
    elsewhere = enrolled(user=ann.user, now=FRIDAY)
    other = enrolled(study=ann.study, now=FRIDAY)
    leave(again, Level.ERASURE)
    kept = Rhythm.objects.order_by("pk").values_list("enrolment", flat=True)
    assert list(kept) == [elsewhere.pk, other.pk]


def test_an_address_that_refuses_the_confirmation_is_deleted_too(ann, mail_over_smtp) -> None:
    mail_over_smtp.answer("RCPT", "550 5.1.1 Nobody here")
    leave(ann, Level.ERASURE)
    tick(FRIDAY)
    ann.refresh_from_db()
    assert ann.user is None


def test_the_address_is_kept_no_longer_than_a_day(ann, mail_over_smtp) -> None:
    mail_over_smtp.stop()
    leave(ann, Level.ERASURE)
    tick(FRIDAY + timedelta(hours=23))
    ann.refresh_from_db()
    assert ann.user is not None
    tick(FRIDAY + timedelta(hours=24))
    ann.refresh_from_db()
    assert ann.user is None
    assert told(row(ann, "withdrawal")) == "cancelled withdrawn"


def test_a_mail_that_was_leaving_as_the_person_left_does_not_hold_up_the_deletion(
    ann, mailoutbox
) -> None:
    Prompt.objects.filter(kind="nudge", occurrence=1).update(state="sending", sending_since=FRIDAY)
    leave(ann, Level.ERASURE)
    tick(FRIDAY + timedelta(minutes=11))
    assert told(row(ann, "nudge", 1)) == "unconfirmed stuck"
    ann.refresh_from_db()
    assert ann.user is None


@pytest.mark.parametrize("reason", ["opened", "finished", "quiet", "too_late"])
@pytest.mark.parametrize("level", [Level.EVERYTHING, Level.ERASURE])
def test_with_deletion_no_mail_says_any_more_that_a_week_was_used(
    ann, reason: str, level: Level
) -> None:
    nudge = ann.prompts.get(kind="nudge", occurrence=2)
    prompts.skip(nudge, reason=Prompt.Reason(reason), now=FRIDAY)
    leave(ann, level)
    nudge.refresh_from_db()
    kept = reason if level == Level.EVERYTHING else ""
    assert (nudge.state, nudge.reason) == ("skipped", kept)


def test_why_a_mail_did_not_go_can_be_changed_by_nobody_else(ann) -> None:
    nudge = ann.prompts.get(kind="nudge", occurrence=2)
    prompts.skip(nudge, reason=Prompt.Reason.OPENED, now=FRIDAY)
    for _ in range(2):
        for reason in ("", "quiet"):
            if reason or ann.erasure_requested_at is None:
                with pytest.raises(DatabaseError), transaction.atomic():
                    Prompt.objects.filter(pk=nudge.pk).update(reason=reason)
        Enrolment.objects.filter(pk=ann.pk).update(
            status="withdrawn", withdrawal="erasure", withdrawn_at=FRIDAY,
            erasure_requested_at=FRIDAY,
        )  # fmt: skip
        ann.refresh_from_db()
    assert Prompt.objects.filter(pk=nudge.pk).update(reason="") == 1
