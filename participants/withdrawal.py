"""Stopping, as far as the person says. docs/withdrawal.md: what each level does to each model."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.models import (
    ConsentAnswer,
    Demographics,
    Engagement,
    Enrolment,
    Invitation,
    MediaProgress,
    Play,
    PracticeLog,
)

# A person can go on from one level to a later one, never back.
_LEVELS = list(Enrolment.Withdrawal)


class CannotWithdraw(Exception):
    """Why this level cannot be had now; `message` says so, and what can be done."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class HasGoneFurther(CannotWithdraw):
    def __init__(self) -> None:
        super().__init__(
            _("You have stopped more than this already. To take part again, join again.")
        )


class TooLateToDelete(CannotWithdraw):
    def __init__(self, enrolment: Enrolment) -> None:
        last_day = date_format(enrolment.study.deletion_cutoff, "j F Y")
        super().__init__(
            _(
                "What was collected could be deleted until %(day)s. It is part of the results now. "
                "You can stop everything: then nothing more is collected. You can also write to us."
            )
            % {"day": last_day}
        )


@transaction.atomic
def withdraw(
    *,
    enrolment: Enrolment,
    level: Enrolment.Withdrawal,
    reason: str,
    now: datetime,
    granted: bool = False,
) -> Enrolment:
    """Stop at `level`, at once. `reason` may be empty. Asked twice, it is done once.

    With deletion, the records go now, and also those of earlier times that the person joined and
    left this study; `participants.erasure` takes the identity once the confirmation was mailed.
    Raises HasGoneFurther, or TooLateToDelete after the study's last day for that, unless the
    deletion was `granted` once and a restore has undone it; and ValueError for
    someone who has not joined, whose invitation is taken back instead.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if not enrolment.has_joined:
        msg = f"{enrolment.code} has not joined"
        raise ValueError(msg)
    if enrolment.withdrawal == level:
        return enrolment
    _check(enrolment, level, now, granted=granted)
    _step(enrolment, level, reason, now)
    if level == Enrolment.Withdrawal.ERASURE:
        for earlier in _earlier(enrolment):
            _step(earlier, level, earlier.withdrawal_reason, now)
    return enrolment


@transaction.atomic
def annul(*, enrolment: Enrolment, now: datetime) -> Enrolment:
    """Of somebody who never agreed, whatever was said of them: as with deletion, and also after the
    study's last day for that, since nothing of them can be a result. The caller has locked them.
    """
    _step(enrolment, Enrolment.Withdrawal.ERASURE, "", now)
    return enrolment


def _check(
    enrolment: Enrolment, level: Enrolment.Withdrawal, now: datetime, *, granted: bool
) -> None:
    if enrolment.is_withdrawn and _rank(enrolment.withdrawal) > _rank(level):
        raise HasGoneFurther
    if level == Enrolment.Withdrawal.ERASURE and not (granted or can_delete(enrolment, now)):
        raise TooLateToDelete(enrolment)


def can_delete(enrolment: Enrolment, now: datetime) -> bool:
    """Whether the study still deletes on request; its last day counts, by its own calendar."""
    study = enrolment.study
    return study.day(now) <= study.deletion_cutoff


def _rank(level: str) -> int:
    return _LEVELS.index(Enrolment.Withdrawal(level))


def _earlier(enrolment: Enrolment) -> list[Enrolment]:
    """Other times that this person joined this study, and left without deletion."""
    return list(
        Enrolment.objects.select_for_update()
        .filter(study=enrolment.study_id, user=enrolment.user_id)
        .filter(status=Enrolment.Status.WITHDRAWN, erasure_requested_at=None, erased_at=None)
        .exclude(pk=enrolment.pk)
    )


def _step(enrolment: Enrolment, level: Enrolment.Withdrawal, reason: str, now: datetime) -> None:
    enrolment.status = Enrolment.Status.WITHDRAWN
    enrolment.withdrawn_at = enrolment.withdrawn_at or now
    enrolment.withdrawal = level
    enrolment.withdrawal_since = now
    enrolment.withdrawal_reason = reason.strip() or enrolment.withdrawal_reason
    enrolment.link_version += 1
    if level == Enrolment.Withdrawal.ERASURE:
        enrolment.erasure_requested_at = now
        enrolment.last_use_at = None
        enrolment.weeks_opened = 0
        enrolment.weeks_taken_part = 0
        enrolment.last_seen_at = None
    enrolment.save()
    if level == Enrolment.Withdrawal.ERASURE:
        _delete_records(enrolment)


def _delete_records(enrolment: Enrolment) -> None:
    """What was collected. The weeks stay as they were planned, without what happened in them.

    The typed name is identity: it goes with the address.
    """
    Play.objects.filter(session__enrolment=enrolment).delete()
    MediaProgress.objects.filter(session__enrolment=enrolment).delete()
    Engagement.objects.filter(session__enrolment=enrolment).delete()
    PracticeLog.objects.filter(session__enrolment=enrolment).delete()
    Demographics.objects.filter(enrolment=enrolment).delete()
    ConsentAnswer.objects.filter(enrolment=enrolment).delete()
    forget_days([enrolment])
    enrolment.sessions.update(
        first_opened_at=None,
        finished_at=None,
        took_part_at=None,
        playback_measurable=False,
        measurable_since=None,
    )


def forget_days(enrolments: Collection[Enrolment]) -> None:
    """The day that was agreed with each when they were invited."""
    Invitation.objects.filter(enrolment__in=enrolments).update(
        weekday=None, local_time=None, zone=""
    )
