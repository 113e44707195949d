"""Brings the invented people to life, through the services that real people's steps go through."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission

from demo.life import live
from demo.stories import ASKED, EDITOR, RESEARCHER, SCREENED, STORIES, Asked, Story
from participants import do_not_invite
from participants.accounts import account_for
from participants.inviting import Invitee
from participants.joining import agree
from participants.models import Enrolment, StudyResearcher
from participants.models.demographics import Answered, Education, Gender
from participants.services import DemographicAnswers, save_demographics
from scheduling.services import choose_day, decline, invite, write_now
from studies.models import Document, Study
from studies.services import tally_screening

AN_HOUR, A_WEEK = timedelta(hours=1), timedelta(days=7)
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
    """The staff, and everyone in `demo.stories`, up to this moment."""
    _make_staff(study, now=now)
    for source, unmet, times in SCREENED:
        for _each in range(times):
            tally_screening(study=study, source=source, unmet=unmet, now=now - A_WEEK)
    people = [(story, _join(story, study, now=now)) for story in STORIES]
    asked = [(one, _ask(one, study, now=now)) for one in ASKED]
    live([(story, who) for story, who in people if story.chooses_day], now=now)
    for one, who in asked:
        if one.declines:
            decline(enrolment=who, mark=do_not_invite.mark(one.email), now=now - AN_HOUR)


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
    enrolment = _agree(story, study, now=joined)
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


def _ask(one: Asked, study: Study, *, now: datetime) -> Enrolment:
    """Invited by the study's researcher."""
    by = account_for(email=RESEARCHER, now=now)
    invitee = Invitee(address=one.email, source="clinic")
    [enrolment] = invite(study=study, invitees=[invitee], by=by, now=now - timedelta(days=one.days))
    return enrolment


def _first_week(story: Story, now: datetime) -> datetime:
    """The moment their first week opens, `began` whole days back on their own calendar."""
    today = now.astimezone(ZoneInfo(story.zone))
    first = (today - timedelta(days=story.began)).replace(
        hour=story.hour, minute=0, second=0, microsecond=0
    )
    return first.astimezone(now.tzinfo)


def _agree(story: Story, study: Study, *, now: datetime) -> Enrolment:
    form = Document.objects.published().get(study=study, kind=Document.Kind.CONSENT)
    enrolment = agree(
        study=study,
        user=account_for(email=story.email, now=now),
        document=form,
        answers={statement.key: True for statement in form.statements.all()},
        typed_name="Demo Person",
        source=story.source,
        is_test=story.is_test,
        now=now,
    )
    write_now(enrolment=enrolment, kind="consent_copy", now=now)
    return enrolment
