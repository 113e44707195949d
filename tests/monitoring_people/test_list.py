"""The list of a study's people: who they are is nowhere, where they stand is all there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from monitoring.people import pages
from participants.models import Enrolment, Session
from scheduling import services
from scheduling.models import Heartbeat, Prompt, Rhythm
from studies.models import Study
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, PlayFactory, invited, used
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import LIST, codes, main_of, picked, row

pytestmark = pytest.mark.django_db


def test_person_is_shown_by_code_with_where_they_stand(study: Study, researcher: Client) -> None:
    person = enrolled(study=study, zone="Asia/Tokyo")
    first = person.sessions.get(module__week=1)
    used(Session.objects.filter(pk=first.pk), first_opened_at=first.opens_at)
    PlayFactory(session=first)
    second = person.sessions.get(module__week=2)
    used(Session.objects.filter(pk=second.pk), first_opened_at=second.opens_at)
    Enrolment.objects.update(last_use_at=datetime(2026, 1, 9, 20, 15, tzinfo=UTC))
    failed = Prompt.objects.filter(kind="session", occurrence=1)
    failed.update(state="sending", sending_since=MONDAY)
    failed.update(state="failed", sending_since=None)
    Prompt.objects.exclude(kind="session").delete()

    assert row(researcher) == {
        "Code": person.code,
        "Status": "Taking part",
        "Week": "1",
        "Next mail": "Thu 15 Jan, 19:00 Asia/Tokyo",
        "Last use": "Fri 9 Jan, 20:15",
        "Opened": "2 of 4",
        "Took part": "1 of 4",
        "Joined": "5 Jan 2026",
        "Latest mail": "Weekly session 1: Failed 8 Jan",
    }


def test_person_who_is_joining_has_no_plan_yet(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study)

    assert row(researcher) == {
        "Code": person.code,
        "Status": "Joining",
        "Week": "–",
        "Next mail": "None",
        "Last use": "None yet",
        "Opened": "0 of 4",
        "Took part": "0 of 4",
        "Joined": "6 Jan 2020",
        "Latest mail": "None",
    }


def test_person_who_was_invited_is_there_before_they_join(study: Study, researcher: Client) -> None:
    invited(study=study)
    assert picked(row(researcher), "Status", "Joined") == ["Invited", "–"]


def test_code_leads_to_the_person(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study)
    page = researcher.get(LIST).content.decode()
    assert f'<a class="code" href="/staff/calm/people/{person.code}/">{person.code}</a>' in page


def test_status_says_what_holds_now(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    rhythms = Rhythm.objects.filter(enrolment=person)

    rhythms.update(paused_until="2026-02-03")
    assert row(researcher)["Status"] == "Paused to 3 Feb"
    rhythms.update(paused_until="2026-01-12")  # today: they go on
    assert row(researcher)["Status"] == "Taking part"
    rhythms.update(mail_off_since=MONDAY)
    assert row(researcher)["Status"] == "Emails off"
    used(person.sessions.all(), first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    assert row(researcher)["Status"] == "Took part in all weeks"


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("training", "Withdrawn from the training"),
        ("everything", "Withdrawn, data kept"),
        ("erasure", "Withdrawn, to be deleted"),
    ],
)
def test_withdrawal_says_its_level(
    study: Study, researcher: Client, level: str, words: str
) -> None:
    EnrolmentFactory(study=study)
    Enrolment.objects.update(
        status="withdrawn",
        withdrawal=level,
        withdrawn_at=MONDAY,
        erasure_requested_at=MONDAY if level == "erasure" else None,
    )

    assert row(researcher)["Status"] == words


def test_erased_person_stays_as_a_code(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study, agreed=False)
    Enrolment.objects.update(
        status="withdrawn",
        withdrawal="erasure",
        withdrawn_at=MONDAY,
        erasure_requested_at=MONDAY,
        erased_at=MONDAY,
        user=None,
    )

    assert picked(row(researcher), "Code", "Status") == [person.code, "Withdrawn, deleted"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"status": "withdrawn", "withdrawal": "everything", "withdrawn_at": MONDAY},
            "Withdrawn, data kept, name erased",
        ),
        (
            {"status": "withdrawn", "withdrawal": "training", "withdrawn_at": MONDAY},
            "Withdrawn from the training, name erased",
        ),
        ({"status": "active", "day_chosen_at": MONDAY}, "Name erased"),
        ({"status": "joining"}, "Name erased"),
    ],
)
def test_name_erased_when_the_time_is_over_is_not_called_deletion(
    study: Study, researcher: Client, fields: dict[str, object], words: str
) -> None:
    EnrolmentFactory(study=study, agreed=False)
    Enrolment.objects.update(**fields, erased_at=NOW, user=None)
    assert row(researcher)["Status"] == words


# Who is shown


def test_test_people_are_left_out_until_they_are_asked_for(
    study: Study, researcher: Client
) -> None:
    real = EnrolmentFactory(study=study)
    test = EnrolmentFactory(study=study, is_test=True)

    assert codes(researcher) == [real.code]
    assert sorted(codes(researcher, "?test=with")) == sorted([real.code, test.code])
    assert codes(researcher, "?test=only") == [test.code]
    assert "1 test person is left out." in researcher.get(LIST).content.decode()


def test_study_with_test_people_alone_shows_them_marked(study: Study, researcher: Client) -> None:
    test = EnrolmentFactory(study=study, is_test=True)

    assert row(researcher)["Code"] == f"{test.code} test"
    assert codes(researcher, "?test=without") == []


def test_demonstration_shows_its_test_people_beside_who_joins(
    study: Study, researcher: Client, settings: Settings
) -> None:
    settings.DEMO = True
    everyone = [EnrolmentFactory(study=study, is_test=is_test).code for is_test in (False, True)]

    assert sorted(codes(researcher)) == sorted(everyone)
    assert codes(researcher, "?test=without") == everyone[:1]


def test_people_of_another_study_are_not_shown(study: Study, researcher: Client) -> None:
    EnrolmentFactory()

    assert codes(researcher) == []


def test_empty_study_says_so(study: Study, researcher: Client) -> None:
    response = researcher.get(LIST)

    assert "Nobody here yet." in response.content.decode()


def test_week_of_somebody_who_left_stays_where_they_left(study: Study, researcher: Client) -> None:
    begun = MONDAY - timedelta(weeks=7)
    person = enrolled(study=study, now=begun)
    assert row(researcher)["Week"] == "4"
    left = begun + timedelta(days=5)
    services.leave(enrolment=person, level=Enrolment.Withdrawal.EVERYTHING, reason="", now=left)
    assert row(researcher)["Week"] == "1"


# In which order


@pytest.fixture
def three(study: Study) -> list[str]:
    """Codes of: on Thursdays and without use; on Tuesdays, used last; joining, and used first."""
    thursday = enrolled(study=study, weekday=4)
    tuesday = enrolled(study=study, weekday=2)
    joining = EnrolmentFactory(study=study)
    Prompt.objects.exclude(kind="session").delete()
    Enrolment.objects.filter(pk=tuesday.pk).update(last_use_at=MONDAY + timedelta(days=1))
    Enrolment.objects.filter(pk=joining.pk).update(last_use_at=MONDAY)
    week = tuesday.sessions.get(module__week=1)
    weeks = Session.objects.filter(pk=week.pk)
    used(weeks, first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    PromptFactory(enrolment=thursday, kind="consent_copy", state="failed")
    return [thursday.code, tuesday.code, joining.code]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", [1, 0, 2]),
        ("next", [1, 0, 2]),
        ("-next", [0, 1, 2]),
        ("used", [2, 1, 0]),
        ("-used", [1, 2, 0]),
        ("-opened", [1, None, None]),
        ("-took-part", [1, None, None]),
        ("-status", [2, None, None]),
        ("week", [2, None, None]),
        ("joined", [2, None, None]),
    ],
)
def test_people_are_sorted_by_column(
    researcher: Client, three: list[str], sort: str, order: list[int | None]
) -> None:
    shown = codes(researcher, f"?sort={sort}")

    assert [None if i is None else code for i, code in zip(order, shown, strict=True)] == [
        None if i is None else three[i] for i in order
    ]


def test_people_are_sorted_by_code_both_ways(researcher: Client, three: list[str]) -> None:
    assert codes(researcher, "?sort=code") == sorted(three)
    assert codes(researcher, "?sort=-code") == sorted(three, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        "?sort=user__email",
        "?sort=-",
        "?sort=--code",
        "?sort=%00",
        "?test=maybe",
        "?status=nobody",
        "?week=9",
        "?day=8",
        "?arm=waiting",
        "?page=-7",
        "?page=x",
        "?sort[]=code&x=1",
        "?sort=code&sort=nonsense",
    ],
)
def test_what_the_list_does_not_offer_is_passed_by_and_said(
    researcher: Client, three: list[str], query: str
) -> None:
    page = researcher.get(f"{LIST}{query}")

    assert [person.enrolment.code for person in page.context["page"].people] == codes(researcher)
    assert "does not know a part of the address" in page.content.decode()
    assert "does not know" not in researcher.get(LIST).content.decode()


@pytest.mark.parametrize("typed", ["%27;DROP", "ann@example.org", "K7P-4MDX"])
def test_what_is_no_code_finds_nobody_and_is_told_what_one_looks_like(
    researcher: Client, three: list[str], typed: str
) -> None:
    page = researcher.get(f"{LIST}?code={typed}")

    assert page.context["page"].people == []
    said = main_of(page)
    assert "This is no code. A code looks like K7P-4MD" in said
    assert "does not know" not in said
    assert "example.org" not in said


def test_when_somebody_left_is_told_and_sorted_by(study: Study, researcher: Client) -> None:
    stays = EnrolmentFactory(study=study)
    early, late = (EnrolmentFactory(study=study) for _ in range(2))
    for person, days in ((early, 0), (late, 3)):
        Enrolment.objects.filter(pk=person.pk).update(
            status="withdrawn", withdrawal="training", withdrawn_at=MONDAY + timedelta(days=days)
        )

    assert row(researcher, f"?status=withdrawn&code={late.code}")["Left"] == "8 Jan 2026"
    assert "Left" not in row(researcher, f"?code={late.code}")
    assert codes(researcher, "?sort=-left") == [late.code, early.code, stays.code]


def test_person_leads_back_to_the_list_as_it_was(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    plain, narrowed = (
        researcher.get(f"{LIST}{query}").content.decode()
        for query in ("", "?status=active&sort=-code")
    )
    assert f'href="{LIST}{person.code}/"' in plain
    there = f"{LIST}{person.code}/?list=status%3Dactive%26test%3Dwithout%26sort%3D-code"
    assert f'href="{there}"' in narrowed
    back = researcher.get(there).content.decode()
    assert f'href="{LIST}?status=active&amp;test=without&amp;sort=-code"' in back
    assert f'href="{LIST}"' in researcher.get(f"{LIST}{person.code}/").content.decode()


def test_page_beyond_the_last_leads_to_the_last(researcher: Client, three: list[str]) -> None:
    response = researcher.get(f"{LIST}?sort=-code&status=active&page=9999999")
    assert (response.status_code, response["Location"]) == (
        302,
        f"{LIST}?status=active&test=without&sort=-code&page=1",
    )
    assert researcher.get(f"{LIST}?code=ZZZ&page=2")["Location"].endswith(
        "?test=without&code=ZZZ&page=1"
    )


def test_headings_say_how_the_list_is_sorted_and_turn_it(
    researcher: Client, three: list[str]
) -> None:
    headings = researcher.get(f"{LIST}?sort=-code&test=with&status=active").context["headings"]

    told = {heading.words: (heading.sorted, heading.href) for heading in headings}
    assert told["Code"] == ("descending", "?status=active&test=with&sort=code")
    assert told["Last use"] == ("", "?status=active&test=with&sort=used")
    assert {words for words, (sorted_, _href) in told.items() if sorted_} == {"Code"}


def test_list_is_shown_in_pages_of_twenty_five_that_keep_what_was_asked(
    study: Study, researcher: Client
) -> None:
    edition = published_edition(weeks=1)
    everyone = [EnrolmentFactory(study=study, edition=edition, agreed=False) for _ in range(26)]
    EnrolmentFactory(study=study, edition=edition, agreed=False, source="poster")

    first = researcher.get(f"{LIST}?sort=code&status=joining").context
    second = researcher.get(f"{LIST}{first['next']}").context

    assert len(first["page"].people) == 25
    assert (first["page"].total, first["previous"], second["next"]) == (27, False, False)
    assert first["next"] == "?status=joining&test=without&sort=code&page=2"
    assert [each.enrolment.code for each in second["page"].people] == sorted(
        Enrolment.objects.values_list("code", flat=True)
    )[25:]
    assert len(everyone) == 26


# At what cost


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("query", ["", "?status=active&day=4&sort=-took-part&test=with"])
def test_list_asks_the_database_the_same_number_of_times(
    study: Study, researcher: Client, number: int, query: str, django_assert_num_queries
) -> None:
    """Three for the list; four for who looks and what they may; and one for the strip."""
    Heartbeat.objects.create(name="tick", beat_at=NOW)
    for _person in range(number):
        enrolled(study=study)

    with django_assert_num_queries(8):
        researcher.get(f"{LIST}{query}")


@pytest.mark.parametrize("sort", ["next", "-next", "code", "-joined", "left", "-took-part"])
@pytest.mark.parametrize("narrowed", ["", "&test=with", "&test=only", "&status=active"])
def test_pages_together_are_the_list_from_whichever_end_they_are_read(
    study: Study, researcher: Client, monkeypatch: pytest.MonkeyPatch, sort: str, narrowed: str
) -> None:
    for number in range(7):
        person = enrolled(study=study, is_test=number > 4)
        Rhythm.objects.filter(enrolment=person).update(
            mail_off_since=MONDAY if number % 2 else None
        )
    whole = codes(researcher, f"?sort={sort}{narrowed}")
    monkeypatch.setattr(pages, "SIZE", 2)

    found: list[str] = []
    for number in range(1, -(-len(whole) // 2) + 1):
        page = researcher.get(f"{LIST}?sort={sort}{narrowed}&page={number}").context["page"]
        assert page.total == len(whole)
        found += [person.enrolment.code for person in page.people]
    assert found == whole
