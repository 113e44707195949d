"""Two hands at once, each with its own connection to the database."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.models import StaffAction
from participants import codes, do_not_invite
from participants.joining import AlreadyJoined, agree
from participants.models import Enrolment, User
from scheduling import services
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.participants import UserFactory, invited
from tests.factories.scheduling import MONDAY
from tests.factories.studies import RESEARCH_STATEMENTS, StudyFactory
from tests.monitoring.staff import staff_client
from tests.monitoring_enrol.written import csv
from tests.monitoring_settings.pages import fields_of
from tests.scheduling.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CSV = "/staff/calm/enrol/csv/"
ROUNDS = pytest.mark.parametrize("round_", range(4))
PEOPLE = [f"p{number}@example.org" for number in range(30)]


def shown(client: Client, *addresses: str) -> dict[str, Any]:
    return fields_of(client.post(CSV, {"file": SimpleUploadedFile("x.csv", csv(*addresses))}))


@ROUNDS
def test_button_pressed_twice_at_once_invites_everybody_once(
    study: Study, manager: Client, round_: int
) -> None:
    fields = shown(manager, *PEOPLE)
    statuses: list[int] = []

    def press() -> None:
        client = Client()
        client.cookies = manager.cookies
        statuses.append(client.post(CSV, fields).status_code)

    at_once(press, press)
    assert statuses == [302, 302]
    assert Enrolment.objects.count() == len(PEOPLE)
    assert StaffAction.objects.count() == 1
    assert Prompt.objects.filter(kind="invitation").count() == len(PEOPLE)


@ROUNDS
def test_two_lists_that_share_people_are_saved_one_or_the_other(
    study: Study, manager: Client, round_: int
) -> None:
    other = staff_client(researcher_of=study, researcher_of__manages=True)
    lists = [
        (manager, shown(manager, "only-a@example.org", *PEOPLE)),
        (other, shown(other, *reversed(PEOPLE), "only-b@example.org")),
    ]
    statuses: list[int] = []

    def confirm(client: Client, fields: dict[str, Any]) -> None:
        statuses.append(client.post(CSV, fields).status_code)

    at_once(*(lambda one=one: confirm(*one) for one in lists))
    assert sorted(statuses) == [200, 302]
    assert Enrolment.objects.count() == len(PEOPLE) + 1
    assert User.objects.filter(email__startswith="only-").count() == 1
    assert StaffAction.objects.count() == 1


@ROUNDS
def test_staff_who_stand_in_each_others_lists_wait_for_each_other_and_both_are_saved(
    study: Study, manager: Client, round_: int
) -> None:
    other = staff_client(researcher_of=study, researcher_of__manages=True)
    first, second = User.objects.filter(studies_researched__study=study).order_by("pk")
    lists = [
        (manager, shown(manager, *PEOPLE, second.email)),
        (other, shown(other, *(f"q{each}" for each in PEOPLE), first.email)),
    ]
    statuses: list[int] = []

    def confirm(client: Client, fields: dict[str, Any]) -> None:
        statuses.append(client.post(CSV, fields).status_code)

    at_once(*(lambda one=one: confirm(*one) for one in lists))
    assert statuses == [302, 302]
    assert Enrolment.objects.count() == 2 * len(PEOPLE) + 2


def test_two_lists_at_once_draw_no_code_twice(
    study: Study, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 15,625 codes, two lists of 600 that are blind to each other have 23 in common."""
    monkeypatch.setattr(codes, "ALPHABET", "ABCDE")
    other = staff_client(researcher_of=study, researcher_of__manages=True)
    lists = [
        (client, shown(client, *(f"{letter}{number}@example.org" for number in range(600))))
        for client, letter in ((manager, "a"), (other, "b"))
    ]
    statuses: list[int] = []

    def confirm(client: Client, fields: dict[str, Any]) -> None:
        statuses.append(client.post(CSV, fields).status_code)

    at_once(*(lambda one=one: confirm(*one) for one in lists))
    assert statuses == [302, 302]
    assert Enrolment.objects.count() == 1200


@ROUNDS
def test_who_says_no_while_another_list_is_saved_is_not_in_it(
    study: Study, manager: Client, round_: int
) -> None:
    """Either the list is shown again with her refused, or what it made of her has ended."""
    ann = User.objects.get(pk=invited(study=study, user__email=PEOPLE[3]).user_id)
    asked = Enrolment.objects.get(user=ann)
    warm = StudyFactory(slug="warm")
    client = staff_client(researcher_of=warm, researcher_of__manages=True)
    warm_csv = CSV.replace("calm", "warm")
    page = client.post(warm_csv, {"file": SimpleUploadedFile("x.csv", csv(*PEOPLE))})
    fields = fields_of(page)

    def no() -> None:
        mark = do_not_invite.mark(ann.email)
        services.decline(enrolment=asked, mark=mark, now=MONDAY)

    at_once(no, lambda: client.post(warm_csv, fields))
    assert not User.objects.filter(email=ann.email).exists()
    assert Enrolment.objects.invited().count() in {0, len(PEOPLE) - 1}


@ROUNDS
def test_somebody_who_joins_at_that_moment_is_there_once(
    study: Study, manager: Client, round_: int
) -> None:
    """Either they took their invitation, or they were quicker and the list is shown again."""
    user = UserFactory(email=PEOPLE[3])
    fields = shown(manager, *PEOPLE)
    statuses: list[int] = []

    def join() -> None:
        agree(
            study=study,
            user=user,
            document=study.documents.get(kind="consent"),
            answers=dict.fromkeys(RESEARCH_STATEMENTS, True),
            typed_name="Ann Demo",
            source="",
            now=MONDAY,
        )

    def confirm() -> None:
        statuses.append(manager.post(CSV, fields).status_code)

    at_once(join, confirm)
    ann = Enrolment.objects.get(user=user)
    assert ann.status == "joining"
    assert (statuses, Enrolment.objects.count()) in [([302], len(PEOPLE)), ([200], 1)]
    with pytest.raises(AlreadyJoined):
        join()
