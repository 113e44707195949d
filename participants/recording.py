"""Whether anything may be recorded of a person now. Every record of use goes through here.

After a withdrawal, and while a newer consent form waits to be agreed to, nothing is recorded.
"""

from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q

from participants.models import Enrolment, Session


def lock_if_recordable(enrolment_id: int) -> Enrolment | None:
    """The enrolment, locked until the transaction ends, or None where nothing may be recorded.

    The lock orders this person's reports one after another, and before or after a withdrawal.
    """
    return (
        Enrolment.objects.current()
        .consenting()
        .filter(pk=enrolment_id)
        .select_for_update(of=("self",))
        .first()
    )


def lock_for_week(session: Session, now: datetime) -> Enrolment | None:
    """As `lock_if_recordable`, and None too before the week opens."""
    if not session.is_open(now):
        return None
    return lock_if_recordable(session.enrolment_id)


def note_use(session: Session, *, at: datetime) -> None:
    """They did something in this week `at` that moment: the latest is their last use."""
    earlier = Q(last_use_at__isnull=True) | Q(last_use_at__lt=at)
    Enrolment.objects.filter(earlier, pk=session.enrolment_id).update(last_use_at=at)


def note_taking_part(session: Session, *, now: datetime) -> None:
    """Something that counts as taking part in this week was recorded; the first time is kept."""
    week = Session.objects.filter(pk=session.pk)
    if week.filter(took_part_at=None).update(took_part_at=now):
        person = Enrolment.objects.filter(pk=session.enrolment_id)
        person.update(weeks_taken_part=F("weeks_taken_part") + 1)
    else:
        week.filter(took_part_at__gt=now).update(took_part_at=now)


def insert_once(row: models.Model) -> bool:
    """Insert `row`, whose key the browser made; False where that key is there already."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if type(row)._default_manager.filter(pk=row.pk).exists():
            return False
        raise
    return True
