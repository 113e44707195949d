"""What the files say of mail, and of what went otherwise than planned."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from scheduling import prompts, services
from scheduling.models import Wording
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.monitoring_export import world
from tests.monitoring_export.test_files import HOUR, Tables, line_of
from tests.monitoring_export.world import (
    cut,
    of,
    picked,
    tables,
)
from tests.scheduling.lives import at, live, row, tick


def test_mails_say_what_became_of_them(lived: SimpleNamespace, tables: Tables) -> None:
    mails = {
        (line["kind"], line["week"]): picked(line, "state", "reason", "due_at_local", "attempts")
        for line in of(lived.ben, tables["prompts"])
    }

    assert mails["session", "1"] == ["sent", "", "2026-01-09T19:00:00", "1"]
    assert mails["nudge", "1"] == ["skipped", "opened", "2026-01-12T19:00:00", "0"]
    assert mails["consent_copy", "0"] == ["failed", "address_refused", "2026-01-08T19:00:00", "1"]
    assert ("session", "3") not in mails


def test_mail_that_may_have_arrived_is_unconfirmed(lived: SimpleNamespace, tables: Tables) -> None:
    line = line_of(lived.joining, tables["prompts"])

    assert picked(line, "state", "sent_at_utc", "settled_at_utc") == ["unconfirmed", "", ""]


@pytest.mark.parametrize(("minutes", "states"), [(9, []), (11, ["unconfirmed"])])
def test_mail_that_is_just_being_sent_is_left_out_for_ten_minutes(
    lived: SimpleNamespace, minutes: int, states: list[str]
) -> None:
    lately = world.CUT - timedelta(minutes=minutes)
    mail = PromptFactory(enrolment=lived.joining, copy=1, due_at=lately, next_attempt_at=lately)
    wording = Wording.objects.in_use(lived.study.pk, mail.kind)
    prompts.begin(mail, wording=wording, message_id="<lately@testserver>", now=lately)

    lines = of(lived.joining, tables(cut(lived.study))["prompts"])
    assert [line["state"] for line in lines if line["copy"] == "1"] == states


def test_each_thing_that_went_otherwise_has_its_line(
    lived: SimpleNamespace, tables: Tables
) -> None:
    found = [picked(line, "code", "deviation", "mail") for line in tables["deviations"]]

    assert found == [
        [lived.ann.code, "mail_came_back", "session"],
        [lived.ann.code, "mail_held_back", "nudge"],
        [lived.ben.code, "day_changed", "session"],
        [lived.ben.code, "mail_failed", "consent_copy"],
        [lived.ben.code, "staff_send_again", ""],
        [lived.joining.code, "mail_unconfirmed", "consent_copy"],
    ]


def test_changed_day_says_when_the_week_should_have_been(
    lived: SimpleNamespace, tables: Tables
) -> None:
    line = of(lived.ben, tables["deviations"])[0]

    assert picked(line, "week", "planned_at_local", "happened_at_local", "hours") == [
        "2",
        "2026-01-16T19:00:00",
        "2026-01-14T07:00:00",
        "-60.0",
    ]


def test_pause_puts_a_week_off(transactional_db: None) -> None:
    person = enrolled(now=MONDAY)
    live(MONDAY, at("2026-01-10 00:00"))
    services.pause(
        enrolment=person, until=at("2026-01-27 00:00").date(), now=at("2026-01-10 09:00")
    )
    live(at("2026-01-10 12:00"), at("2026-02-01 00:00"))

    [line] = [
        line
        for line in tables(cut(person.study, until=at("2026-02-02 00:00")))["deviations"]
        if line["deviation"] == "put_off"
    ]
    assert picked(line, "week", "planned_at_local", "happened_at_local", "hours") == [
        "2",
        "2026-01-15T19:00:00",
        "2026-01-29T19:00:00",
        "336.0",
    ]


def test_mail_that_went_late_or_not_at_all_is_a_deviation(transactional_db: None) -> None:
    """The sender stood still for ten days."""
    person = enrolled(now=MONDAY)
    tick(MONDAY + HOUR)
    tick(at("2026-01-16 20:00"))

    found = tables(cut(person.study, until=at("2026-01-16 21:00")))["deviations"]

    assert [picked(line, "deviation", "mail", "week", "reason", "hours") for line in found] == [
        ["mail_held_back", "nudge", "1", "no_session_mail", "121.0"],
        ["mail_late", "session", "2", "", "25.0"],
        ["mail_missed", "session", "1", "too_late", "193.0"],
    ]


def test_mail_called_spam_is_told(transactional_db: None) -> None:
    person = enrolled(now=MONDAY)
    tick(MONDAY + HOUR)
    prompts.complained(row(person, "welcome"), now=MONDAY + 2 * HOUR)

    found = tables(cut(person.study, until=MONDAY + 3 * HOUR))

    assert [line["deviation"] for line in found["deviations"]] == ["mail_called_spam"]


def test_names_in_the_words_of_staff_are_not_told(lived: SimpleNamespace, tables: Tables) -> None:
    words = {value for lines in tables.values() for line in lines for value in line.values()}

    assert [word for word in words if "Dr Who" in word or "Leeds" in word or "Ann’s" in word] == []
