"""Two weeks of a small study, lived through the real services, and what comes after them."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from uuid import uuid4

from courses.models import Material
from monitoring.export.cut import Cut
from monitoring.export.making import Export
from monitoring.export.snapshot import snapshot
from monitoring.models import StaffAction
from participants import playback, services
from participants.models import Enrolment, Session
from participants.services import DemographicAnswers
from scheduling import prompts
from scheduling import services as plans
from scheduling.models import Prompt, Wording
from studies.models import ScreeningTally, Study
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory, StudyFactory
from tests.scheduling.lives import DAY, at, live, row

CUT = at("2026-01-20 12:00")
Lines = list[dict[str, str]]


def week_of(person: Enrolment, week: int) -> Session:
    return person.sessions.select_related("module").get(module__week=week)


def material_of(session: Session, key: str) -> Material:
    return session.module.materials.get(key=key)


def play(session: Session, *, now: datetime, started: datetime, position=0.0, seconds=0.5) -> bool:
    return playback.record_play(
        session=session,
        material=material_of(session, "video"),
        uuid=uuid4(),
        started_at=started,
        position=position,
        seconds=seconds,
        speed=1.0,
        resume_at=position + seconds,
        now=now,
    )


def practise(session: Session, *, now: datetime, activity: str = "Listen to the exercise.") -> bool:
    return services.note_practice(
        session=session,
        material=material_of(session, "exercise"),
        activity=activity,
        practised_on=now.date(),
        uuid=uuid4(),
        now=now,
    )


def read(session: Session, *, now: datetime) -> bool:
    return playback.record_engagement(
        session=session,
        material=material_of(session, "handout"),
        kind="read",
        uuid=uuid4(),
        now=now,
    )


def begin(**study) -> SimpleNamespace:
    """Until the cut: somebody at every point of the way."""
    here = StudyFactory(**{"slug": "calm", **study})
    world = SimpleNamespace(
        study=here,
        ann=enrolled(study=here, now=MONDAY, source="poster", user__email="ann@example.org"),
        ben=enrolled(study=here, now=MONDAY, weekday=5, zone="Asia/Tokyo"),
        gone=enrolled(study=here, now=MONDAY, weekday=6),
        left=enrolled(study=here, now=MONDAY, weekday=7),
        tess=enrolled(study=here, now=MONDAY, is_test=True),
        joining=EnrolmentFactory(study=here, consented_at=MONDAY + timedelta(days=10)),
        invited=invited(study=here, invited_at=MONDAY),
    )
    ScreeningTally.objects.create(study=here, day=MONDAY.date(), source="poster", count=5)
    ScreeningTally.objects.create(study=here, day=CUT.date(), unmet="adult", count=2)
    _tell_of_themselves(world)
    live(MONDAY + DAY / 2, at("2026-01-09 08:00"), every=DAY)
    _first_week(world)
    live(at("2026-01-10 00:00"), at("2026-01-16 00:00"), every=DAY)
    _second_week(world)
    live(at("2026-01-16 12:00"), CUT - timedelta(hours=12), every=DAY)
    return world


def _tell_of_themselves(world: SimpleNamespace) -> None:
    told = DemographicAnswers(
        age_answered="answered",
        age=34,
        gender_answered="answered",
        gender="own_words",
        gender_own_words="Words of Ann’s own",
        education_answered="declined",
    )
    services.save_demographics(enrolment=world.ann, answers=told, now=MONDAY)


def _first_week(world: SimpleNamespace) -> None:
    """Ann by a browser with scripts; Ben without."""
    week = week_of(world.ann, 1)
    evening = at("2026-01-08 20:00")
    services.open_session(session=week, now=evening)
    playback.measurable(session=week, now=evening)
    for minute in (10, 20):
        begun = evening + timedelta(minutes=minute)
        assert play(week, started=begun, now=begun + timedelta(minutes=1))
    assert read(week, now=evening + timedelta(minutes=30))
    assert practise(week, now=evening + timedelta(days=1))
    services.finish_session(session=week, now=evening + timedelta(days=1, minutes=5))
    services.open_session(session=week_of(world.ben, 1), now=at("2026-01-09 11:00"))
    services.did_another_way(
        session=week_of(world.ben, 1), uuid=uuid4(), now=at("2026-01-09 11:05")
    )
    plans.change_day(
        enrolment=world.ben,
        weekday=3,
        local_time=time(7),
        zone="Asia/Tokyo",
        now=at("2026-01-09 12:00"),
    )
    week = week_of(world.gone, 1)
    services.open_session(session=week, now=at("2026-01-10 20:00"))


def _second_week(world: SimpleNamespace) -> None:
    """A mail comes back, one fails, one may have arrived; somebody leaves."""
    prompts.bounced(row(world.ann, "session", 2), now=at("2026-01-16 08:00"))
    PromptFactory(
        enrolment=world.ben, kind="consent_copy", state="failed", reason="address_refused",
        attempts=1, attempted_at=at("2026-01-16 08:00"), settled_at=at("2026-01-16 08:00"),
    )  # fmt: skip
    may_have_arrived(world.joining, at("2026-01-16 08:00"))
    plans.leave(
        enrolment=world.gone,
        level=Enrolment.Withdrawal.EVERYTHING,
        reason="I have moved to Leeds",
        now=at("2026-01-16 09:00"),
    )
    plans.leave(
        enrolment=world.left,
        level=Enrolment.Withdrawal.TRAINING,
        reason="",
        now=at("2026-01-17 09:00"),
    )
    StaffAction.objects.create(
        study=world.study, enrolment=world.ben, kind="send_again", why="They asked Dr Who",
        at=at("2026-01-16 10:00"),
    )  # fmt: skip


def may_have_arrived(person: Enrolment, when: datetime) -> Prompt:
    """A copy of what was agreed, whose sender lost the connection at the last moment."""
    prompt = PromptFactory(enrolment=person, due_at=when, next_attempt_at=when)
    wording = Wording.objects.in_use(person.study_id, prompt.kind)
    prompts.begin(prompt, wording=wording, message_id=f"<{uuid4()}@testserver>", now=when)
    prompts.unconfirmed(prompt, reason=Prompt.Reason.NO_ANSWER)
    return prompt


def go_on(world: SimpleNamespace) -> None:
    """After the cut, everything that can change changes."""
    late = CUT + timedelta(hours=1)
    ann, ben = world.ann, world.ben
    unconfirmed = row(world.joining, "consent_copy")
    assert prompts.settle_by_link(unconfirmed, now=late)
    prompts.bounced(row(ann, "session", 1), now=late)
    prompts.complained(row(ben, "session", 1), now=late)
    week = week_of(ann, 2)
    services.open_session(session=week, now=late)
    playback.measurable(session=week, now=late)
    # Begun before the cut by her own device, and heard of after it.
    assert play(week, started=CUT - timedelta(hours=1), now=late)
    assert play(week_of(ann, 1), started=late, now=late + timedelta(minutes=1), position=0.5)
    assert practise(week_of(ben, 1), now=late)
    # By another browser, with scripts.
    playback.measurable(session=week_of(ben, 1), now=late)
    services.finish_session(session=week_of(ben, 1), now=late)
    plans.pause(enrolment=ben, until=(CUT + timedelta(days=9)).date(), now=late)
    plans.choose_day(
        enrolment=world.joining, weekday=1, local_time=MONDAY.time(), zone="Europe/Paris", now=late
    )
    arm = ArmFactory(study=world.study, key="waiting")
    Enrolment.objects.filter(pk=ben.pk).update(arm=arm, allocated_at=late)
    enrolled(study=world.study, now=late)
    invited(study=world.study, invited_at=late)
    ScreeningTally.objects.filter(study=world.study, day=CUT.date()).update(count=9)
    StaffAction.objects.create(
        study=world.study, enrolment=ann, kind="pause", why="On holiday", at=late
    )
    live(CUT + timedelta(hours=12), CUT + timedelta(days=40))
    plans.leave(
        enrolment=world.left,
        level=Enrolment.Withdrawal.EVERYTHING,
        reason="",
        now=CUT + timedelta(days=2),
    )
    plans.leave(
        enrolment=ann,
        level=Enrolment.Withdrawal.TRAINING,
        reason="",
        now=CUT + timedelta(days=41),
    )


def cut(study: Study, *, until: datetime = CUT, **options: bool) -> Cut:
    return Cut(study=study, until=until, **options)


def contents(given: Cut) -> dict[str, bytes]:
    """Each file by its name."""
    with snapshot():
        return {name: b"".join(content) for name, content in Export(given).files()}


def tables(given: Cut) -> dict[str, Lines]:
    """The lines of each CSV, by its name without the ending."""
    found = contents(given)
    return {
        name.removesuffix(".csv"): lines_of(content)
        for name, content in found.items()
        if name.endswith(".csv")
    }


def lines_of(content: bytes) -> Lines:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def of(person: Enrolment, lines: Lines) -> Lines:
    return [line for line in lines if line["code"] == person.code]


def picked(line: Mapping[str, str], *names: str) -> list[str]:
    return [line[name] for name in names]


def planned(person: Enrolment) -> list[Prompt]:
    return list(Prompt.objects.planned().filter(enrolment=person))
