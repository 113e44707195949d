"""What the week page's own script reports: playings, and other uses of a material.

A report is believed as far as it is possible. One that is not changes nothing, and the answer is
False; the page does not say why, since only a mistake or a forger would hear it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from courses.models import Material
from participants import ranges
from participants.models import Engagement, MediaProgress, Play, Session
from participants.recording import insert_once, lock_for_week, note_taking_part, note_use

# Two clocks, two roundings of a duration: this far from the possible is still believed.
SLACK = timedelta(seconds=2)
# When a playing began is reckoned back from when its report came, and a network may hold one report
# up by so much more than the next.
DELAY = timedelta(seconds=10)
OLDEST = timedelta(days=14)
SPEEDS = (0.25, 4.0)
LONGEST = timedelta(days=1)


@transaction.atomic
def record_play(  # noqa: PLR0913 - one report, as the page sends it
    *,
    session: Session,
    material: Material,
    uuid: UUID,
    started_at: datetime,
    position: float,
    seconds: float,
    speed: float,
    resume_at: float,
    now: datetime,
) -> bool:
    """Record one playing: `seconds` of the medium from `position`, at `speed`, begun `started_at`.

    `resume_at` is where the player stands afterwards, in seconds. Coverage (MediaProgress) is the
    union of what was played; dose is the sum over Play, repeats included.
    """
    if not (_is_medium_of(session, material) and _are_seconds(position, seconds, resume_at)):
        return False
    play = Play(
        uuid=uuid,
        session=session,
        material=material,
        started_at=started_at,
        position=round(position, ranges.DIGITS),
        seconds=round(seconds, ranges.DIGITS),
        speed=speed,
        app_version=settings.APP_VERSION,
        received_at=now,
    )
    if not _is_possible(play, resume_at, now) or lock_for_week(session, now) is None:
        return False
    if _overlaps_another(play) or not insert_once(play):
        return False
    _cover(play, resume_at, now)
    note_use(session, at=started_at)
    note_taking_part(session, now=now)
    return True


def _is_medium_of(session: Session, material: Material) -> bool:
    return material.module_id == session.module_id and material.duration is not None


def _are_seconds(*numbers: float) -> bool:
    """JSON can carry NaN, infinities and integers too long for a float; comparing is safe."""
    return all(0 <= number <= LONGEST.total_seconds() for number in numbers)


def _is_possible(play: Play, resume_at: float, now: datetime) -> bool:
    return _fits_medium(play, resume_at) and _fits_clock(play, now)


def _fits_medium(play: Play, resume_at: float) -> bool:
    end = (play.material.duration or 0) + SLACK.total_seconds()
    slowest, fastest = SPEEDS
    return (
        play.seconds > 0
        and play.position + play.seconds <= end
        and resume_at <= end
        and slowest <= play.speed <= fastest
    )


def _fits_clock(play: Play, now: datetime) -> bool:
    """Begun since the week opened, in the last 14 days, and played no faster than time passed."""
    return (
        max(play.session.opens_at - SLACK, now - OLDEST) <= play.started_at <= now + SLACK
        and _wall_end(play) <= now + SLACK
        and _wall_end(play) - play.started_at <= LONGEST
    )


def _wall_end(play: Play) -> datetime:
    return play.started_at + timedelta(seconds=play.seconds / play.speed)


def _overlaps_another(play: Play) -> bool:
    """One person listens to one thing at a time: in two tabs, the first to report counts."""
    others = Play.objects.filter(
        session__enrolment=play.session.enrolment_id,
        started_at__lt=_wall_end(play),
        started_at__gt=play.started_at - LONGEST,
    ).exclude(pk=play.pk)
    return any(_overlap(play, other) for other in others)


def _overlap(one: Play, other: Play) -> bool:
    """More than a delay in common, or more than half of the shorter one: playings that follow each
    other may seem to share some seconds.
    """
    common = min(_wall_end(one), _wall_end(other)) - max(one.started_at, other.started_at)
    shorter = min(_wall_end(one) - one.started_at, _wall_end(other) - other.started_at)
    return common > min(DELAY, shorter / 2)


def _cover(play: Play, resume_at: float, now: datetime) -> None:
    progress, _created = MediaProgress.objects.get_or_create(
        session=play.session,
        material=play.material,
        defaults={"updated_at": now, "app_version": settings.APP_VERSION},
    )
    duration = play.material.duration or 0
    played = [play.position, min(play.position + play.seconds, duration)]
    progress.ranges = ranges.merged([*progress.ranges, played])
    progress.seconds = ranges.length(progress.ranges)
    if not _is_late(play):
        progress.position = min(resume_at, duration)
    progress.updated_at = now
    progress.app_version = settings.APP_VERSION
    progress.save()


def _is_late(play: Play) -> bool:
    """Whether a later playing was reported first: then that one says where to resume."""
    later = Play.objects.filter(
        session=play.session, material=play.material, started_at__gt=play.started_at
    )
    return later.exists()


@transaction.atomic
def record_engagement(
    *, session: Session, material: Material | None, kind: str, uuid: UUID, now: datetime
) -> bool:
    """Record another use of a week or of one of its materials.

    Visits are not reported but counted by `participants.services.open_session`.
    """
    if kind not in Engagement.Kind.values or kind == Engagement.Kind.OPENED:
        return False
    if material is not None and material.module_id != session.module_id:
        return False
    if lock_for_week(session, now) is None:
        return False
    engagement = Engagement(
        uuid=uuid,
        session=session,
        material=material,
        kind=kind,
        at=now,
        app_version=settings.APP_VERSION,
    )
    if not insert_once(engagement):
        return False
    note_use(session, at=now)
    note_taking_part(session, now=now)
    return True


@transaction.atomic
def measurable(*, session: Session, now: datetime) -> bool:
    """The page's script ran: from here on, no report of a playing means that nothing was played."""
    if lock_for_week(session, now) is None:
        return False
    Session.objects.filter(pk=session.pk, playback_measurable=False).update(
        playback_measurable=True, measurable_since=now
    )
    session.refresh_from_db(fields=["playback_measurable", "measurable_since"])
    return True
