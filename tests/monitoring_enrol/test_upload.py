"""A list is looked at first, and then saved: all of it, or nothing."""

import base64
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.enrol import packing
from monitoring.models import StaffAction
from participants.inviting import Invitee
from participants.models import ConsentAnswer, Enrolment, User
from scheduling import services
from scheduling.models import Prompt
from studies.models import Document, Study
from studies.services import new_version, publish_document
from tests.factories.participants import EnrolmentFactory, UserFactory, invited
from tests.factories.scheduling import MONDAY
from tests.factories.studies import StudyFactory
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv
from tests.monitoring_settings.pages import fields_of, said, send, text_of

pytestmark = pytest.mark.django_db

CSV = "/staff/calm/enrol/csv/"
TWO = csv("ann@example.org", "bob@example.org")


def look(client: Client, content: bytes = TWO, name: str = "people.csv") -> Any:
    return client.post(CSV, {"file": SimpleUploadedFile(name, content)})


def told(page: Any) -> list[tuple[str, str]]:
    return [(each.where, each.words) for each in page.context["faults"]]


def nobody() -> bool:
    """Nothing was saved at all."""
    return not (
        Enrolment.objects.exists()
        or Prompt.objects.exists()
        or StaffAction.objects.exists()
        or User.objects.filter(email__in=["ann@example.org", "bob@example.org"]).exists()
    )


def test_page_says_which_columns_there_are(manager: Client) -> None:
    page = manager.get(CSV)
    assert page.context["plain"] == "email,weekday,time,time_zone,source"
    assert page.context["whole"] == (
        "email,weekday,time,time_zone,source,consented_on,document_version,consent_taken_by,"
        "consent_read,consent_free,consent_watch,consent_data,consent_interview"
    )


def test_study_without_a_form_to_agree_to_offers_no_columns_for_it(manager: Client) -> None:
    draft = StudyFactory(slug="new", state=Study.State.DRAFT, documents=False)
    draft.researchers.create(user=_me(manager), manages=True)
    page = manager.get("/staff/new/enrol/csv/")
    assert page.context["version"] == 0
    assert "consented_on" not in text_of(page)


def _me(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_list_is_shown_first_and_nobody_is_written_to(manager: Client) -> None:
    page = look(manager)
    assert page.status_code == 200
    assert "Every line is right 2 people will be invited by email." in text_of(page)
    assert nobody()


def test_confirmed_everybody_is_invited(manager: Client, study: Study) -> None:
    confirmed = send(manager, CSV, look(manager))
    assert (confirmed.status_code, confirmed["Location"]) == (302, "/staff/calm/enrol/")
    assert said(manager.get(confirmed["Location"])) == ["2 people are invited."]

    people = Enrolment.objects.order_by("user__email")
    assert [(each.user.email, each.status) for each in people] == [
        ("ann@example.org", "invited"),
        ("bob@example.org", "invited"),
    ]
    assert Prompt.objects.filter(kind="invitation").count() == 2
    action = StaffAction.objects.get()
    assert (action.kind, action.by, action.study, action.why) == ("invite", _me(manager), study, "")
    assert (action.details["people"], action.details["list"]) == (2, True)


def test_record_of_it_names_nobody(manager: Client) -> None:
    send(manager, CSV, look(manager))
    assert "example.org" not in str(StaffAction.objects.values())


def test_what_is_wrong_is_told_by_line_and_nothing_can_be_confirmed(
    manager: Client, study: Study
) -> None:
    invited(study=study, user__email="bob@example.org")
    page = look(manager, csv("ann", "bob@example.org", "carol@example.org"))
    assert page.status_code == 200
    assert told(page) == [
        ("Line 2", "Check the address. It looks like name@example.org."),
        ("Line 3", "This person has been invited already."),
    ]
    assert "2 lines have to be put right." in text_of(page)
    assert "packed" not in fields_of(page)
    assert Enrolment.objects.count() == 1


def test_file_need_not_be_called_csv(manager: Client) -> None:
    assert "Every line is right" in text_of(look(manager, name="people"))


def test_file_that_is_broken_off_as_too_large_is_said_to_be(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where no proxy stands before the platform, which would say so itself."""
    monkeypatch.setattr("courses.uploads.handler.ELSEWHERE", 1000)

    page = look(manager, TWO + b"," * 1000)

    assert page.status_code == 200
    assert page.context["form"].errors["file"] == [
        "The file is too large for this page. Divide it, or use the command on the server."
    ]
    assert nobody()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "Choose a file."),
        (
            {"file": SimpleUploadedFile("people.csv", b"")},
            "This file is empty. Choose another one.",
        ),
        ({"file": "people.csv"}, "Choose a file."),
    ],
)
def test_without_a_file_it_asks_for_one(
    manager: Client, files: dict[str, Any], sentence: str
) -> None:
    page = manager.post(CSV, files)
    assert page.context["form"].errors == {"file": [sentence]}


def test_excel_workbook_is_no_csv(manager: Client) -> None:
    page = look(manager, b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xff\xfe", "people.xlsx")
    assert told(page) == [
        ("Line 1", "This is not in UTF-8. Save the file once more as “CSV UTF-8”.")
    ]


def test_file_too_large_for_the_page_is_said(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_PACKED", 10)
    assert told(look(manager)) == [
        (
            "The file",
            "The file is too large for this page. Divide it, or use the command on the server.",
        )
    ]


def test_many_are_said_to_take_their_time(manager: Client) -> None:
    page = look(manager, csv(*(f"p{number}@example.org" for number in range(600))))
    assert "the last about 2 minutes after the first" in text_of(page)


def test_page_shows_how_the_first_lines_were_read_and_no_more(manager: Client) -> None:
    header = "email,weekday,time,time_zone,source"
    lines = [f"p{number}@example.org,thu,7:00,Asia/Calcutta,clinic" for number in range(7)]
    text = text_of(look(manager, csv(*lines, header=header)))
    assert "2 p0@example.org Thursday, 07:00, Asia/Kolkata clinic Is asked for online" in text
    assert "p4@example.org" in text
    assert "p5@example.org" not in text


def test_foot_says_nothing_of_addresses_that_the_page_itself_shows(manager: Client) -> None:
    page = look(manager).content.decode()
    assert "never names or addresses" not in page
    assert "The addresses are those of your file." in page


def test_consent_is_shown_as_it_was_read_and_what_is_doubtful_too(manager: Client) -> None:
    page = look(manager, csv(agreed("ann@example.org", day="2006-01-02"), header=ELSEWHERE))
    text = text_of(page)
    assert "2 January 2006, version 1, with Jo Smith" in text
    assert "interview: no" in text
    assert "Look at these once more" in text
    assert "Line 2 consented_on They agreed on 2 January 2006; version 1 was published" in text
    assert "Enrol 1 person" in text


def test_addresses_that_are_code_are_shown_as_text(manager: Client) -> None:
    page = look(manager, csv('"<b>x</b>@example.org"', "=1+1@example.org")).content.decode()
    assert "<b>x</b>" not in page


# --- consent taken elsewhere


def elsewhere(manager: Client) -> Any:
    lines = [agreed("ann@example.org"), "bob@example.org,,,,,,,,"]
    return look(manager, csv(*lines, header=ELSEWHERE))


def test_who_agreed_elsewhere_is_enrolled_with_the_uploaders_word(
    manager: Client, study: Study
) -> None:
    page = elsewhere(manager)
    assert "1 person agreed elsewhere, and will be enrolled." in text_of(page)
    assert "2 January 2026, version 1" in text_of(page)
    confirmed = send(manager, CSV, page, attested="on")
    assert said(manager.get(confirmed["Location"])) == [
        "1 person is invited.",
        "1 person is enrolled with consent taken elsewhere.",
    ]
    ann = Enrolment.objects.get(user__email="ann@example.org")
    me = _me(manager)
    answers = ConsentAnswer.objects.filter(enrolment=ann).order_by("statement__position")
    assert [
        (each.statement.key, each.agreed, each.method, each.recorded_by, each.taken_by)
        for each in answers
    ] == [
        ("read", True, "elsewhere", me, "Jo Smith"),
        ("free", True, "elsewhere", me, "Jo Smith"),
        ("watch", True, "elsewhere", me, "Jo Smith"),
        ("data", True, "elsewhere", me, "Jo Smith"),
        ("interview", False, "elsewhere", me, "Jo Smith"),
    ]
    assert ann.status == "joining"
    assert list(ann.prompts.values_list("kind", flat=True)) == ["elsewhere"]

    action = StaffAction.objects.get(kind="enrol_elsewhere")
    assert action.by == me
    assert action.why == (
        "Each person who agreed elsewhere was asked the questions about who may join, and meets what they ask."
    )
    assert (action.details["people"], action.details["versions"]) == (1, [1])


def test_without_the_uploaders_word_nobody_is_enrolled_nor_invited(manager: Client) -> None:
    page = send(manager, CSV, elsewhere(manager))
    assert page.context["form"].errors == {
        "attested": ["Tick this if it is so. Else enrol nobody yet."]
    }
    assert nobody()
    confirmed = send(manager, CSV, page, attested="on")
    assert confirmed.status_code == 302
    assert Enrolment.objects.count() == 2


def test_word_is_asked_for_only_where_somebody_agreed_elsewhere(manager: Client) -> None:
    assert "attested" not in look(manager).context["form"].fields


# --- between looking and confirming


def test_somebody_invited_meanwhile_keeps_all_back_and_is_named(
    manager: Client, study: Study
) -> None:
    page = look(manager)
    bob = Invitee(address="bob@example.org")
    services.invite(study=study, invitees=[bob], by=None, now=MONDAY)
    again = send(manager, CSV, page)
    assert again.status_code == 200
    assert told(again) == [("Line 3", "This person has been invited already.")]
    assert "Something has changed since you looked at this list." in text_of(again)
    assert Enrolment.objects.count() == 1


def test_somebody_who_joined_meanwhile_is_named(manager: Client, study: Study) -> None:
    page = look(manager)
    EnrolmentFactory(study=study, user=UserFactory(email="bob@example.org"))
    assert told(send(manager, CSV, page)) == [
        ("Line 3", "This person is or was enrolled in this study already.")
    ]


def test_study_closed_meanwhile_invites_nobody(manager: Client) -> None:
    page = look(manager)
    Study.objects.update(state="closed")
    assert told(send(manager, CSV, page)) == [
        ("The file", "Nobody can join this study at the moment. Open it first.")
    ]
    assert nobody()


def test_places_taken_meanwhile_keep_those_who_agreed_back(manager: Client, study: Study) -> None:
    Study.objects.update(capacity=1)
    page = look(manager, csv(agreed("ann@example.org"), header=ELSEWHERE))
    EnrolmentFactory(study=study)
    assert told(send(manager, CSV, page, attested="on")) == [
        ("The file", "The study has room for 0 more people, and this list is longer.")
    ]


def test_version_published_meanwhile_takes_nothing_from_those_who_agreed_before(
    manager: Client, study: Study
) -> None:
    page = look(manager, csv(agreed("ann@example.org"), header=ELSEWHERE))
    second = new_version(document=Document.objects.get(study=study, kind="consent"))
    second.statements.filter(key="data").update(key="data-2", text="Other words")
    publish_document(document=second, requires_new_consent=True, now=MONDAY)
    assert send(manager, CSV, page, attested="on").status_code == 302
    versions = ConsentAnswer.objects.values_list("statement__document__version", flat=True)
    assert set(versions) == {1}


def test_button_pressed_twice_invites_once_and_says_so_twice(manager: Client) -> None:
    fields = fields_of(look(manager))
    first, second = manager.post(CSV, fields), manager.post(CSV, fields)
    assert [first.status_code, second.status_code] == [302, 302]
    assert said(manager.get("/staff/calm/enrol/")) == ["2 people are invited."] * 2
    assert (Enrolment.objects.count(), StaffAction.objects.count()) == (2, 1)


def test_right_taken_away_meanwhile_saves_nothing(manager: Client, study: Study) -> None:
    page = look(manager)
    study.researchers.update(manages=False)
    assert send(manager, CSV, page).status_code == 403
    assert nobody()


# --- what comes back with the page


@pytest.mark.parametrize(
    "packed",
    [
        "",
        "nonsense",
        "é",
        base64.urlsafe_b64encode(b"nonsense").decode(),
        packing.packed(TWO)[:-8],
        base64.urlsafe_b64encode(zlib.compress(b"x" * 20_000_002)).decode(),
    ],
    ids=["nothing", "no code", "no letters", "not packed", "cut off", "too large when unpacked"],
)
def test_what_does_not_come_back_whole_is_asked_for_again(manager: Client, packed: str) -> None:
    again = send(manager, CSV, look(manager), packed=packed)
    assert (again.status_code, again["Location"]) == (302, CSV)
    assert said(manager.get(CSV)) == ["The file did not arrive whole. Please choose it once more."]
    assert nobody()


def test_what_was_changed_on_its_way_is_checked_as_if_it_were_new(manager: Client) -> None:
    other = packing.packed(csv("carol@example.org", "dan"))
    assert told(send(manager, CSV, look(manager), packed=other)) == [
        ("Line 3", "Check the address. It looks like name@example.org.")
    ]
    assert nobody()


def test_file_is_kept_nowhere_between(manager: Client) -> None:
    from tests.services.search_everywhere import places_of

    look(manager)
    assert places_of("ann@example.org") == []


def test_fifty_thousand_fit_the_page() -> None:
    import random

    draw = random.Random(1)
    line = agreed("{}@example.org", "yes,yes,yes,yes,no")
    content = csv(
        *(line.format(f"{draw.getrandbits(80):x}") for _ in range(50_000)), header=ELSEWHERE
    )
    assert packing.unpacked(packing.packed(content)) == content
