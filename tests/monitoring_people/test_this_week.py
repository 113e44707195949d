"""Who was written to this week and who was not: each number leads to exactly those people."""

import html
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Exists, Q, Subquery
from django.test import Client

from monitoring.people import mails, this_week
from monitoring.people.outcomes import (
    Outcome,
    became,
    by_itself,
    of_person,
    outcome,
    with_changed,
)
from participants.models import Enrolment, User
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import LIST, codes, main_of, words

pytestmark = pytest.mark.django_db

OVERVIEW = "/staff/calm/"
SOON = NOW + timedelta(days=2)
STUDIES: list[dict[str, object]] = [
    {}, {"nudges": False}, {"state": "archived"}, {"state": "closed"}, {"capacity": 1},
    {"capacity": 1000}, {"recruiting_until": NOW, "nudges": False},
]  # fmt: skip


@pytest.fixture
def everyone(study: Study) -> dict[str, Enrolment]:
    """One of each, by what became of their session of this week; and a test person."""
    people = {each.value: EnrolmentFactory(study=study) for each in Outcome}
    people |= {name: EnrolmentFactory(study=study) for name in ("off then", "in a break", "fails")}
    states = {
        "planned": {}, "sent": {"sent": True}, "came-back": {"sent": True, "bounced_at": NOW},
        "failed": {"state": "failed"}, "unconfirmed": {"state": "unconfirmed"},
        "too-late": {"state": "missed", "reason": "too_late"}, "emails-off": {},
        "held-back": {"state": "skipped", "reason": "no_session_mail"},
        "not-needed": {"state": "skipped", "reason": "opened"}, "cancelled": {"state": "cancelled"},
        "off then": {"state": "skipped", "reason": "mail_off"},
        "in a break": {"kind": "nudge"}, "fails": {},
    }  # fmt: skip
    for name, fields in states.items():
        PromptFactory(enrolment=people[name], **{"kind": "session", "due_at": SOON, **fields})
    for name, changed in (
        ("emails-off", {"mail_off_since": MONDAY}),
        ("in a break", {"paused_until": "2026-02-03"}),
    ):
        _rhythm(people[name], **changed)
    User.objects.filter(enrolments=people["fails"]).update(address_failed_at=MONDAY)
    test = EnrolmentFactory(study=study, is_test=True)
    PromptFactory(enrolment=test, kind="session", due_at=SOON)
    return people


def _rhythm(person: Enrolment, **fields: object) -> None:
    Rhythm.objects.create(
        enrolment=person, weekday=4, local_time="19:00", zone="Europe/London",
        first_date="2026-01-15", **fields,
    )  # fmt: skip


def numbers(client: Client) -> dict[str, int]:
    """Each number that leads somewhere, by where."""
    page = client.get(OVERVIEW).content.decode().split('id="mails"')[1]
    cells = [each for each in page.split("<td")[1:] if "href=" in each]
    return {
        html.unescape(each.split('href="')[1].split('"')[0]): int(
            words("<" + each.split("</td>")[0])
        )
        for each in cells
    }


def test_each_number_leads_to_as_many_people(
    everyone: dict[str, Enrolment], researcher: Client
) -> None:
    led = numbers(researcher)
    assert len(led) == 11
    for address, number in led.items():
        assert researcher.get(address).context["page"].total == number, address


def test_whose_emails_are_off_is_not_among_those_who_will_be_written_to(
    everyone: dict[str, Enrolment], researcher: Client
) -> None:
    def found(query: str) -> set[str]:
        return set(codes(researcher, query))

    def of(*names: str) -> set[str]:
        return {everyone[name].code for name in names}

    assert found("?mail=session&became=planned") == of("planned")
    assert found("?mail=session&became=emails-off") == of("emails-off", "off then")
    assert found("?mail=session&became=cancelled") == of("cancelled")
    assert found("?mail=session&became=not-needed") == of("not-needed")
    assert found("?became=held-back") == of("held-back", "in a break", "fails")
    assert found("?mail=nudge") == of("in a break")
    assert found("?mail=nudge&became=sent") == set()
    assert found("?became=sent") == of("sent")
    assert found("?became=came-back") == of("came-back")


@pytest.mark.parametrize("sort", ["next", "-next", "week"])
def test_plan_can_be_asked_for_beside_its_mail(
    everyone: dict[str, Enrolment], researcher: Client, sort: str
) -> None:
    """Of everybody, and of the few whose plan was changed, at once."""
    _rhythm(everyone["planned"])
    few = [everyone[name].pk for name in ("planned", "emails-off", "in a break")]
    Enrolment.objects.filter(pk__in=few).update(status="active", day_chosen_at=MONDAY)

    def found(query: str) -> list[str]:
        return codes(researcher, f"?day=4&sort={sort}&{query}")

    assert found("became=planned") == [everyone["planned"].code]
    assert found("became=emails-off") == [everyone["emails-off"].code]
    assert found("became=held-back&status=paused") == [everyone["in a break"].code]
    assert found("became=planned&status=mail-off") == []


def test_mail_of_another_week_is_not_this_weeks(study: Study, researcher: Client) -> None:
    PromptFactory(enrolment=EnrolmentFactory(study=study), kind="session", due_at=MONDAY)
    assert codes(researcher, "?mail=session") == []


@pytest.mark.parametrize("study_is", STUDIES)
def test_overview_list_and_person_say_the_same_of_each_mail(
    study: Study, everyone: dict[str, Enrolment], researcher: Client, study_is: dict[str, object]
) -> None:
    Study.objects.update(**study_is)
    study.refresh_from_db()
    PromptFactory(enrolment=invited(study=study), kind="reminder", due_at=SOON)
    told = dict(Prompt.objects.annotate(it=outcome(study, NOW)).values_list("pk", "it"))
    for what in Outcome:
        condition = became(study, NOW, what, of_person)
        rows = with_changed(Enrolment.objects.filter(prompts__isnull=False))
        here = {
            prompt.pk
            for prompt in Prompt.objects.all()
            if _is(rows.filter(pk=prompt.enrolment_id), prompt, condition)
        }
        assert here == {pk for pk, it in told.items() if it == what}, what
    counted = this_week.counted(study, NOW)
    expected = Prompt.objects.filter(enrolment__is_test=False)
    for row in counted:
        for what, number in row.by_outcome.items():
            mine = expected.filter(
                kind=row.kind, pk__in=[k for k, it in told.items() if it == what]
            )
            assert mine.count() == number, (row.kind, what)


def _is(people: Any, prompt: Prompt, condition: Q) -> bool:
    rows = Prompt.objects.filter(condition, pk=prompt.pk)
    return people.filter(Exists(rows)).exists()


def test_what_is_next_is_what_is_planned_and_goes(study: Study) -> None:
    """The list's next mail, and the overview's planned ones, are by one rule."""
    off, fine = enrolled(study=study), enrolled(study=study)
    Rhythm.objects.filter(enrolment=off).update(mail_off_since=MONDAY)
    for person in (off, fine):
        [ahead] = Enrolment.objects.filter(pk=person.pk).values_list(
            Subquery(mails.ahead(study, NOW).values("pk")[:1]), flat=True
        )
        goes = Prompt.objects.planned().filter(enrolment=person).annotate(it=outcome(study, NOW))
        first = goes.filter(it=Outcome.PLANNED).order_by("due_at").first()
        assert ahead == (first.pk if first else None)


@pytest.mark.parametrize("study_is", STUDIES)
def test_list_is_sorted_by_the_mail_that_it_tells_as_next(
    study: Study, everyone: dict[str, Enrolment], study_is: dict[str, object]
) -> None:
    """Also of those whose next does not go, and the one after it does."""
    Study.objects.update(**study_is)
    study.refresh_from_db()
    for name in ("planned", "emails-off", "in a break", "fails"):
        for days, kind in ((4, "session"), (6, "nudge"), (8, "farewell")):
            due_at = SOON + timedelta(days=days)
            PromptFactory(enrolment=everyone[name], kind=kind, occurrence=9, due_at=due_at)
        PromptFactory(enrolment=everyone[name], kind="welcome", due_at=SOON + timedelta(days=9))
    Enrolment.objects.filter(pk=everyone["sent"].pk).update(user=None, erased_at=NOW)
    PromptFactory(enrolment=everyone["sent"], kind="farewell", due_at=SOON)
    PromptFactory(enrolment=invited(study=study), kind="reminder", due_at=SOON)

    told = with_changed(Enrolment.objects.all()).values_list(
        Subquery(mails.ahead(study, NOW).values("due_at")[:1]), mails.next_due(study, NOW)
    )
    assert [shown for shown, _sorted_by in told] == [sorted_by for _shown, sorted_by in told]


@pytest.mark.parametrize(
    ("study_is", "goes"),
    [
        ({}, True),
        ({"capacity": 2}, True),
        ({"capacity": 1}, False),
        ({"state": "closed"}, False),
        ({"recruiting_until": NOW}, False),
    ],
)
def test_nobody_is_said_to_be_asked_to_join_a_study_that_takes_nobody(
    study: Study, researcher: Client, study_is: dict[str, object], *, goes: bool
) -> None:
    taking_part = EnrolmentFactory(study=study)
    asked = invited(study=study)
    for person, kind in ((asked, "reminder"), (taking_part, "session")):
        PromptFactory(enrolment=person, kind=kind, due_at=SOON)
    Study.objects.update(**study_is)
    study.refresh_from_db()

    planned = {row.kind: row.by_outcome[Outcome.PLANNED] for row in this_week.counted(study, NOW)}
    assert planned == {"session": 1, "reminder": int(goes)}
    page = researcher.get(f"{LIST}{asked.code}/").context
    assert bool(page["ahead"]) is goes
    [told] = researcher.get(f"{LIST}?code={asked.code}").context["page"].people
    assert (told.next_mail is not None) is goes


@pytest.mark.parametrize("state", ["sent", "failed", "unconfirmed", "missed", "skipped"])
@pytest.mark.parametrize("reason", ["", "mail_off", "paused", "opened"])
def test_what_is_over_is_the_same_in_python(study: Study, state: str, reason: str) -> None:
    traits = {"sent": True} if state == "sent" else {"state": state}
    prompt = PromptFactory(enrolment=EnrolmentFactory(study=study), reason=reason, **traits)
    [it] = Prompt.objects.filter(pk=prompt.pk).values_list(outcome(study, NOW), flat=True)
    assert it == by_itself(state, reason, came_back=False)


def test_person_with_emails_off_is_told_what_will_not_go(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    Rhythm.objects.filter(enrolment=person).update(mail_off_since=MONDAY)

    page = researcher.get(f"{LIST}{person.code}/")
    kinds = {entry.what.split(" ")[0] for entry in page.context["stays"]}
    assert kinds == {"Weekly", "Gentle", "Last"}
    assert {entry.detail for entry in page.context["stays"]} == {"Emails off"}
    assert [entry.what for entry in page.context["ahead"]] == ["Welcome, with the dates"]
    assert "Planned, and will not go as things stand" in main_of(page)
    assert [week.became for week in page.context["weeks"]] == ["Emails off"] * 4
