"""Two thousand people, each with one mail that falls due in the storm."""

import random
from datetime import datetime, timedelta

from participants import enrolling
from participants.models import ConsentAnswer, Enrolment, Session, User
from scheduling.models import Kind, Prompt
from scheduling.services.words import install_wordings
from studies.models import ConsentStatement
from tests.factories.studies import StudyFactory


def gather(count: int, *, now: datetime, over: timedelta, chance: random.Random) -> None:
    """A third is due at `now`, the rest by and by until `over` has passed."""
    study = StudyFactory()
    install_wordings(study=study, now=now)
    users = User.objects.bulk_create(
        User(email=f"person-{number}@storm.example", date_joined=now, password="!")
        for number in range(count)
    )
    # Codes that nobody has: of two thousand drawn blindly, two are the same in one storm of 400.
    people = enrolling.save(
        Enrolment(study=study, user=user, edition=study.edition, consented_at=now) for user in users
    )
    _agree(people, now)
    module = study.edition.modules.get(week=1)
    Session.objects.bulk_create(
        Session(enrolment=person, module=module, opens_at=now) for person in people
    )
    Prompt.objects.bulk_create(
        _prompt(person, number, now + over * max(0.0, chance.uniform(-0.5, 1)))
        for number, person in enumerate(people)
    )


def _agree(people: list[Enrolment], now: datetime) -> None:
    statements = ConsentStatement.objects.filter(document__study=people[0].study)
    ConsentAnswer.objects.bulk_create(
        ConsentAnswer(enrolment=person, statement=statement, agreed=True, answered_at=now)
        for person in people
        for statement in statements
    )


def _prompt(person: Enrolment, number: int, due_at: datetime) -> Prompt:
    """Every other one of each kind, one that can be too late soon and one that hardly can."""
    kind, occurrence = (Kind.SESSION, 1) if number % 2 else (Kind.CONSENT_COPY, 0)
    return Prompt(
        enrolment=person,
        kind=kind,
        occurrence=occurrence,
        due_at=due_at,
        next_attempt_at=due_at,
        local_date=due_at.date(),
        local_time=due_at.time(),
        zone="UTC",
    )
