"""Whatever a few people do, what is counted of them is what their rows say, reckoned one by one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from participants.erasure import erase_identity
from participants.joining import agree_anew
from participants.measures import Week, by_week, completed_training, lost, summary
from participants.models import ConsentAnswer, Enrolment
from participants.withdrawal import CannotWithdraw, withdraw
from studies.models import Document, Study
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, active_enrolment, invited
from tests.factories.studies import LONG_AGO, StudyFactory
from tests.participants.test_joining import YES, newer_form
from tests.participants.test_use_as_kept import (
    DEEDS,
    NAMES,
    derived_last_use,
    derived_taking_part,
    derived_weeks,
    finishes,
    opens,
    reads,
)
from tests.services.databases import examples

pytestmark = pytest.mark.django_db

WEEKS, DAYS = 2, 3
Act = Callable[[Enrolment, int, datetime, UUID], None]


def stops(level: Enrolment.Withdrawal) -> Act:
    def stop(person: Enrolment, _week: int, now: datetime, _uuid: UUID) -> None:
        try:
            withdraw(enrolment=person, level=level, reason="", now=now)
        except CannotWithdraw:
            return

    return stop


def is_forgotten(person: Enrolment, _week: int, now: datetime, _uuid: UUID) -> None:
    if Enrolment.objects.get(pk=person.pk).is_withdrawn:
        erase_identity(enrolment=person, now=now)


def all_are_asked_anew(person: Enrolment, _week: int, _now: datetime, _uuid: UUID) -> None:
    newer_form(person.study, anew=True)


def agrees_anew(person: Enrolment, _week: int, now: datetime, _uuid: UUID) -> None:
    document = Document.objects.in_force(person.study, person.study.agreement_kind)
    if not Enrolment.objects.get(pk=person.pk).is_withdrawn:
        agree_anew(enrolment=person, document=document, answers=YES, typed_name="D P", now=now)


def in_a_week(deed: Any) -> Act:
    def act(person: Enrolment, week: int, now: datetime, uuid: UUID) -> None:
        deed(person.sessions.in_order()[week], now, uuid)

    return act


USES = [in_a_week(deed) for deed in DEEDS]
OPENS, FINISHES, READS = (in_a_week(deed) for deed in (opens, finishes, reads))
DELETES = stops(Enrolment.Withdrawal.ERASURE)
# Uses come more often than what ends them.
ACTS = [
    *USES, *USES, *(stops(level) for level in Enrolment.Withdrawal),
    is_forgotten, all_are_asked_anew, agrees_anew,
]  # fmt: skip
# What, by whom, in which week, how many hours later, and as which of the few reports of theirs.
lives = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, 2),
        st.integers(0, WEEKS - 1),
        st.sampled_from([-2, 1, 20, 100]),
        st.integers(0, 1),
    ),
    max_size=16,
)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(life=lives)
# Silent, with a week ahead, and then with none.
@example(life=[])
@example(life=[(READS, 0, 0, 200, 0), (FINISHES, 0, 1, 1, 0), (READS, 1, 0, 1, 0)])
@example(life=[(FINISHES, 0, 0, 200, 0), (FINISHES, 0, 1, 1, 0), (DELETES, 0, 0, 1, 0)])
@example(life=[(DELETES, 0, 0, 1, 0), (DELETES, 1, 0, 1, 0), (DELETES, 2, 0, 1, 0)])
@example(life=[(OPENS, 1, 0, 200, 0), (all_are_asked_anew, 0, 0, 1, 0), (agrees_anew, 1, 0, 1, 0)])
def test_counts_are_what_the_rows_say(db: None, life: Any) -> None:
    study = StudyFactory(edition=published_edition(weeks=WEEKS))
    people = [active_enrolment(study=study) for _each in range(3)]
    everyone = [*people, EnrolmentFactory(study=study), invited(study=study)]
    now = lived(people, life)

    rows = list(Enrolment.objects.filter(study=study))
    assert len(rows) == len(everyone)
    for person in rows:
        assert (person.weeks_opened, person.weeks_taken_part) == derived_weeks(person)
    joined = [person for person in rows if person.has_joined]
    through = {person for person in joined if is_through(person)}
    counted = Enrolment.objects.counted().filter(study=study)
    assert set(completed_training(counted)) == through
    silent = {each: begun_and_last(each) for each in joined if is_expected(each)}
    for then in (now, now + timedelta(days=4), now + timedelta(days=30)):
        gone = {each for each, (begun, last) in silent.items() if is_lost(begun, last, then)}
        assert set(lost(counted, days=DAYS, now=then)) == gone
    known = [each for each in joined if each.day_chosen_at and not each.erasure_requested_at]
    weeks = [week_of(number, known, now) for number in (1, 2)]
    # Of nobody's use there are no weeks to tell.
    assert by_week(study, now=now) == (weeks if known else [])
    check_sums(study, joined, through)


def lived(people: list[Enrolment], life: Any) -> datetime:
    """When the latest of it was."""
    now = latest = LONG_AGO
    for act, who, week, hours, report in life:
        now += timedelta(hours=hours)
        latest = max(now, latest)
        person = Enrolment.objects.get(pk=people[who].pk)
        act(person, week, now, uuid5(NAMES, f"{person.pk}/{id(act)}/{week}/{report}"))
    return latest


def is_through(person: Enrolment) -> bool:
    taken = {week.module.week for week in person.sessions.all() if derived_taking_part(week)}
    return taken == {module.week for module in person.edition.modules.all()}


def is_expected(person: Enrolment) -> bool:
    return not (person.is_withdrawn or is_through(person) or is_asked_anew(person))


def begun_and_last(person: Enrolment) -> tuple[datetime, datetime]:
    """When the last of their weeks opens, and when they last did anything."""
    last = derived_last_use(person) or person.day_chosen_at or person.consented_at
    assert last is not None
    return max((week.opens_at for week in person.sessions.all()), default=last), last


def is_lost(begun: datetime, last: datetime, now: datetime) -> bool:
    return begun <= now and last < now - timedelta(days=DAYS)


def is_asked_anew(person: Enrolment) -> bool:
    forms = Document.objects.filter(study=person.study, kind=person.study.agreement_kind)
    asking = [form.version for form in forms if form.requires_new_consent]
    answers = ConsentAnswer.objects.filter(enrolment=person)
    agreed = answers.values_list("statement__document__version", flat=True)
    return max(asking, default=0) > max(agreed, default=0)


def week_of(number: int, people: list[Enrolment], now: datetime) -> Week:
    weeks = [person.sessions.get(module__week=number) for person in people]
    until = [min(now, week.enrolment.withdrawn_at or now) for week in weeks]
    return Week(
        number=number,
        open=sum(week.opens_at <= end for week, end in zip(weeks, until, strict=True)),
        opened=sum(week.first_opened_at is not None for week in weeks),
        took_part=sum(derived_taking_part(week) is not None for week in weeks),
    )


def check_sums(study: Study, joined: list[Enrolment], through: set[Enrolment]) -> None:
    told = summary(study)
    assert (told.consented, told.completed) == (len(joined), len(through))
    assert told.consented == told.joining + told.active + sum(told.withdrawn.values())
