"""What is read of a file, and everything that can be wrong with one, by line."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from monitoring.enrol.checking import Checked, check
from monitoring.enrol.faults import Fault, told
from participants.inviting import Agreed, Invitee
from participants.models import User
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, decline, invited
from tests.factories.studies import ServiceFactory
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = "email,weekday,time,time_zone"


@pytest.fixture
def checked(study: Study) -> Any:
    def checked(content: bytes, of: Study = study) -> Checked:
        return check(content, of, now=NOW)

    return checked


def said(checked: Checked) -> list[str]:
    """As the page and the command say it."""
    return [
        f"{each.where}{f', {each.column}' if each.column else ''}: {each.words}"
        for each in told(checked.faults)
    ]


def test_address_alone_is_an_invitation(checked) -> None:
    found = checked(csv("Ann@Example.org", "bob@example.org"))
    assert found.faults == []
    assert found.people == {
        2: Invitee(address="ann@example.org"),
        3: Invitee(address="bob@example.org"),
    }


def test_day_agreed_and_source_are_read(checked) -> None:
    header = "source,EMAIL , time_zone,time,weekday"
    found = checked(csv("Clinic-2,ann@example.org,asia/calcutta,7:00,thu", header=header))
    assert found.faults == []
    assert found.invited == [
        Invitee(
            address="ann@example.org",
            weekday=4,
            local_time=time(7),
            zone="Asia/Kolkata",
            source="clinic-2",
        )
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"email;source\nann@example.org;clinic\n", "semicolons"),
        (b"\xef\xbb\xbfemail,source\r\nann@example.org,clinic\r\n", "as Excel writes it"),
        (b'"email","source"\n"ann@example.org","clinic"', "quoted, without a last line break"),
        (b"email,source\rann@example.org,clinic\r", "line breaks of an old Mac"),
        (b"email,source\n  ann@example.org , clinic \n", "spaces around"),
        ("email,source\nann@example.org,\u00a0clinic\u00a0\n".encode(), "spaces that do not break"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_may_be_written_in_several_ways(checked, content: bytes, name: str) -> None:
    found = checked(content)
    assert found.faults == []
    assert found.invited == [Invitee(address="ann@example.org", source="clinic")]


def test_consent_taken_elsewhere_is_read(checked) -> None:
    found = checked(csv(agreed("ann@example.org"), header=ELSEWHERE))
    assert found.faults == []
    assert found.people == {
        2: Agreed(
            address="ann@example.org",
            agreed_on=date(2026, 1, 2),
            version=1,
            taken_by="Jo Smith",
            answers={"read": True, "free": True, "watch": True, "data": True, "interview": False},
        )
    }


def test_one_file_may_hold_both(checked) -> None:
    found = checked(csv(agreed("ann@example.org"), "bob@example.org,,,,,,,,", header=ELSEWHERE))
    assert found.faults == []
    assert [each.address for each in found.agreed] == ["ann@example.org"]
    assert found.invited == [Invitee(address="bob@example.org")]


def test_service_takes_the_acknowledgement_of_its_notice(checked) -> None:
    header = "email,consented_on,document_version,consent_taken_by,consent_privacy"
    found = checked(csv("ann@example.org,2026-01-02,1,Jo,yes", header=header), ServiceFactory())
    assert found.faults == []
    assert found.agreed[0].answers == {"privacy": True}


def test_blank_lines_are_passed_over_and_counted(checked) -> None:
    found = checked(b"\n\nemail,source\n\nann@example.org,\n,\n   \nbob@example.org,\n\n")
    assert found.faults == []
    assert (list(found.people), found.rows, found.blank) == ([5, 8], 2, 6)


def test_line_is_where_a_row_begins_though_a_cell_goes_over_several(checked) -> None:
    header = ELSEWHERE.replace("email,", "email,")
    long = agreed("ann@example.org").replace("Jo Smith", '"Jo\nSmith"')
    assert said(checked(csv(long, "nobody", header=header))) == [
        "Line 4: Cells in this line: 1. In the header: 9."
    ]


# --- the whole file


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "The file: The file is empty."),
        (b"\n \n", "The file: The file is empty."),
        (b"email\n", "The file: The file has a header, and no people below it."),
        (
            "email\nann@example.org\nbj\u00f6rn@example.org\n".encode("latin-1"),
            "Line 3: This is not in UTF-8. Save the file once more as “CSV UTF-8”.",
        ),
        (
            "email\nann@example.org\n".encode("utf-16"),
            "The file: This is not in UTF-8. Save the file once more as “CSV UTF-8”.",
        ),
        (
            b"email\nann@example.org\0\n",
            "Line 2: Something here is no text. Save the file as “CSV UTF-8”.",
        ),
        (b"x" * 20_000_001, "The file: The file is larger than 20 MB. Divide it."),
        (
            b'email\nann@example.org\n"bob@example.org\ncarol@example.org\n',
            "Line 3: From here on the quotation marks do not match, so the rest cannot be read.",
        ),
        (
            b'email\n"ann"@example.org\nbob@example.org\n',
            "Line 2: From here on the quotation marks do not match, so the rest cannot be read.",
        ),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff", None),
    ],
    ids=lambda value: None if isinstance(value, bytes) else "",
)
def test_file_that_cannot_be_read_says_why(checked, content: bytes, expected: str | None) -> None:
    found = checked(content)
    assert len(said(found)) == 1
    assert expected in {None, said(found)[0]}
    assert found.people == {} or b"ann" in content


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("address", ["Line 1, address: There is no such column. Take it out, or correct its name.",
                     "Line 1, email: This column is missing."]),
        ("ann@example.org", ["Line 1: The first line must name the columns. This one is a person’s."]),
        ("email,phone", ["Line 1, phone: There is no such column. Take it out, or correct its name."]),
        ("email,Email", ["Line 1, email: This column is there more than once."]),
        ("email,,source", ["Line 1: A column has no name."]),
        ("email,weekday,time",
         ["Line 1, time_zone: The day agreed with a person needs weekday, time and time_zone."]),
        ("email,consented_on", [
            "Line 1, consent_taken_by: Consent taken elsewhere needs this column too.",
            "Line 1, document_version: Consent taken elsewhere needs this column too."]),
        ("email,consent_read", [
            "Line 1, consent_taken_by: Consent taken elsewhere needs this column too.",
            "Line 1, consented_on: Consent taken elsewhere needs this column too.",
            "Line 1, document_version: Consent taken elsewhere needs this column too."]),
        (ELSEWHERE + ",consent_nothing", [
            "Line 1, consent_nothing: There is no such column. Take it out, or correct its name."]),
    ],
)  # fmt: skip
def test_header_says_what_it_lacks_and_has_too_many_of(
    checked, header: str, expected: list[str]
) -> None:
    found = checked(csv("whoever", header=header))
    assert said(found) == expected
    assert found.people == {}


# --- one line


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("ann,,,", "email: Check the address. It looks like name@example.org."),
        (",Monday,19:00,Europe/London", "email: The address is missing."),
        ("a@b@example.org,,,", "email: Check the address. It looks like name@example.org."),
        (f"{'x' * 60}@{('y' * 60 + '.') * 3}{'z' * 20}.org,,,", "email: That address is too long. Check it, or use another one."),
        ("björn@example.org,,,",
         "email: Our emails cannot reach an address with letters like é or ü before the @. "
         "Please use another address."),
        ("ann@example.org,Thorsday,19:00,Europe/London",
         "weekday: “Thorsday” is no day of the week. Write it like Thursday or Thu."),
        ("ann@example.org,4,19:00,Europe/London",
         "weekday: “4” is no day of the week. Write it like Thursday or Thu."),
        ("ann@example.org,Monday,25:00,Europe/London",
         "time: “25:00” is none of the hours people choose from: 06:00 to 22:00."),
        ("ann@example.org,Monday,19:30,Europe/London",
         "time: “19:30” is none of the hours people choose from: 06:00 to 22:00."),
        ("ann@example.org,Monday,7 pm,Europe/London",
         "time: “7 pm” is none of the hours people choose from: 06:00 to 22:00."),
        ("ann@example.org,Monday,١٩:٠٠,Europe/London",
         "time: “١٩:٠٠” is none of the hours people choose from: 06:00 to 22:00."),
        ("ann@example.org,ann@example.org,19:00,Europe/London",
         "weekday: “…” is no day of the week. Write it like Thursday or Thu."),
        ("ann@example.org,Monday,05:00,Europe/London",
         "time: “05:00” is none of the hours people choose from: 06:00 to 22:00."),
        ("ann@example.org,Monday,19:00,London",
         "time_zone: “London” is no time zone. Write it like Europe/London."),
        ("ann@example.org,Monday,19:00,",
         "time_zone: The day agreed with a person needs weekday, time and time_zone."),
    ],
)  # fmt: skip
def test_cell_that_is_wrong_is_named(checked, cells: str, expected: str) -> None:
    assert said(checked(csv(cells, header=DAY))) == [f"Line 2, {expected}"]


@pytest.mark.parametrize("source", ["!!!", "x" * 51, "Ann Smith", "Dr. Müller", "-a"])
def test_source_is_a_short_word(checked, source: str) -> None:
    assert said(checked(csv(f"ann@example.org,{source}", header="email,source"))) == [
        "Line 2, source: A source is a short word, such as clinic or leaflet-2."
    ]


@pytest.mark.parametrize(("people", "is_wrong"), [(10, False), (11, True)])
def test_sources_that_tell_who_somebody_is_are_refused(
    checked, people: int, is_wrong: bool
) -> None:
    lines = [f"p{number}@example.org,ward-{number}" for number in range(people)]
    words = "Most people have a source of their own. It says where they heard of the study."
    found = said(checked(csv(*lines, header="email,source")))
    assert found == ([f"The file, source: {words}"] if is_wrong else [])


def test_sources_of_many_people_each_are_right(checked) -> None:
    lines = [f"p{number}@example.org,Ward-{number % 10}" for number in range(20)]
    found = checked(csv(*lines, header="email,source"))
    assert said(found) == []
    assert {each.source for each in found.invited} == {f"ward-{number}" for number in range(10)}


def test_line_with_too_few_or_many_cells_is_named(checked) -> None:
    found = checked(csv("ann@example.org", "bob@example.org,x,y", header="email,source"))
    assert said(found) == [
        "Line 2: Cells in this line: 1. In the header: 2.",
        "Line 3: Cells in this line: 3. In the header: 2.",
    ]


def test_cell_that_nobody_could_hold_is_named(checked) -> None:
    assert said(checked(csv("x" * 140_000))) == [
        "Line 2: A cell is too long here, so the rest cannot be read."
    ]


# --- who can be invited


def test_same_person_twice_is_named_with_the_first_line(checked) -> None:
    found = checked(csv("ann@example.org", "bob@example.org", "ANN@example.org"))
    assert said(found) == ["Line 4, email: The same person as in line 2."]


def test_each_who_cannot_be_invited_is_named_by_line_and_never_by_address(checked, study) -> None:
    invited(study=study, user__email="invited@example.org")
    EnrolmentFactory(study=study, user__email="enrolled@example.org")
    decline(enrolment=invited(user__email="declined@example.org"), now=NOW)
    EnrolmentFactory(user__email="elsewhere@example.org")
    names = ["invited", "enrolled", "declined", "elsewhere", "new"]
    found = checked(csv(*(f"{name}@example.org" for name in names)))
    assert said(found) == [
        "Line 2, email: This person has been invited already.",
        "Line 3, email: This person is or was enrolled in this study already.",
        "Line 4, email: This person asked not to be invited.",
    ]


def test_everything_wrong_with_a_line_is_said_at_once(checked, study) -> None:
    invited(study=study, user__email="ann@example.org")
    line = "ann@example.org,Thorsday,5,Nowhere"
    assert said(checked(csv(line, header=DAY))) == [
        "Line 2, email: This person has been invited already.",
        "Line 2, time: “5” is none of the hours people choose from: 06:00 to 22:00.",
        "Line 2, time_zone: “Nowhere” is no time zone. Write it like Europe/London.",
        "Line 2, weekday: “Thorsday” is no day of the week. Write it like Thursday or Thu.",
    ]


def test_study_that_takes_nobody_says_so_once(checked, study) -> None:
    Study.objects.update(state="closed")
    assert said(checked(csv("ann@example.org", "bob@example.org"), Study.objects.get())) == [
        "The file: Nobody can join this study at the moment. Open it first."
    ]


def test_list_of_those_who_agreed_needs_places_and_invitations_one(checked, study) -> None:
    study.capacity = 1
    study.save()
    two = [agreed("ann@example.org"), agreed("bob@example.org")]
    assert said(checked(csv(*two, header=ELSEWHERE))) == [
        "The file: The study has room for 1 more person, and this list is longer."
    ]
    assert said(checked(csv("ann@example.org", "bob@example.org"))) == []
    EnrolmentFactory(study=study)
    assert said(checked(csv("ann@example.org", "bob@example.org"))) == [
        "The file: No place is left for whoever is invited. Make room in the settings first."
    ]


def test_place_that_the_list_itself_fills_is_left_for_nobody_it_invites(checked, study) -> None:
    study.capacity = 1
    study.save()
    both = [agreed("ann@example.org"), "bob@example.org,,,,,,,,"]
    assert said(checked(csv(*both, header=ELSEWHERE))) == [
        "The file: No place is left for whoever is invited. Make room in the settings first."
    ]
    assert said(checked(csv(both[0], header=ELSEWHERE))) == []


def test_checking_saves_nothing(checked) -> None:
    checked(csv("ann@example.org", agreed("bob@example.org")))
    assert not User.objects.exists()


def test_three_bad_lines_in_fifty_thousand_are_the_ones_named(checked) -> None:
    lines = [f"person{number}@example.org" for number in range(50_000)]
    lines[10], lines[25_000], lines[49_999] = "ann", "person5@example.org", "bob@"
    assert said(checked(csv(*lines))) == [
        "Line 12, email: Check the address. It looks like name@example.org.",
        "Line 25002, email: The same person as in line 7.",
        "Line 50001, email: Check the address. It looks like name@example.org.",
    ]


def test_what_is_wrong_with_many_lines_in_a_row_is_said_once() -> None:
    faults = [Fault(line, "email", "Wrong.") for line in (2, 3, 4, 9)]
    faults += [Fault(3, "time", "Late."), Fault(4, "time", "Late.")]
    assert [(each.where, each.column) for each in told(faults)] == [
        ("Lines 2 to 4", "email"),
        ("Lines 3 to 4", "time"),
        ("Line 9", "email"),
    ]


def test_too_many_rows_are_refused(checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.enrol.reading.MOST_ROWS", 2)
    found = checked(csv("a@example.org", "b@example.org", "c@example.org"))
    assert said(found) == ["The file: The file has over 100,000 rows. Divide it."]
