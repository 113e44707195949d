"""Brings the invented people to life, through the services that real people's steps go through."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission

from demo.life import live
from demo.stories import EDITOR, RESEARCHER, STORIES, Story
from participants.accounts import account_for
from participants.joining import agree
from participants.models import Enrolment, StudyResearcher, User
from participants.models.demographics import Answered, Education, Gender
from participants.services import DemographicAnswers, save_demographics
from scheduling.services import choose_day, write_now
from studies.models import Document, Study

JOINED_BEFORE_FIRST_WEEK = timedelta(days=2, hours=3)
ANSWERS = DemographicAnswers(
    age_answered=Answered.ANSWERED,
    age=40,
    gender_answered=Answered.ANSWERED,
    gender=Gender.WOMAN,
    ethnicity_answered=Answered.DECLINED,
    education_answered=Answered.ANSWERED,
    education=Education.DEGREE,
)


def make_people(*, study: Study, now: datetime) -> None:
    """The staff, and everyone in `demo.stories`, marked as test people, up to this moment."""
    _make_staff(study, now=now)
    people = [(story, _join(story, study, now=now)) for story in STORIES]
    live([(story, who) for story, who in people if story.chooses_day], now=now)


def _make_staff(study: Study, *, now: datetime) -> None:
    researcher = account_for(email=RESEARCHER, now=now)
    StudyResearcher.objects.create(
        user=researcher, study=study, sees_identity=True, sees_arm=True, manages=True
    )
    editor = account_for(email=EDITOR, now=now)
    editor.is_staff = True
    editor.save(update_fields=["is_staff"])
    editor.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=["courses", "studies", "scheduling"])
    )


def _join(story: Story, study: Study, *, now: datetime) -> Enrolment:
    first_week = _first_week(story, now)
    joined = min(first_week - JOINED_BEFORE_FIRST_WEEK, now)
    enrolment = _agree(account_for(email=story.email, now=joined), study, now=joined)
    if story.chooses_day:
        save_demographics(enrolment=enrolment, answers=ANSWERS, now=joined)
        local = first_week.astimezone(ZoneInfo(story.zone))
        choose_day(
            enrolment=enrolment,
            weekday=local.isoweekday(),
            local_time=time(story.hour),
            zone=story.zone,
            now=joined,
        )
    return enrolment


def _first_week(story: Story, now: datetime) -> datetime:
    """The moment their first week opens, `began` whole days back on their own calendar."""
    today = now.astimezone(ZoneInfo(story.zone))
    first = (today - timedelta(days=story.began)).replace(
        hour=story.hour, minute=0, second=0, microsecond=0
    )
    return first.astimezone(now.tzinfo)


def _agree(user: User, study: Study, *, now: datetime) -> Enrolment:
    form = Document.objects.published().get(study=study, kind=Document.Kind.CONSENT)
    enrolment = agree(
        study=study,
        user=user,
        document=form,
        answers={statement.key: True for statement in form.statements.all()},
        typed_name="Demo Person",
        source="demo",
        is_test=True,
        now=now,
    )
    write_now(enrolment=enrolment, kind="consent_copy", now=now)
    return enrolment
