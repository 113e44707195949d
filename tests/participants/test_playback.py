"""Reports of playings: what is possible is kept once, what is not changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from courses.models import Material
from participants.measures import dose
from participants.models import Engagement, Enrolment, MediaProgress, Play, Session
from participants.playback import measurable, record_engagement, record_play
from participants.withdrawal import withdraw
from studies.models import Document
from tests.factories.participants import SessionFactory
from tests.factories.studies import RESEARCH_STATEMENTS, published_document

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OPENED = NOW - timedelta(days=3)
DURATION = 300.0
BIG = 10**400


@pytest.fixture
def session() -> Session:
    return SessionFactory(opens_at=OPENED)


def material_of(session: Session, key: str = "video") -> Material:
    return session.module.materials.get(key=key)


def report(session: Session, **given: Any) -> bool:
    """A minute of the video from its start, that ended ten minutes ago."""
    told = {
        "session": session,
        "material": given.pop("material", None) or material_of(session),
        "uuid": uuid4(),
        "started_at": NOW - timedelta(minutes=11),
        "position": 0.0,
        "seconds": 60.0,
        "speed": 1.0,
        "resume_at": 60.0,
        "now": NOW,
    }
    return record_play(**{**told, **given})


def before(**ago: float) -> datetime:
    return NOW - timedelta(**ago)


def test_playing_is_kept_as_dose_and_as_coverage(session: Session) -> None:
    assert report(session)
    play, progress = Play.objects.get(), MediaProgress.objects.get()
    assert (play.seconds, play.position, play.received_at) == (60.0, 0.0, NOW)
    assert (progress.ranges, progress.seconds, progress.position) == ([[0.0, 60.0]], 60.0, 60.0)


def test_playing_again_adds_to_the_dose_and_not_to_the_coverage(session: Session) -> None:
    assert report(session)
    assert report(session, started_at=before(minutes=5))
    assert dose(session) == 120
    assert MediaProgress.objects.get().seconds == 60


def test_playing_on_joins_the_parts(session: Session) -> None:
    report(session)
    report(session, position=50, seconds=50, resume_at=100, started_at=before(minutes=5))
    report(session, position=200, seconds=100, resume_at=300, started_at=before(minutes=3))
    progress = MediaProgress.objects.get()
    assert (progress.ranges, progress.seconds) == ([[0.0, 100.0], [200.0, 300.0]], 200.0)
    assert progress.position == 300


def test_report_sent_twice_is_one(session: Session) -> None:
    uuid = uuid4()
    assert report(session, uuid=uuid)
    assert not report(session, uuid=uuid)
    assert not report(session, uuid=uuid, started_at=before(minutes=3))
    assert dose(session) == 60


def test_report_with_the_key_of_another_person_changes_nothing(session: Session) -> None:
    uuid = uuid4()
    assert report(SessionFactory(opens_at=OPENED), uuid=uuid)
    assert not report(session, uuid=uuid)
    assert not MediaProgress.objects.filter(session=session).exists()


def test_report_that_comes_late_does_not_move_the_place_to_resume(session: Session) -> None:
    report(session, position=100, resume_at=160, started_at=before(minutes=5))
    assert report(session, position=0, resume_at=60, started_at=before(minutes=20))
    assert MediaProgress.objects.get().position == 160


def test_playing_at_double_speed_takes_half_the_time(session: Session) -> None:
    assert report(session, seconds=120, speed=2, started_at=before(seconds=60))


def test_playing_a_little_past_the_stated_end_is_cut_to_it(session: Session) -> None:
    assert report(session, position=250, seconds=51, resume_at=301)
    progress = MediaProgress.objects.get()
    assert (progress.ranges, progress.position) == ([[250.0, DURATION]], DURATION)


FORGED: dict[str, dict[str, Any]] = {
    "beyond the end": {"position": 250, "seconds": 60},
    "longer than the medium": {"seconds": 400},
    "resume beyond the end": {"resume_at": 400},
    "resume before the start": {"resume_at": -1},
    "from before the start": {"position": -1},
    "no length": {"seconds": 0},
    "length that rounds to nothing": {"seconds": 1e-320},
    "negative length": {"seconds": -5},
    "length not a number": {"seconds": float("nan")},
    "position not a number": {"position": float("nan")},
    "endless": {"seconds": float("inf")},
    "resume not a number": {"resume_at": float("nan")},
    "an integer too long for a float": {"seconds": BIG},
    "too long a position": {"position": BIG},
    "speed zero": {"speed": 0},
    "speed negative": {"speed": -1},
    "speed not a number": {"speed": float("nan")},
    "speed endless": {"speed": float("inf")},
    "speed beyond any player": {"speed": 4.5},
    "slower than any player": {"speed": 0.1},
    "more seconds than passed": {"started_at": NOW - timedelta(seconds=30)},
    "more than the speed allows": {"seconds": 130, "speed": 2, "started_at": before(seconds=60)},
    "in the future": {"started_at": NOW + timedelta(minutes=1)},
    "at the end of time": {"started_at": datetime.max.replace(tzinfo=UTC)},
    "at the beginning of time": {"started_at": datetime.min.replace(tzinfo=UTC)},
    "before the week opened": {"started_at": OPENED - timedelta(seconds=3)},
}


@pytest.mark.parametrize("told", FORGED.values(), ids=FORGED.keys())
def test_forged_report_changes_nothing(session: Session, told: dict[str, Any]) -> None:
    assert not report(session, **told)
    assert (Play.objects.count(), MediaProgress.objects.count()) == (0, 0)


@pytest.mark.parametrize(("days", "kept"), [(13, True), (14, True), (15, False)])
def test_report_is_taken_for_fourteen_days(days: int, kept: bool) -> None:
    session = SessionFactory(opens_at=NOW - timedelta(days=20))
    assert report(session, started_at=before(days=days)) is kept


def test_report_of_another_week_or_of_words_changes_nothing(session: Session) -> None:
    week_2 = session.enrolment.edition.modules.get(week=2)
    assert not report(session, material=week_2.materials.get(key="video"))
    assert not report(session, material=material_of(session, "handout"))
    assert not Play.objects.exists()


def test_report_before_the_week_opens_changes_nothing() -> None:
    session = SessionFactory(opens_at=NOW + timedelta(seconds=1))
    assert not report(session, started_at=NOW, seconds=0.5)
    assert not record_engagement(
        session=session, material=None, kind="another_way", uuid=uuid4(), now=NOW
    )
    assert not measurable(session=session, now=NOW)


@pytest.mark.parametrize(
    ("starts_after", "kept"),
    [
        (0, False),  # both tabs at once
        (30, False),  # into the first one
        (-30, False),  # the first one begins in it
        (49.9, False),  # more than ten seconds in common
        (50, True),  # the first one's report was ten seconds on its way
        (59.5, True),  # the blink of two roundings
        (60, True),  # one after the other
        (-60, True),
    ],
)
def test_one_thing_is_played_at_a_time(session: Session, starts_after: float, kept: bool) -> None:
    assert report(session)
    second = material_of(session, "exercise")
    start = before(minutes=11) + timedelta(seconds=starts_after)
    assert report(session, material=second, started_at=start) is kept
    assert dose(session) == (120 if kept else 60)


@pytest.mark.parametrize(("late", "kept"), [(0, True), (5, True), (5.1, False)])
def test_shorter_of_two_that_follow_each_other_counts_where_half_of_it_is_its_own(
    session: Session, late: float, kept: bool
) -> None:
    assert report(session)
    start = before(minutes=10) - timedelta(seconds=late)
    assert report(session, position=60, seconds=10, resume_at=70, started_at=start) is kept


def test_one_thing_is_played_at_a_time_across_weeks(session: Session) -> None:
    week_2 = SessionFactory(enrolment=session.enrolment, week=2, opens_at=OPENED)
    assert report(session)
    assert not report(week_2)


def test_many_short_playings_at_one_moment_are_one(session: Session) -> None:
    kept = [report(session, seconds=0.9, resume_at=0.9) for _ in range(5)]
    assert kept == [True, False, False, False, False]


def test_two_people_play_at_one_moment(session: Session) -> None:
    assert report(session)
    assert report(SessionFactory(opens_at=OPENED))


@pytest.mark.parametrize("level", Enrolment.Withdrawal.values)
def test_nothing_is_recorded_after_a_withdrawal(
    session: Session, level: Enrolment.Withdrawal
) -> None:
    withdraw(enrolment=session.enrolment, level=level, reason="", now=NOW)
    assert not report(session)
    assert not record_engagement(
        session=session, material=None, kind="another_way", uuid=uuid4(), now=NOW
    )
    assert not measurable(session=session, now=NOW)
    assert (Play.objects.count(), Engagement.objects.count()) == (0, 0)


def test_nothing_is_recorded_while_a_newer_form_waits(session: Session) -> None:
    published_document(
        study=session.enrolment.study,
        kind=Document.Kind.CONSENT,
        statements=RESEARCH_STATEMENTS,
        requires_new_consent=True,
    )
    assert not report(session)


@pytest.mark.django_db(transaction=True)
def test_report_sent_many_times_at_one_moment_is_one() -> None:
    session, uuid = SessionFactory(opens_at=OPENED), uuid4()
    video = material_of(session)

    def send(key: UUID) -> bool:
        try:
            return report(session, material=video, uuid=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        sent = list(threads.map(send, [uuid] * 6))
        others = list(threads.map(send, [uuid4() for _ in range(6)]))
    assert (sum(sent), sum(others)) == (1, 0)
    assert (dose(session), MediaProgress.objects.get().seconds) == (60, 60)


@pytest.mark.parametrize("kind", ["read", "read_transcript", "downloaded", "printed"])
def test_other_use_of_a_material_is_kept_once(session: Session, kind: str) -> None:
    handout, uuid = material_of(session, "handout"), uuid4()
    sent = [
        record_engagement(session=session, material=handout, kind=kind, uuid=uuid, now=NOW)
        for _ in range(2)
    ]
    assert sent == [True, False]
    engagement = Engagement.objects.get()
    assert (engagement.kind, engagement.material, engagement.at) == (kind, handout, NOW)


@pytest.mark.parametrize("kind", ["opened", "", "looked", "READ"])
def test_use_of_no_known_kind_changes_nothing(session: Session, kind: str) -> None:
    assert not record_engagement(session=session, material=None, kind=kind, uuid=uuid4(), now=NOW)


def test_use_of_a_material_of_another_week_changes_nothing(session: Session) -> None:
    other = session.enrolment.edition.modules.get(week=2).materials.get(key="handout")
    assert not record_engagement(
        session=session, material=other, kind="read", uuid=uuid4(), now=NOW
    )


def test_week_is_unmeasured_until_the_script_reports(session: Session) -> None:
    assert session.playback_measurable is False
    assert measurable(session=session, now=NOW)
    session.refresh_from_db()
    assert session.playback_measurable is True
