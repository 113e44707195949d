"""A list is saved while the page that waits is told how far it is."""

import json
import logging
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from monitoring.enrol import lists, packing, progress, saving
from monitoring.models import StaffAction
from participants.inviting import Invitee
from participants.models import Enrolment, User
from scheduling import services
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client
from tests.monitoring_enrol.held import Held, wait_for_the_end
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv
from tests.monitoring_settings.pages import Fields, fields_of, said, text_of

pytestmark = pytest.mark.django_db(transaction=True)

CSV = "/staff/calm/enrol/csv/"
PEOPLE = [f"p{number}@example.org" for number in range(2500)]
ENDED = {"ended": True}
HARM = {"packed": packing.packed(csv("ann@example.org")), "once": str(uuid4())}


@pytest.fixture(autouse=True)
def every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure is told, however quick the machine."""
    monkeypatch.setattr(progress, "_EVERY", 0)


def shown(client: Client, content: bytes) -> Fields:
    return fields_of(client.post(CSV, {"file": SimpleUploadedFile("people.csv", content)}))


def ask(client: Client, fields: Any) -> Any:
    return client.post(CSV, fields, headers={"accept": progress.TYPE})


def lines(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.getvalue().splitlines() if line]


def figures(answer: Any) -> list[tuple[str, int, int]]:
    """Of an answer that ends as every answer does."""
    *told, last = lines(answer)
    assert last == ENDED
    return [(each["doing"], each["done"], each["of"]) for each in told]


def nobody() -> bool:
    return not (Enrolment.objects.exists() or Prompt.objects.exists())


# --- what is told


def test_every_thousand_is_told_first_looked_at_and_then_saved(manager: Client) -> None:
    answer = ask(manager, shown(manager, csv(*PEOPLE)))
    assert figures(answer) == [
        ("checking", 1000, 2500),
        ("checking", 2000, 2500),
        ("checking", 2500, 2500),
        ("saving", 0, 2500),
        ("saving", 500, 2500),
        ("saving", 1000, 2500),
        ("saving", 1250, 2500),
        ("saving", 1750, 2500),
        ("saving", 2250, 2500),
        ("saving", 2500, 2500),
    ]
    assert Enrolment.objects.invited().count() == 2500


def test_answer_is_not_gathered_packed_or_kept_on_its_way(manager: Client) -> None:
    fields = shown(manager, csv("ann@example.org"))
    answer = manager.post(CSV, fields, headers={"accept": progress.TYPE, "accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer["X-Accel-Buffering"] == "no"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.has_header("Content-Encoding")
    assert not answer.has_header("Content-Length")
    assert figures(answer)


def test_lines_come_now_and_then_and_the_first_and_the_last_of_each_always(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_EVERY", 1e9)
    answer = ask(manager, shown(manager, csv(*PEOPLE)))
    assert figures(answer) == [
        ("checking", 1000, 2500),
        ("checking", 2500, 2500),
        ("saving", 0, 2500),
        ("saving", 2500, 2500),
    ]


def test_while_nothing_is_to_be_said_a_blank_line_says_that_somebody_is_there(
    manager: Client, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_SILENCE", 0.01)
    told = iter(ask(manager, shown(manager, csv("ann@example.org"))))
    while (line := next(told)) != b"\n" or not held.is_half_done.is_set():
        assert line == b"\n" or "doing" in json.loads(line)
    held.may_go_on.set()
    assert json.loads(list(told)[-1]) == ENDED


def test_people_of_both_kinds_are_counted_together(manager: Client) -> None:
    both = csv(agreed("ann@example.org"), "bob@example.org,,,,,,,,", header=ELSEWHERE)
    answer = ask(manager, {**shown(manager, both), "attested": "on"})
    assert figures(answer)[-1] == ("saving", 2, 2)
    assert sorted(Enrolment.objects.values_list("status", flat=True)) == ["invited", "joining"]


def test_nobody_is_named_in_what_is_told(manager: Client) -> None:
    answer = ask(manager, shown(manager, csv(*PEOPLE[:3])))
    told = answer.getvalue().decode()
    assert "example.org" not in told
    assert [each.code for each in Enrolment.objects.all() if each.code in told] == []


# --- and then the form, the plain way


def test_form_sent_once_more_says_what_was_done_and_does_nothing_twice(manager: Client) -> None:
    fields = shown(manager, csv("ann@example.org", "bob@example.org"))
    assert figures(ask(manager, fields))
    plain = manager.post(CSV, fields)
    assert (plain.status_code, plain["Location"]) == (302, "/staff/calm/enrol/")
    assert said(manager.get(plain["Location"])) == ["2 people are invited."]
    assert (Enrolment.objects.count(), StaffAction.objects.count()) == (2, 1)


def test_browser_without_the_script_gets_the_page_alone(manager: Client) -> None:
    fields = shown(manager, csv("ann@example.org"))
    usual = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert manager.post(CSV, fields, headers={"accept": usual}).status_code == 302


def test_what_is_wrong_ends_the_lines_and_is_said_by_the_page(
    manager: Client, study: Study
) -> None:
    fields = shown(manager, csv("ann@example.org", "bob@example.org"))
    bob = Invitee(address="bob@example.org")
    services.invite(study=study, invitees=[bob], by=None, now=MONDAY)
    assert figures(ask(manager, fields)) == [("checking", 2, 2)]
    page = manager.post(CSV, fields)
    assert [each.words for each in page.context["faults"]] == [
        "This person has been invited already."
    ]
    assert Enrolment.objects.count() == 1


def test_without_the_uploaders_word_nothing_is_saved(manager: Client) -> None:
    fields = shown(manager, csv(agreed("ann@example.org"), header=ELSEWHERE))
    assert figures(ask(manager, fields)) == [("checking", 1, 1)]
    assert nobody()
    assert "attested" in manager.post(CSV, fields).context["form"].errors


@pytest.mark.parametrize("changed", [{"packed": "nonsense"}, {"once": "x"}, {"once": ""}])
def test_what_cannot_be_told_of_is_to_be_sent_the_plain_way_at_once(
    manager: Client, changed: dict[str, str]
) -> None:
    answer = ask(manager, {**shown(manager, csv("ann@example.org")), **changed})
    assert (answer.status_code, answer.content) == (409, b"")
    assert nobody()


def test_what_was_saved_before_is_not_told_again(manager: Client) -> None:
    fields = shown(manager, csv("ann@example.org"))
    manager.post(CSV, fields)
    assert ask(manager, fields).status_code == 409
    assert Enrolment.objects.count() == 1


# --- who may: as without the script


def test_stranger_is_sent_to_sign_in(study: Study) -> None:
    answer = ask(Client(), HARM)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={CSV}")
    assert nobody()


def test_participant_manager_of_another_study_and_who_may_not_manage_are_refused(
    study: Study,
) -> None:
    participant = signed_in(EnrolmentFactory(study=StudyFactory()).user)
    other = staff_client(researcher_of=StudyFactory(), researcher_of__manages=True)
    reader = staff_client(researcher_of=study, researcher_of__sees_identity=True)
    statuses = [ask(client, HARM).status_code for client in (participant, other, reader)]
    assert statuses == [403, 404, 403]
    assert not study.enrolments.exists()


def test_right_taken_away_meanwhile_saves_nothing(manager: Client, study: Study) -> None:
    fields = shown(manager, csv("ann@example.org"))
    study.researchers.update(manages=False)
    assert ask(manager, fields).status_code == 403
    assert nobody()


def test_form_of_another_origin_is_refused(study: Study, manager: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = manager.cookies
    assert ask(strict, shown(manager, csv("ann@example.org"))).status_code == 403
    assert nobody()


# --- what happens meanwhile


def test_nothing_begins_before_the_answer_is_read(manager: Client) -> None:
    ask(manager, shown(manager, csv("ann@example.org"))).close()
    assert progress.THREAD not in {thread.name for thread in threading.enumerate()}
    assert nobody()


def test_who_hangs_up_has_all_of_them_saved(manager: Client, held: Held) -> None:
    fields = shown(manager, csv(*PEOPLE[:30]))
    answer = ask(manager, fields)
    next(iter(answer))
    assert held.is_half_done.wait(30)
    answer.close()
    assert nobody()
    held.may_go_on.set()
    wait_for_the_end()
    assert Enrolment.objects.invited().count() == 30
    assert manager.post(CSV, fields).status_code == 302
    assert StaffAction.objects.count() == 1


def test_who_asks_the_plain_way_while_it_is_saved_waits_and_is_told_that_it_was(
    manager: Client, held: Held
) -> None:
    """As after a proxy hung up too early."""
    fields = shown(manager, csv(*PEOPLE[:30]))
    answer = ask(manager, fields)
    next(iter(answer))
    assert held.is_half_done.wait(30)
    threading.Timer(0.3, held.may_go_on.set).start()
    plain = manager.post(CSV, fields)
    assert plain.status_code == 302
    assert (Enrolment.objects.count(), StaffAction.objects.count()) == (30, 1)


def test_fault_that_arises_meanwhile_saves_nobody_and_is_logged_without_a_name(
    manager: Client, held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    fields = shown(manager, csv(*PEOPLE[:30]))
    held.ending = RuntimeError("Key (email)=(p1@example.org) is odd")
    held.may_go_on.set()
    with caplog.at_level(logging.ERROR):
        assert figures(ask(manager, fields))[-1][0] == "saving"
    assert [each.getMessage() for each in caplog.records] == ["saving a list failed: RuntimeError"]
    assert caplog.records[0].exc_info is None
    assert nobody()
    assert manager.post(CSV, fields).status_code == 302
    assert Enrolment.objects.count() == 30


def test_somebody_quicker_keeps_all_back_and_is_named_by_the_page(
    manager: Client, study: Study, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fields = shown(manager, csv("ann@example.org", "bob@example.org"))
    save = saving.save

    def save_later(*args: Any, **options: Any) -> Any:
        bob = Invitee(address="bob@example.org")
        services.invite(study=study, invitees=[bob], by=None, now=MONDAY)
        return save(*args, **options)

    monkeypatch.setattr(lists.saving, "save", save_later)
    assert figures(ask(manager, fields)) == [("checking", 2, 2), ("saving", 0, 2)]
    assert caplog.messages == []
    page = manager.post(CSV, fields)
    assert "Something has changed since you looked at this list." in text_of(page)
    assert not User.objects.filter(email="ann@example.org").exists()


@pytest.mark.parametrize("ending", [None, RuntimeError("odd")])
def test_its_connection_is_its_own_and_is_closed(
    manager: Client, held: Held, ending: Exception | None
) -> None:
    held.ending = ending
    held.may_go_on.set()
    assert figures(ask(manager, shown(manager, csv("ann@example.org"))))
    assert held.connection is not connections["default"]
    assert held.connection.connection is None


def test_page_that_waits_holds_no_transaction(manager: Client, held: Held) -> None:
    """It would lock itself out, on SQLite, and keep others waiting elsewhere."""
    answer = ask(manager, shown(manager, csv("ann@example.org")))
    next(iter(answer))
    assert not connections["default"].in_atomic_block
    held.may_go_on.set()
    assert lines(answer)[-1] == ENDED
