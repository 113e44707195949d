"""People: their accounts, their enrolments with what they agreed to, their weeks and what they did."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import factory
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from factory.django import DjangoModelFactory

from participants import do_not_invite, inviting
from participants.models import (
    ConsentAnswer,
    ConsentSignature,
    Engagement,
    Enrolment,
    Invitation,
    Play,
    PracticeLog,
    Session,
    StudyResearcher,
    User,
)
from participants.recording import note_taking_part, note_use
from studies.models import Document
from tests.factories.studies import LONG_AGO, StudyFactory


class UserFactory(DjangoModelFactory):
    """Signs in by code. `staff=True` works on studies or courses; `researcher_of=study` sees one.

    Rights beside it: `researcher_of__manages=True`, `__sees_identity`, `__sees_arm`.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    date_joined = LONG_AGO
    password = "!"

    @factory.post_generation
    def researcher_of(self: Any, create: bool, extracted: Any, **rights: bool) -> None:
        if extracted is not None:
            StudyResearcher.objects.create(user=self, study=extracted, **rights)


class EnrolmentFactory(DjangoModelFactory):
    """Someone who has agreed to every statement and has chosen no day. `agreed=False`: to none.

    `invited` below makes someone who was asked and has not agreed.
    """

    class Meta:
        model = Enrolment
        skip_postgeneration_save = True

    study = factory.SubFactory(StudyFactory)
    user = factory.SubFactory(UserFactory)
    edition = factory.SelfAttribute("study.edition")
    consented_at = LONG_AGO

    @factory.post_generation
    def agreed(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        document = Document.objects.in_force(self.study, self.study.agreement_kind)
        if extracted is False or document is None or self.consented_at is None:
            return
        ConsentAnswer.objects.bulk_create(
            ConsentAnswer(
                enrolment=self, statement=statement, agreed=True, answered_at=self.consented_at
            )
            for statement in document.statements.all()
        )
        if self.study.is_research:
            ConsentSignature.objects.create(
                enrolment=self,
                document=document,
                typed_name="Demo Person",
                signed_at=self.consented_at,
            )


class InvitationFactory(DjangoModelFactory):
    """Someone invited who has not agreed. `agreed_day=True`: a day was spoken of."""

    class Meta:
        model = Invitation

    class Params:
        agreed_day = factory.Trait(weekday=4, local_time=time(19), zone="Europe/London")

    enrolment = factory.SubFactory(
        EnrolmentFactory, status=Enrolment.Status.INVITED, consented_at=None
    )
    invited_at = LONG_AGO


def invited(*, invited_at: datetime = LONG_AGO, **fields: Any) -> Enrolment:
    """An enrolment that nobody has agreed to yet, with its invitation. `fields` go to it."""
    enrolment: Enrolment = InvitationFactory(
        invited_at=invited_at, **{f"enrolment__{name}": value for name, value in fields.items()}
    ).enrolment
    return enrolment


def decline(*, enrolment: Enrolment, mark: str = "", now: datetime) -> list[Enrolment]:
    """By a mail to the address that they have now, unless `mark` is another's."""
    if not mark and enrolment.user is not None:
        mark = do_not_invite.mark(enrolment.user.email)
    return inviting.decline(enrolment=enrolment, mark=mark, now=now)


class SessionFactory(DjangoModelFactory):
    """A week that is open. `week=2` chooses the week of the enrolment's edition."""

    class Meta:
        model = Session

    class Params:
        week = 1

    enrolment = factory.SubFactory(EnrolmentFactory)
    module = factory.LazyAttribute(
        lambda session: session.enrolment.edition.modules.get(week=session.week)
    )
    opens_at = factory.LazyAttribute(
        lambda session: LONG_AGO + timedelta(weeks=session.module.week - 1)
    )


def active_enrolment(**fields: Any) -> Enrolment:
    """Someone who has chosen a day, with every week open and nothing opened yet.

    Without a rhythm or prompts: `tests.factories.scheduling.enrolled` makes those as well.
    """
    enrolment: Enrolment = EnrolmentFactory(
        status=Enrolment.Status.ACTIVE, day_chosen_at=LONG_AGO, **fields
    )
    for module in enrolment.edition.modules.all():
        SessionFactory(enrolment=enrolment, week=module.week)
    return enrolment


def used(weeks: QuerySet[Session], **moments: datetime) -> None:
    """The weeks with these moments, as if they had been recorded then, and counted."""
    weeks.update(**moments)
    sessions = Session.objects.filter(enrolment=OuterRef("pk")).order_by().values("enrolment")
    for name, moment in (("weeks_opened", "first_opened_at"), ("weeks_taken_part", "took_part_at")):
        number = sessions.annotate(number=Count(moment)).values("number")
        Enrolment.objects.update(**{name: Coalesce(Subquery(number), 0)})


class PlayFactory(DjangoModelFactory):
    class Meta:
        model = Play
        skip_postgeneration_save = True

    uuid = factory.LazyFunction(uuid4)
    session = factory.SubFactory(SessionFactory)
    material = factory.LazyAttribute(lambda play: play.session.module.materials.get(key="video"))
    started_at = factory.LazyAttribute(lambda play: play.session.opens_at + timedelta(hours=1))
    position = 0.0
    seconds = 60.0
    app_version = "test"
    received_at = factory.LazyAttribute(lambda play: play.started_at + timedelta(minutes=5))

    @factory.post_generation
    def noted(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        note_use(self.session, at=self.started_at)
        note_taking_part(self.session, now=self.received_at)


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = Engagement
        skip_postgeneration_save = True

    uuid = factory.LazyFunction(uuid4)
    session = factory.SubFactory(SessionFactory)
    kind = Engagement.Kind.OPENED
    at = factory.LazyAttribute(lambda engagement: engagement.session.opens_at + timedelta(hours=1))
    app_version = "test"

    @factory.post_generation
    def noted(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        note_use(self.session, at=self.at)
        if self.kind != Engagement.Kind.OPENED:
            note_taking_part(self.session, now=self.at)


class PracticeFactory(DjangoModelFactory):
    class Meta:
        model = PracticeLog
        skip_postgeneration_save = True

    uuid = factory.LazyFunction(uuid4)
    session = factory.SubFactory(SessionFactory)
    activity = "Soothing rhythm breathing"
    practised_on = factory.LazyAttribute(lambda log: log.session.opens_at.date())
    noted_at = factory.LazyAttribute(lambda log: log.session.opens_at + timedelta(hours=1))
    app_version = "test"

    @factory.post_generation
    def noted(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        note_use(self.session, at=self.noted_at)
        note_taking_part(self.session, now=self.noted_at)
