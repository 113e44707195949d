"""Another address, for those who may see who people are."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from participants.models import Enrolment, User
from scheduling.models import Prompt, Wording
from studies.models import Study
from tests.factories.participants import (
    EnrolmentFactory,
    InvitationFactory,
    UserFactory,
    invited,
)
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, with_second_step
from tests.monitoring_people.acting import do, recorded, said, see, told, was_done
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import holding
from tests.scheduling.lives import tick

pytestmark = pytest.mark.django_db

NEW = {"email": "New@Example.org", "again": "new@example.org"}


@pytest.fixture
def keeper(study: Study) -> Client:
    return holding(study, "manages", "sees_identity")


@pytest.fixture
def person(study: Study) -> Enrolment:
    return enrolled(study=study, user__email="old@example.org")


def address_of(person: Enrolment) -> str:
    return User.objects.get(enrolments=person).email


def test_what_follows_is_shown_without_the_address_of_now(
    keeper: Client, person: Enrolment
) -> None:
    page = see(keeper, person, "address")
    assert "Links in earlier mails stop working" in said(page)
    assert "An email to the former address says that it was changed, and not to what." in said(page)
    assert "old@example.org" not in page.content.decode()


@pytest.mark.parametrize("has_day", [True, False])
def test_who_was_entered_and_has_no_day_needs_the_first_mail_once_more(
    study: Study, keeper: Client, has_day: bool
) -> None:
    person = (enrolled if has_day else EnrolmentFactory)(study=study)
    InvitationFactory(enrolment=person, invited_at=MONDAY, joined_at=MONDAY)
    words = "The mail that asks them to choose a day is for you to send again."
    assert (words in said(see(keeper, person, "address"))) is not has_day


def test_address_is_changed_and_the_former_one_hears_of_it(
    keeper: Client, person: Enrolment, mailoutbox: list
) -> None:
    theirs = signed_in(person.user)
    version = person.link_version
    assert was_done(do(keeper, person, "address", **NEW), person)

    person.refresh_from_db()
    assert (address_of(person), person.link_version) == ("new@example.org", version + 1)
    assert theirs.get("/home/").status_code == 302
    [notice] = mailoutbox
    assert (notice.to, notice.subject) == (["old@example.org"], "Your address was changed")
    assert "Someone asked the research team to write to another address" in notice.body
    assert "new@example.org" not in str(notice.message()).lower()
    assert recorded(person) == [("change_address", "They rang", {"mail_came_back": False})]
    assert told(keeper, person) == ["The address is changed. All mail goes there from now on."]


def test_address_is_shown_once_more_before_it_is_changed(
    keeper: Client, person: Enrolment, mailoutbox: list
) -> None:
    seen = do(keeper, person, "address", email="Nwe@example.org")
    assert "Read it once more, letter by letter: nwe@example.org" in said(seen)
    assert 'name="again" value="nwe@example.org"' in seen.content.decode()
    assert (address_of(person), recorded(person), mailoutbox) == ("old@example.org", [], [])

    mended = do(keeper, person, "address", email="new@example.org", again="nwe@example.org")
    assert "letter by letter: new@example.org" in said(mended)
    assert (address_of(person), recorded(person)) == ("old@example.org", [])
    assert was_done(do(keeper, person, "address", mended, **NEW), person)
    assert address_of(person) == "new@example.org"


def test_neither_address_is_on_record(keeper: Client, person: Enrolment) -> None:
    do(keeper, person, "address", **NEW)
    everything = str(recorded(person)) + keeper.get("/staff/calm/record/").content.decode()
    assert "old@example.org" not in everything
    assert "new@example.org" not in everything


def test_mail_that_came_back_goes_to_the_new_address(
    keeper: Client, person: Enrolment, mailoutbox: list
) -> None:
    """What is owed is written once more."""
    wording = Wording.objects.in_use(person.study_id, "consent_copy")
    PromptFactory(
        enrolment=person, sent=True, due_at=NOW - timedelta(days=1), bounced_at=NOW, wording=wording
    )
    User.objects.filter(pk=person.user_id).update(address_failed_at=NOW)
    do(keeper, person, "address", **NEW)
    assert recorded(person)[0][2] == {"mail_came_back": True}
    assert User.objects.get(enrolments=person).address_failed_at is None
    tick(NOW + timedelta(minutes=1))
    copies = [mail.to for mail in mailoutbox if "copy" in mail.subject.lower()]
    assert copies == [["new@example.org"]]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "Type your email address."),
        ("ann", "Check the address. It looks like name@example.org."),
        ("ann@", "Check the address. It looks like name@example.org."),
        ("änn@example.org", "Our emails cannot reach an address with letters like é or ü"),
        ("a" * 250 + "@example.org", "That address is too long."),
        # As long as a mailbox may be, and longer than an account keeps.
        (f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.org", "That address is too long."),
        ("ann@example.org\x00", "Something in this is no text."),
    ],
)
def test_address_that_is_none_is_refused_beside_its_field(
    keeper: Client, person: Enrolment, email: str, sentence: str
) -> None:
    assert sentence in said(do(keeper, person, "address", email=email))
    assert (address_of(person), recorded(person)) == ("old@example.org", [])


@pytest.mark.parametrize("email", ["taken@example.org", "OLD@example.org"])
def test_address_in_use_is_refused_in_the_same_words_whose_ever_it_is(
    keeper: Client, person: Enrolment, email: str, mailoutbox: list
) -> None:
    UserFactory(email="taken@example.org")
    response = do(keeper, person, "address", email=email, again=email.lower())
    assert [str(message) for message in response.context["messages"]] == [
        "We could not use this address. Check it, or use another one."
    ]
    assert (address_of(person), recorded(person), mailoutbox) == ("old@example.org", [], [])


def test_nobody_gets_into_the_account_of_a_colleague(
    study: Study, keeper: Client, mailoutbox: list
) -> None:
    """Who works here moves their own; that they do is not said."""
    colleagues = [
        UserFactory(researcher_of=StudyFactory()),
        UserFactory(staff=True),
        UserFactory(superuser=True),
    ]
    for colleague in colleagues:
        person = EnrolmentFactory(study=study, user=colleague)
        before = colleague.email
        response = do(keeper, person, "address", **NEW)
        [message] = response.context["messages"]
        assert str(message).startswith("Their address cannot be changed here.")
        assert (address_of(person), recorded(person)) == (before, [])
    assert mailoutbox == []


def test_nobody_gets_into_a_study_that_is_not_theirs(study: Study) -> None:
    """The account opens both; it can be moved by who manages both, and may look in both."""
    other = StudyFactory(slug="warm")
    person = enrolled(study=study, user__email="old@example.org")
    EnrolmentFactory(study=other, user=person.user)
    keeper = with_second_step(UserFactory(researcher_of=study))
    keeper.studies_researched.update(manages=True, sees_identity=True)
    client = signed_in(keeper)
    do(client, person, "address", **NEW)
    assert address_of(person) == "old@example.org"

    other.researchers.create(user=keeper, manages=True)
    do(client, person, "address", **NEW)
    assert address_of(person) == "old@example.org"

    other.researchers.filter(user=keeper).update(sees_identity=True)
    assert was_done(do(client, person, "address", **NEW), person)
    assert address_of(person) == "new@example.org"


def test_address_that_was_changed_meanwhile_is_looked_at_again(
    keeper: Client, person: Enrolment, mailoutbox: list
) -> None:
    page = see(keeper, person, "address")
    Enrolment.objects.filter(pk=person.pk).update(link_version=7)
    assert not was_done(do(keeper, person, "address", page, **NEW), person)
    assert (address_of(person), recorded(person), mailoutbox) == ("old@example.org", [], [])


def test_nothing_is_changed_where_the_notice_cannot_go(
    keeper: Client, person: Enrolment, settings: Settings
) -> None:
    """Whoever did not ask for this would not learn of it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = see(keeper, person, "address")
    do(keeper, person, "address", page, **NEW)
    assert (address_of(person), recorded(person)) == ("old@example.org", [])
    assert told(keeper, person) == [
        "We could not send the email just now. Please try again in a few minutes."
    ]


@pytest.mark.parametrize("who", ["invited", "erased"])
def test_who_has_not_joined_or_is_gone_has_no_address_to_change(
    study: Study, keeper: Client, who: str
) -> None:
    person = invited(study=study) if who == "invited" else EnrolmentFactory(study=study)
    if who == "erased":
        Enrolment.objects.filter(pk=person.pk).update(
            status="withdrawn", withdrawal="everything", withdrawn_at=MONDAY, erased_at=NOW,
            user=None,
        )  # fmt: skip
    assert was_done(do(keeper, person, "address", **NEW), person)
    assert recorded(person) == []
    assert not Prompt.objects.exists()
