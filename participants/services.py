"""What a person tells of themselves, and of their weeks.

Each returns whether it was recorded; see `participants.recording` for when it is not. Sent twice,
each changes nothing the second time.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from courses.models import Material
from participants.models import Demographics, Engagement, Enrolment, PracticeLog, Session
from participants.models.demographics import Answered
from participants.playback import record_engagement
from participants.recording import (
    insert_once,
    lock_for_week,
    lock_if_recordable,
    note_taking_part,
    note_use,
)

# Somewhere it is tomorrow already.
_AHEAD = timedelta(days=1)
_BETWEEN_VISITS = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class DemographicAnswers:
    """The columns of `Demographics`: `<question>_answered` says why a value is there or is not."""

    age_answered: str = Answered.SKIPPED
    age: int | None = None
    gender_answered: str = Answered.SKIPPED
    gender: str = ""
    gender_own_words: str = ""
    ethnicity_answered: str = Answered.SKIPPED
    ethnicity: str = ""
    ethnicity_own_words: str = ""
    education_answered: str = Answered.SKIPPED
    education: str = ""


@transaction.atomic
def save_demographics(*, enrolment: Enrolment, answers: DemographicAnswers, now: datetime) -> bool:
    """Keep the answers, in place of earlier ones. Raises ValidationError where they contradict."""
    locked = lock_if_recordable(enrolment.pk)
    if locked is None:
        return False
    row = Demographics.objects.filter(enrolment=locked).first() or Demographics(enrolment=locked)
    for name, value in asdict(answers).items():
        setattr(row, name, value)
    _check_own_words(row)
    row.full_clean()
    row.save()
    _passed(enrolment, locked, now)
    return True


def _check_own_words(row: Demographics) -> None:
    for name in ("gender", "ethnicity"):
        words = getattr(row, f"{name}_own_words")
        if getattr(row, name) == "own_words" and not words.strip():
            raise ValidationError({f"{name}_own_words": _("Write a few words, or skip this one.")})


def _passed(given: Enrolment, locked: Enrolment, now: datetime) -> None:
    if locked.demographics_at is None:
        locked.demographics_at = now
        locked.save(update_fields=["demographics_at"])
    given.demographics_at = locked.demographics_at


@transaction.atomic
def open_session(*, session: Session, now: datetime) -> bool:
    """The person looks at a week: the first time is kept, and one visit for each day (UTC)."""
    enrolment = lock_for_week(session, now)
    if enrolment is None:
        return False
    is_first_today = _visited(session, now)
    is_first = _first_opened(session, now)
    _seen(enrolment, now, used=is_first_today or is_first, opened=is_first)
    return True


def _visited(session: Session, now: datetime) -> bool:
    """The same day makes the same key, so that a second visit finds the first."""
    key = uuid5(NAMESPACE_URL, f"opened/{session.pk}/{now.astimezone(UTC).date()}")
    if Engagement.objects.filter(pk=key).exists():
        return False
    Engagement.objects.create(
        uuid=key,
        session=session,
        kind=Engagement.Kind.OPENED,
        at=now,
        app_version=settings.APP_VERSION,
    )
    return True


def _first_opened(session: Session, now: datetime) -> bool:
    if session.first_opened_at is not None:
        return False
    waiting = Session.objects.filter(pk=session.pk, first_opened_at=None)
    if waiting.update(first_opened_at=now):
        session.first_opened_at = now
        return True
    session.refresh_from_db(fields=["first_opened_at"])
    return False


def _seen(locked: Enrolment, now: datetime, *, used: bool = False, opened: bool = False) -> None:
    """`used` where it was a use of the course as well, of which the latest stays the last; and
    `opened` where a week was looked at for the first time.
    """
    noted: dict[str, Any] = {"last_seen_at": now}
    if used and (locked.last_use_at is None or locked.last_use_at < now):
        noted["last_use_at"] = now
    if opened:
        noted["weeks_opened"] = F("weeks_opened") + 1
    Enrolment.objects.filter(pk=locked.pk).update(**noted)


def note_visit(*, enrolment: Enrolment, now: datetime) -> bool:
    """The person looks in. Kept to the hour, which is enough to know that they were here."""
    if enrolment.last_seen_at is not None and now < enrolment.last_seen_at + _BETWEEN_VISITS:
        return False
    recordable = Enrolment.objects.current().consenting().filter(pk=enrolment.pk)
    return bool(recordable.update(last_seen_at=now))


@transaction.atomic
def finish_session(*, session: Session, now: datetime) -> bool:
    """The person says that they are done with this week. The first time they say so is kept."""
    enrolment = lock_for_week(session, now)
    if enrolment is None:
        return False
    is_first = _first_opened(session, now)
    is_finished_now = _finished(session, now)
    _seen(enrolment, now, used=is_first or is_finished_now, opened=is_first)
    return True


def _finished(session: Session, now: datetime) -> bool:
    unfinished = Session.objects.filter(pk=session.pk, finished_at=None)
    is_finished_now = unfinished.exists()
    if is_finished_now:
        note_taking_part(session, now=now)
        unfinished.update(finished_at=now)
    session.refresh_from_db(fields=["finished_at", "took_part_at"])
    return is_finished_now


@transaction.atomic
def note_practice(
    *,
    session: Session,
    material: Material | None,
    activity: str,
    practised_on: date,
    uuid: UUID,
    now: datetime,
) -> bool:
    """Note that they practised on a day (by their own calendar) since the week opened.

    `activity` is the words they chose it by: an exercise's title, or an invitation of the week.
    """
    enrolment = lock_for_week(session, now)
    if enrolment is None or not _is_plausible(session, material, activity, practised_on, now):
        return False
    _seen(enrolment, now)
    practice = PracticeLog(
        uuid=uuid,
        session=session,
        material=material,
        activity=activity.strip(),
        practised_on=practised_on,
        noted_at=now,
        app_version=settings.APP_VERSION,
    )
    if not insert_once(practice):
        return False
    note_use(session, at=now)
    note_taking_part(session, now=now)
    return True


def _is_plausible(
    session: Session, material: Material | None, activity: str, day: date, now: datetime
) -> bool:
    opened = session.opens_at.astimezone(UTC).date() - _AHEAD
    ours = material is None or material.module_id == session.module_id
    longest = PracticeLog._meta.get_field("activity").max_length or 0
    return (
        ours
        and 0 < len(activity.strip()) <= longest
        and opened <= day <= now.astimezone(UTC).date() + _AHEAD
    )


def did_another_way(*, session: Session, uuid: UUID, now: datetime) -> bool:
    """The person did the week without these pages: with a download, on paper, from memory."""
    return record_engagement(
        session=session, material=None, kind=Engagement.Kind.ANOTHER_WAY, uuid=uuid, now=now
    )
