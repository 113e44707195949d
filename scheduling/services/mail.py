"""Mail due at once, mail again, and mail on or off."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from participants.models import Enrolment
from scheduling import timetable
from scheduling.instants import needs_instants
from scheduling.models import Prompt, Rhythm


@needs_instants
@transaction.atomic
def write_now(*, enrolment: Enrolment, kind: str, now: datetime, occurrence: int = 0) -> Prompt:
    """A prompt of this kind, due now. Where there is one already this is a further copy."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    before = Prompt.objects.filter(enrolment=enrolment, kind=kind, occurrence=occurrence)
    newest: int | None = before.aggregate(newest=Max("copy"))["newest"]
    zone = zone_of(enrolment)
    there = timetable.local(now, zone)
    return Prompt.objects.create(
        enrolment=enrolment,
        kind=kind,
        occurrence=occurrence,
        copy=0 if newest is None else newest + 1,
        due_at=now,
        next_attempt_at=now,
        local_date=there.date(),
        local_time=there.time(),
        zone=zone,
    )


@needs_instants
def send_again(*, prompt: Prompt, now: datetime) -> Prompt:
    """A new copy, due now; what became of the earlier ones stays as it is."""
    return write_now(
        enrolment=prompt.enrolment, kind=prompt.kind, occurrence=prompt.occurrence, now=now
    )


@needs_instants
def stop_mail(*, enrolment: Enrolment, now: datetime) -> None:
    """No more sessions, reminders or last mail. A setting, no withdrawal: the weeks stay open."""
    Rhythm.objects.filter(enrolment=enrolment, mail_off_since=None).update(mail_off_since=now)


@needs_instants
def restart_mail(*, enrolment: Enrolment, now: datetime) -> None:
    """Mail that is due from now on goes again."""
    Rhythm.objects.filter(enrolment=enrolment).update(mail_off_since=None)


def zone_of(enrolment: Enrolment) -> str:
    """The person's own zone, or the study's while (or once) there is none that is known."""
    rhythm = Rhythm.objects.filter(enrolment=enrolment).first()
    own = [rhythm.zone] if rhythm is not None else []
    return timetable.known_or_utc(*own, enrolment.study.default_zone)
