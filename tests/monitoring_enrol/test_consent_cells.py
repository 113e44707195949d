"""Consent taken elsewhere, cell by cell: the day, the version, who took it, and each answer."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitoring.enrol.checking import Checked, check
from monitoring.enrol.faults import told
from studies.models import Study
from studies.services import new_version, publish_document
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def checked(study: Study) -> Any:
    def checked(*lines: str, header: str = ELSEWHERE) -> Checked:
        return check(csv(*lines, header=header), study, now=NOW)

    return checked


def said(checked: Checked) -> list[str]:
    """As the page and the command say it."""
    return [
        f"{each.where}{f', {each.column}' if each.column else ''}: {each.words}"
        for each in told(checked.faults)
    ]


def test_cell_that_goes_on_for_ever_is_named(checked) -> None:
    long = agreed("ann@example.org").replace("Jo Smith", "x" * 1001)
    assert said(checked(long)) == [
        "Line 2, consent_taken_by: Say who took the consent in no more than 200 letters.",
        "Line 2, consent_taken_by: This is too long.",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (agreed("ann@example.org", day="25/10/25"),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day="31/02/2025"),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day="25/10.2025"),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day="25/10/2026"),
         ["Line 2, consented_on: 25 October 2026, when they agreed, is still to come."]),
        (agreed("ann@example.org", day="2026-02-30"),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day="0026-01-02"),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day="2025-W43-7"),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day=""),
         ["Line 2, consented_on: Write the day on which they agreed like 2026-10-25."]),
        (agreed("ann@example.org", day="2026-01-06"),
         ["Line 2, consented_on: 6 January 2026, when they agreed, is still to come."]),
        (agreed("ann@example.org").replace(",1,", ",1.0,"),
         ["Line 2, document_version: Write the number of the version that they agreed to, such as 2. "
          "What they agreed to is looked at once this is right."]),
        (agreed("ann@example.org").replace(",1,", ",7,"),
         ["Line 2, document_version: No version 7 was published. There is: 1. "
          "What they agreed to is looked at once this is right."]),
        (agreed("ann@example.org").replace("Jo Smith", ""),
         ["Line 2, consent_taken_by: Say who took the consent."]),
        (agreed("ann@example.org", "yes,yes,maybe,yes,1"),
         ["Line 2, consent_interview: Write yes or no.", "Line 2, consent_watch: Write yes or no."]),
        (agreed("ann@example.org", "yes,no,yes,yes,no"),
         ["Line 2, consent_free: They did not agree to “free”, without which nobody takes part."]),
        (agreed("ann@example.org", "yes,yes,yes,yes,"),
         ["Line 2, consent_interview: Version 1 has a statement “interview”. Say whether they agreed to it."]),
    ],
)  # fmt: skip
def test_consent_that_is_not_whole_is_named(checked, line: str, expected: list[str]) -> None:
    assert said(checked(line)) == expected


def test_consent_older_than_what_it_was_given_to_is_to_be_looked_at_once_more(checked) -> None:
    older = agreed("ann@example.org", day="2006-01-02")
    found = checked(older, agreed("bob@example.org"))
    assert (len(found.people), said(found)) == (2, [])
    assert [(each.line, each.words) for each in found.doubts] == [
        (2, "They agreed on 2 January 2006; version 1 was published here on 6 January 2020.")
    ]


def test_version_of_the_row_decides_which_statements_it_answers(checked, study) -> None:
    second = new_version(document=study.documents.get(kind="consent"))
    second.statements.filter(key="interview").update(key="later")
    publish_document(document=second, now=NOW)
    header = f"{ELSEWHERE},consent_later"
    first, other = agreed("ann@example.org"), agreed("bob@example.org", "yes,yes,yes,yes,")
    lines = [f"{first},", other.replace(",1,", ",2,") + ",yes", f"{first},no".replace("ann", "cat")]
    assert said(checked(*lines, header=header)) == [
        "Line 4, consent_later: Version 1 has no statement “later”."
    ]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-10-25", date(2025, 10, 25)),
        ("2025-04-03", date(2025, 4, 3)),
        ("25/10/2025", date(2025, 10, 25)),
        ("20.11.2025", date(2025, 11, 20)),
        ("25-10-2025", date(2025, 10, 25)),
        ("10/25/2025", date(2025, 10, 25)),
        ("13/1/2025", date(2025, 1, 13)),
        ("05/05/2025", date(2025, 5, 5)),
    ],
)
def test_day_that_can_be_no_other_is_read_as_a_spreadsheet_writes_it(
    checked, cell: str, day: date
) -> None:
    found = checked(agreed("ann@example.org", day=cell))
    assert (said(found), [each.agreed_on for each in found.agreed]) == ([], [day])


@pytest.mark.parametrize("cell", ["03/04/2025", "3.4.2025", "3-4-2025", "12/01/2025"])
def test_day_that_can_be_two_is_not_guessed(checked, cell: str) -> None:
    found = checked(agreed("ann@example.org", day=cell))
    assert said(found) == [
        "Line 2, consented_on: This can be two days, since the day or the month may come first. "
        "Write it like 2026-10-25; in a spreadsheet, format the column as text before you do."
    ]
    assert found.people == {}


def test_all_that_is_wrong_with_a_line_is_said_at_once(checked) -> None:
    line = agreed("ann", "ja,no,,yes,no", day="2026-01-06").replace("Jo Smith", "")
    assert said(checked(line)) == [
        "Line 2, consent_free: They did not agree to “free”, without which nobody takes part.",
        "Line 2, consent_read: Write yes or no.",
        "Line 2, consent_taken_by: Say who took the consent.",
        "Line 2, consent_watch: Version 1 has a statement “watch”. Say whether they agreed to it.",
        "Line 2, consented_on: 6 January 2026, when they agreed, is still to come.",
        "Line 2, email: Check the address. It looks like name@example.org.",
    ]
