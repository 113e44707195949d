"""People with a plan, made by the services that make real ones."""

from datetime import UTC, date, datetime, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from participants.models import Enrolment
from scheduling.models import Kind, Prompt, Rhythm, Wording
from scheduling.services import choose_day
from tests.factories.participants import EnrolmentFactory

# A Monday. "Thursday at seven" from here is 8 January 2026.
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class RhythmFactory(DjangoModelFactory):
    class Meta:
        model = Rhythm

    enrolment = factory.SubFactory(EnrolmentFactory)
    weekday = 4
    local_time = time(19)
    zone = "Europe/London"
    first_date = date(2026, 1, 8)


# How a row comes to its state: the database takes no other way, and no row that begins elsewhere.
STEPS = {"sent": ["sending"], "failed": ["sending"], "unconfirmed": ["sending"]}
# What a planned row cannot say.
LATER = ("state", "sending_since", "sent_at", "settled_at", "bounced_at", "complained_at")


class PromptFactory(DjangoModelFactory):
    """One planned row, due on Thursday 8 January 2026 at 19:00 in London. `sent=True`: it went.

    In another `state` it is planned first, and taken there by the legal steps.
    """

    class Meta:
        model = Prompt

    class Params:
        sent = factory.Trait(
            state=Prompt.State.SENT,
            attempts=1,
            sent_at=factory.SelfAttribute("due_at"),
            settled_at=factory.SelfAttribute("due_at"),
            wording=factory.LazyAttribute(
                lambda prompt: WordingFactory(
                    study=prompt.enrolment.study,
                    kind=prompt.kind,
                    version=Wording.objects.filter(
                        study=prompt.enrolment.study, kind=prompt.kind
                    ).count()
                    + 1,
                )
            ),
        )

    enrolment = factory.SubFactory(EnrolmentFactory)
    kind = Kind.CONSENT_COPY
    due_at = datetime(2026, 1, 8, 19, tzinfo=UTC)
    local_date = date(2026, 1, 8)
    local_time = time(19)
    zone = "Europe/London"
    next_attempt_at = factory.SelfAttribute("due_at")

    @classmethod
    def _create(cls, model_class: type[Prompt], *args: Any, **fields: Any) -> Prompt:
        later = {name: fields.pop(name) for name in LATER if name in fields}
        prompt: Prompt = super()._create(model_class, *args, **fields)
        row = Prompt.objects.filter(pk=prompt.pk)
        for step in STEPS.get(later.get("state", ""), []):
            row.update(state=step, sending_since=prompt.due_at)
        if later:
            row.update(**{"sending_since": None, **later})
        for name, value in later.items():
            setattr(prompt, name, value)
        return prompt


class WordingFactory(DjangoModelFactory):
    class Meta:
        model = Wording

    study = factory.SubFactory("tests.factories.studies.StudyFactory")
    kind = Kind.SESSION
    version = 1
    subject = "Your {weekday} session"
    heading = "Your {weekday} session is open"
    body = "This is week {week}."
    button = "Open my session"
    created_at = MONDAY


def enrolled(
    *,
    weekday: int = 4,
    time: str = "19:00",
    zone: str = "Europe/London",
    now: datetime = MONDAY,
    **enrolment: Any,
) -> Enrolment:
    """Someone who has chosen a day at `now`; other arguments go to `EnrolmentFactory`."""
    person = EnrolmentFactory(**{"consented_at": now, **enrolment})
    hour = datetime.strptime(time, "%H:%M").time()  # noqa: DTZ007 - a time on a clock
    choose_day(enrolment=person, weekday=weekday, local_time=hour, zone=zone, now=now)
    person.refresh_from_db()
    return person
