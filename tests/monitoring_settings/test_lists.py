"""Who may join, and the arms: saved together, kept apart from what people were counted by."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from studies.models import Arm, ScreeningTally, Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import LONG_AGO, ServiceFactory
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import fields_of, queries_of, row, said, send, text_of

pytestmark = pytest.mark.django_db

ELIGIBILITY = "/staff/calm/settings/eligibility/"
ARMS = "/staff/calm/settings/arms/"


def keys(study: Study) -> list[str]:
    return list(study.criteria.order_by("position").values_list("key", flat=True))


def press(client: Client, address: str, do: str, page: Any = None, **changes: Any) -> Any:
    return send(client, address, page, do=do, **changes)


# Criteria


def test_questions_stand_as_they_are_saved(study: Study, manager: Client) -> None:
    page = manager.get(ELIGIBILITY)
    fields = fields_of(page)
    assert fields["row"] == ["1", "2", "3"]
    assert [fields[f"row-{n}-key"] for n in (1, 2, 3)] == [["adult"], ["internet"], ["english"]]
    assert (fields["row-1-admits_yes"], fields["row-1-way_out"]) == (["True"], ["young"])


def test_questions_are_moved_removed_and_added_and_saved_at_the_end(
    study: Study, manager: Client
) -> None:
    page = press(manager, ELIGIBILITY, "up-3")
    page = press(manager, ELIGIBILITY, "remove-1", page)
    page = press(manager, ELIGIBILITY, "add", page)
    assert "Not saved yet" in text_of(page)
    assert keys(study) == ["adult", "internet", "english"]
    assert fields_of(page)["row"] == ["3", "2", "4"]
    new = row(
        4,
        question="Do you live in the UK?",
        key="uk",
        admits_yes="False",
        declined_text="This study is for others.",
    )
    response = press(manager, ELIGIBILITY, "save", page, **new, why="As the committee asked")
    assert said(manager.get(response["Location"])) == ["Saved."]
    assert keys(study) == ["english", "internet", "uk"]
    uk = study.criteria.get(key="uk")
    assert (uk.question, uk.admits_yes, uk.yes_label, uk.way_out, uk.position) == (
        "Do you live in the UK?",
        False,
        "Yes",
        "general",
        3,
    )
    action = StaffAction.objects.get()
    assert (action.kind, action.why) == ("settings", "As the committee asked")
    assert action.details == {
        "section": "eligibility",
        "added": ["uk"],
        "removed": ["adult"],
        "changed": {},
        "order": ["english", "internet", "uk"],
    }


def test_changed_question_is_on_record_by_its_key_and_fields(study: Study, manager: Client) -> None:
    send(manager, ELIGIBILITY, **row(1, question="Are you 18?", admits_yes="False"))
    assert StaffAction.objects.get().details["changed"] == {
        "adult": {
            "admits_yes": [True, False],
            "question": ["Is adult true of you?", "Are you 18?"],
        }
    }


def test_words_with_an_address_are_changed_and_not_kept(study: Study, manager: Client) -> None:
    send(manager, ELIGIBILITY, **row(1, declined_text="Write to ann@example.org"))
    assert StaffAction.objects.get().details["changed"] == {"adult": {"declined_text": []}}


def test_page_sent_as_it_was_changes_nothing(study: Study, manager: Client) -> None:
    study.criteria.filter(key="adult").update(why="One line\nand another")
    before = list(study.criteria.values())
    response = send(manager, ELIGIBILITY)
    assert said(manager.get(response["Location"])) == ["Nothing was changed."]
    assert list(study.criteria.values()) == before
    assert not StaffAction.objects.exists()


def test_every_problem_is_said_beside_its_field_and_nothing_is_saved(
    study: Study, manager: Client
) -> None:
    page = send(
        manager,
        ELIGIBILITY,
        **row(1, question="", yes_label=""),
        **row(2, key="two words", declined_text=" "),
        **row(3, key="adult", admits_yes=None),
    )
    assert page.context["form"].errors == {
        "row-1-question": ["Write the question, or remove the row."],
        "row-1-yes_label": ["Write the words for yes."],
        "row-2-key": ["Use letters, digits, hyphens and underscores for a key, such as interview."],
        "row-2-declined_text": ["Write a kind sentence for who cannot join."],
        "row-3-key": ["Another row has this key. Each needs its own."],
        "row-3-admits_yes": ["Choose the answer that lets a person in."],
    }
    html = page.content.decode()
    assert html.count("Write the words for yes.") == 2
    assert html.count('<details class="fold up-6" open>') == 1  # what is folded away is opened
    assert fields_of(page)["row-2-key"] == ["two words"]
    assert study.criteria.get(key="internet").question == "Is internet true of you?"


def test_open_study_keeps_a_question_and_a_draft_may_have_none(
    study: Study, draft_study: Study, manager: Client
) -> None:
    page = manager.get(ELIGIBILITY)
    for n in (1, 2, 3):
        page = press(manager, ELIGIBILITY, f"remove-{n}", page)
    page = press(manager, ELIGIBILITY, "save", page)
    assert "A study that has opened says who may join. Keep one question." in text_of(page)
    assert len(keys(study)) == 3
    client = managing(draft_study)
    quiet = "/staff/quiet/settings/eligibility/"
    assert send(client, quiet, row=None).status_code == 302
    assert keys(draft_study) == []


def test_service_may_ask_nothing(study: Study) -> None:
    service = ServiceFactory(slug="course")
    client = managing(service)
    address = "/staff/course/settings/eligibility/"
    page = press(client, address, "add")
    fields = row(1, question="Are you 18?", key="adult", declined_text="For adults.")
    assert press(client, address, "save", page, **fields).status_code == 302
    assert keys(service) == ["adult"]
    assert send(client, address, row=None).status_code == 302
    assert keys(service) == []


def test_counts_made_so_far_stay(study: Study, manager: Client) -> None:
    ScreeningTally.objects.create(study=study, day=date(2026, 5, 4), unmet="adult", count=3)
    send(manager, ELIGIBILITY, **row(1, key="grown"))
    assert list(ScreeningTally.objects.values_list("unmet", "count")) == [("adult", 3)]


def test_page_says_whom_a_change_reaches(study: Study, manager: Client) -> None:
    EnrolmentFactory(study=study)
    words = text_of(manager.get(ELIGIBILITY))
    assert "1 person takes part, and is asked nothing again." in words
    assert "Ask your ethics committee" in words


def test_the_second_of_two_is_told_and_loses_nothing(study: Study, manager: Client) -> None:
    other = managing(study)
    mine, theirs = manager.get(ELIGIBILITY), other.get(ELIGIBILITY)
    send(other, ELIGIBILITY, theirs, **row(1, question="Theirs?"))
    moved = press(manager, ELIGIBILITY, "down-1", mine, **row(1, question="Mine?"))
    page = press(manager, ELIGIBILITY, "save", moved)
    assert study.criteria.get(key="adult").question == "Theirs?"
    words = text_of(page)
    assert "Somebody saved this while you were writing." in words
    assert "Saved now: adult Theirs?" in words
    assert fields_of(page)["row"] == ["2", "1", "3"]
    assert fields_of(page)["row-1-question"] == ["Mine?"]
    assert press(manager, ELIGIBILITY, "save", page).status_code == 302
    assert study.criteria.get(key="adult").question == "Mine?"
    assert keys(study) == ["internet", "adult", "english"]


def test_rows_that_no_page_sends_are_refused(study: Study, manager: Client) -> None:
    assert send(manager, ELIGIBILITY, row=["1", "1", "2"]).status_code == 400
    assert keys(study) == ["adult", "internet", "english"]


def test_longest_list_is_saved(study: Study, manager: Client) -> None:
    page = manager.get(ELIGIBILITY)
    for _ in range(37):
        page = press(manager, ELIGIBILITY, "add", page)
    assert 'value="add"' not in page.content.decode()
    fields: dict[str, Any] = {}
    for n in range(4, 41):
        fields |= row(n, question=f"Question {n}?", key=f"q{n}", declined_text="No.")
    assert press(manager, ELIGIBILITY, "save", page, **fields).status_code == 302
    assert len(keys(study)) == 40


# Arms


def test_arms_are_written_and_renamed(study: Study, manager: Client) -> None:
    page = press(manager, ARMS, "add")
    page = press(manager, ARMS, "add", page, **row(1, name="Guided", key="guided"))
    page = press(manager, ARMS, "save", page, **row(2, name="Waiting", key="waiting"))
    assert dict(study.arms.values_list("key", "name")) == {
        "guided": "Guided",
        "waiting": "Waiting",
    }
    send(manager, ARMS, **row(1, name="With a guide"))
    assert study.arms.get(key="guided").name == "With a guide"
    assert [each.details["added"] for each in StaffAction.objects.order_by("pk")] == [
        ["guided", "waiting"],
        [],
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("Waiting", "Guided"), ("Other", "other"), ("Waiting", "Other")]
)
def test_no_name_says_two_arms_or_becomes_another_arms(
    study: Study, manager: Client, first: str, second: str
) -> None:
    for key in ("guided", "waiting"):
        Arm.objects.create(study=study, key=key, name=key.title())
    page = send(manager, ARMS, **row(1, name=first), **row(2, name=second))
    assert "another arm’s name" in text_of(page)
    assert list(study.arms.order_by("key").values_list("name", flat=True)) == ["Guided", "Waiting"]


def test_arm_with_people_keeps_its_key_and_stays(study: Study, manager: Client) -> None:
    guided = Arm.objects.create(study=study, key="guided", name="Guided")
    Arm.objects.create(study=study, key="waiting", name="Waiting")
    EnrolmentFactory(study=study, arm=guided, allocated_at=LONG_AGO)
    sentence = "People are in the arm “guided”. It keeps its key, and cannot be removed."
    for page in (
        send(manager, ARMS, row=["2"]),
        send(manager, ARMS, **row(1, key="other"), **row(2, name="Changed")),
    ):
        assert page.context["problem"] == sentence
        assert sentence in text_of(page)
    assert dict(study.arms.values_list("key", "name")) == {
        "guided": "Guided",
        "waiting": "Waiting",
    }
    assert send(manager, ARMS, row=["1"]).status_code == 302
    assert list(study.arms.values_list("key", flat=True)) == ["guided"]
    assert not StaffAction.objects.filter(details__section="arms").exclude(
        details__removed=["waiting"]
    )


def test_only_research_has_arms() -> None:
    service = ServiceFactory(slug="course")
    client = managing(service)
    for response in (
        client.get("/staff/course/settings/arms/"),
        client.post("/staff/course/settings/arms/", {"row": "1", "row-1-key": "a"}),
    ):
        assert response.status_code == 404


def test_the_second_of_two_learns_of_arms_that_went(study: Study, manager: Client) -> None:
    Arm.objects.create(study=study, key="guided", name="Guided")
    mine = manager.get(ARMS)
    send(managing(study), ARMS, row=None)
    page = send(manager, ARMS, mine, **row(1, name="Mine"))
    assert "Saved now No arms" in text_of(page)
    assert not study.arms.exists()


@pytest.mark.parametrize("address", [ELIGIBILITY, ARMS])
def test_queries_do_not_grow_with_rows_or_people(
    study: Study, manager: Client, address: str
) -> None:
    few = queries_of(manager, address)
    for n in range(6):
        Arm.objects.create(study=study, key=f"arm-{n}", name="Arm")
        EnrolmentFactory(study=study)
    assert queries_of(manager, address) == few
