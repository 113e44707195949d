"""The list of a study's people: who they are is nowhere, where they stand is all there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from participants.models import Enrolment, Session
from scheduling.models import Heartbeat, Prompt, Rhythm
from studies.models import Study
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, PlayFactory, UserFactory
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_second_week():
    """Monday 12 January 2026, noon."""
    with time_machine.travel(datetime(2026, 1, 12, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def study() -> Study:
    return StudyFactory(slug="calm")


@pytest.fixture
def researcher(study: Study) -> Client:
    return staff_client(researcher_of=study)


def people(client: Client, query: str = "") -> list:
    response = client.get(f"/staff/calm/{query}")
    assert response.status_code == 200
    return response.context["people"]


def codes(client: Client, query: str = "") -> list[str]:
    return [person.enrolment.code for person in people(client, query)]


def row(client: Client) -> list[str]:
    """The words of the only row of the table."""
    html = client.get("/staff/calm/").content.decode()
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    cells = body.replace("<th", "<td").split("<td")[1:]
    return [" ".join(_text(cell.split(">", 1)[1]).split()) for cell in cells]


def _text(html: str) -> str:
    return "".join(part.split(">")[-1] for part in html.split("<"))


def test_person_is_shown_by_code_with_where_they_stand(study: Study, researcher: Client) -> None:
    person = enrolled(study=study, zone="Asia/Tokyo")
    first = person.sessions.get(module__week=1)
    Session.objects.filter(pk=first.pk).update(first_opened_at=first.opens_at)
    PlayFactory(session=first)
    second = person.sessions.get(module__week=2)
    Session.objects.filter(pk=second.pk).update(first_opened_at=second.opens_at)
    Enrolment.objects.update(last_seen_at=datetime(2026, 1, 9, 20, 15, tzinfo=UTC))
    failed = Prompt.objects.filter(kind="session", occurrence=1)
    failed.update(state="sending", sending_since=MONDAY)
    failed.update(state="failed", sending_since=None)
    Prompt.objects.exclude(kind="session").delete()

    assert row(researcher) == [
        person.code,
        "In training",
        "Thu 15 Jan, 19:00 Asia/Tokyo",
        "Fri 9 Jan, 20:15",
        "2 of 4",
        "1 of 4",
        "Weekly session 1: Failed",
    ]


def test_person_who_is_joining_has_no_plan_yet(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study)

    assert row(researcher) == [
        person.code,
        "Joining",
        "None",
        "Not seen yet",
        "0 of 4",
        "0 of 4",
        "None",
    ]


def test_status_says_what_holds_now(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    rhythms = Rhythm.objects.filter(enrolment=person)

    rhythms.update(paused_until="2026-02-03")
    assert row(researcher)[1] == "Paused to 3 Feb"
    rhythms.update(paused_until="2026-01-12")  # today: they go on
    assert row(researcher)[1] == "In training"
    rhythms.update(mail_off_since=MONDAY)
    assert row(researcher)[1] == "Emails off"
    person.sessions.update(first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    assert row(researcher)[1] == "Took part in all weeks"


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

    assert row(researcher)[1] == words


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

    assert row(researcher)[:2] == [person.code, "Withdrawn, deleted"]


# Who is shown


def test_test_people_are_left_out_and_a_link_shows_them(study: Study, researcher: Client) -> None:
    real = EnrolmentFactory(study=study)
    test = EnrolmentFactory(study=study, is_test=True)

    response = researcher.get("/staff/calm/")
    link = response.context["other_listing"]

    assert [person.enrolment.code for person in response.context["people"]] == [real.code]
    assert sorted(codes(researcher, link)) == sorted([real.code, test.code])
    assert "1 test person is left out." in response.content.decode()


def test_study_with_test_people_alone_shows_them_marked(study: Study, researcher: Client) -> None:
    test = EnrolmentFactory(study=study, is_test=True)

    assert row(researcher)[0] == f"{test.code} test"
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
    response = researcher.get("/staff/calm/")

    assert "Nobody here yet." in response.content.decode()


# In which order


@pytest.fixture
def three(study: Study) -> list[str]:
    """Codes of: on Thursdays and never seen; on Tuesdays, seen and opened; joining and seen first."""
    thursday = enrolled(study=study, weekday=4)
    tuesday = enrolled(study=study, weekday=2)
    joining = EnrolmentFactory(study=study)
    Prompt.objects.exclude(kind="session").delete()
    Enrolment.objects.filter(pk=tuesday.pk).update(last_seen_at=MONDAY + timedelta(days=1))
    Enrolment.objects.filter(pk=joining.pk).update(last_seen_at=MONDAY)
    week = tuesday.sessions.get(module__week=1)
    Session.objects.filter(pk=week.pk).update(
        first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY
    )
    PromptFactory(enrolment=thursday, kind="consent_copy", state="failed")
    return [thursday.code, tuesday.code, joining.code]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", [1, 0, 2]),
        ("next", [1, 0, 2]),
        ("-next", [0, 1, 2]),
        ("seen", [2, 1, 0]),
        ("-seen", [1, 2, 0]),
        ("-opened", [1, None, None]),
        ("-took-part", [1, None, None]),
        ("latest", [0, None, None]),
        ("-status", [2, None, None]),
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
        "?page=-7",
        "?page=x",
        "?page=99999999999999999999",
        "?sort[]=code&x=1",
        "?sort=code&sort=nonsense",
    ],
)
def test_address_that_makes_no_sense_shows_the_list_as_ever(
    researcher: Client, three: list[str], query: str
) -> None:
    assert codes(researcher, query) == codes(researcher)


def test_headings_say_how_the_list_is_sorted_and_turn_it(
    researcher: Client, three: list[str]
) -> None:
    listing = researcher.get("/staff/calm/?sort=-code&test=with").context["listing"]

    told = {heading.words: (heading.sorted, heading.href) for heading in listing.headings()}
    assert told["Code"] == ("descending", "?sort=code&test=with")
    assert told["Last seen"] == ("", "?sort=seen&test=with")
    assert {words for words, (sorted_, _href) in told.items() if sorted_} == {"Code"}


def test_list_is_shown_in_pages_of_twenty_five(study: Study, researcher: Client) -> None:
    edition = published_edition(weeks=1)
    everyone = [EnrolmentFactory(study=study, edition=edition, agreed=False) for _ in range(26)]

    first = researcher.get("/staff/calm/?sort=code")
    second = codes(researcher, first.context["next"])

    assert len(first.context["people"]) == 25
    assert second == [max(person.code for person in everyone)]
    assert first.context["previous"] is False


# At what cost, and what is read


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_database_the_same_number_of_times(
    study: Study, researcher: Client, number: int, django_assert_num_queries
) -> None:
    for _person in range(number):
        enrolled(study=study)

    # On PostgreSQL one more asks for the database's clock.
    with django_assert_num_queries(13 if connection.vendor == "postgresql" else 12):
        researcher.get("/staff/calm/")


def test_no_column_that_says_who_somebody_is_is_read(study: Study) -> None:
    user = with_second_step(UserFactory(researcher_of=study))
    enrolled(study=study)
    EnrolmentFactory(study=study, is_test=True)
    client = signed_in(user)

    with CaptureQueriesContext(
        connection,
    ) as captured:
        for address in ("/staff/calm/?test=with", "/staff/calm/", "/staff/"):
            client.get(address)

    read = [query["sql"] for query in captured]
    own = f'"participants_user"."id" = {user.pk}'
    assert [sql for sql in read if "email" in _columns(sql) and own not in sql] == []
    assert [sql for sql in read if "typed_name" in sql or "withdrawal_reason" in sql] == []
    assert len([sql for sql in read if "participants_enrolment" in sql]) > 3


def _columns(sql: str) -> str:
    return sql.replace("contact_email", "")


# The strip


def well() -> None:
    Heartbeat.objects.create(name="tick", beat_at=datetime(2026, 1, 12, 12, tzinfo=UTC))


def strip(client: Client) -> tuple[int, list[str]]:
    context = client.get("/staff/calm/").context
    return context["health"].due_not_sent, context["complaints"]


@pytest.fixture
def same_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' clock stands in 2026; PostgreSQL's does not."""
    monkeypatch.setattr("scheduling.watch._clock_difference", lambda _now: timedelta(0))


def test_strip_is_calm_when_mail_goes_out(researcher: Client, same_clocks: None) -> None:
    well()

    assert strip(researcher) == (0, [])
    assert "The mail sender is working." in researcher.get("/staff/calm/").content.decode()


def test_strip_tells_what_is_due_and_was_not_sent(
    study: Study, researcher: Client, same_clocks: None
) -> None:
    well()
    PromptFactory(enrolment=EnrolmentFactory(study=study))

    assert strip(researcher) == (
        1,
        ["1 mail is due and was not sent. It was due on Thu 8 Jan, 19:00."],
    )


def test_strip_tells_that_the_sender_does_not_run(researcher: Client, same_clocks: None) -> None:
    assert strip(researcher) == (
        0,
        ["The sender has not run yet. Start send_due, or Celery’s worker and beat."],
    )
