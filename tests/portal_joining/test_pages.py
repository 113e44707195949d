"""Pages for anybody, the way in and out, and who lands where."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from studies import helplines
from studies.models import Study
from tests.factories.courses import published_edition
from tests.factories.participants import UserFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import ServiceFactory, StudyFactory, published_document
from tests.portal_joining.walk import Joiner, newest_code, text_of

pytestmark = pytest.mark.django_db
OPEN = ("landing", "help", "privacy", "accessibility")
LOGIN, CONFIRM = reverse("account_login"), reverse("account_confirm_login_code")


def sign_in(client: Client, email: str, **more: str) -> str:
    asked = client.post(LOGIN, {"login": email} | more)
    answer = client.post(asked["Location"], {"code": newest_code(email)})
    return str(answer["Location"])


@pytest.mark.parametrize("name", OPEN)
def test_open_pages_are_read_by_a_stranger_a_participant_and_staff(
    client: Client, name: str, study: Study
) -> None:
    assert client.get(reverse(f"portal:{name}")).status_code == 200
    client.force_login(enrolled(study=study).user)
    assert client.get(reverse(f"portal:{name}")).status_code == 200
    client.force_login(UserFactory(staff=True))
    assert client.get(reverse(f"portal:{name}")).status_code == 200


@pytest.mark.parametrize("name", OPEN)
def test_open_pages_need_no_study(client: Client, name: str) -> None:
    assert client.get(reverse(f"portal:{name}")).status_code == 200


def test_the_first_page_is_the_study_that_recruits(client: Client, study: Study) -> None:
    page = client.get("/?from=facebook")
    assert "University of Testing" in text_of(page)
    assert b'href="/join/four-weeks/?from=facebook"' in page.content


def test_the_first_page_of_a_full_study_invites_nobody(client: Client, study: Study) -> None:
    Study.objects.update(capacity=1)
    assert b'href="/join/four-weeks/"' in client.get("/").content
    enrolled(study=study)
    page = client.get("/")
    assert "Every place is taken." in text_of(page)
    assert b"/join/" not in page.content
    ServiceFactory(edition=study.edition)
    assert text_of(client.get("/")).count("Every place is taken") == 1


def test_the_first_page_promises_what_any_course_has(client: Client, study: Study) -> None:
    page = text_of(client.get("/"))
    assert "Four weeks of learning to be kinder to yourself" in page
    assert "something to watch" not in page
    Study.objects.update(state=Study.State.CLOSED)
    StudyFactory(edition=published_edition(weeks=3))
    assert "week by week" in text_of(client.get("/"))
    assert "Four weeks of" not in text_of(client.get("/"))


def test_pages_that_name_no_icon_have_one(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/img/circles.svg")
    assert answer["Cache-Control"] == "max-age=86400"


def test_search_engines_know_the_first_page_and_help_alone(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    rules = answer.content.decode().splitlines()
    assert rules == [
        "User-agent: *",
        "Allow: /$",
        "Allow: /help/",
        "Disallow: /",
    ]


def test_a_course_is_called_a_course(client: Client, service: Study) -> None:
    page = text_of(client.get("/"))
    assert "A free online course." in page
    assert "study" not in page.lower().replace("study@example.org", "")


def test_of_several_studies_one_is_chosen(client: Client, study: Study) -> None:
    other = ServiceFactory(edition=study.edition)
    page = client.get("/")
    for each in (study, other):
        assert f'href="/join/{each.slug}/"'.encode() in page.content


def test_without_a_study_the_first_page_is_kind(client: Client, study: Study) -> None:
    Study.objects.update(state=Study.State.CLOSED)
    page = text_of(client.get("/"))
    assert "Nobody new can join at the moment" in page
    assert "find help now" in page


def test_a_draft_is_shown_nowhere(client: Client, study: Study) -> None:
    Study.objects.update(state=Study.State.DRAFT)
    for name in OPEN:
        assert b"University of Testing" not in client.get(reverse(f"portal:{name}")).content


def test_help_is_there_for_each_nation_and_says_how_it_was_put_together(client: Client) -> None:
    page = text_of(client.get(reverse("portal:help")))
    for words in ("999", "116 123", "85258", "0808 808 8000", "18001", "Wales", "50808"):
        assert words in page
    assert "put together on 23 November 2026 from what the services and public bodies" in page
    assert "We review them by 23 February 2027." in page


def test_help_names_a_line_in_each_nation_for_fear_at_home(client: Client) -> None:
    page = text_of(client.get(reverse("portal:help")))
    part = page.split("If someone at home frightens you")[1].split("If you are under 18")[0]
    for line in helplines.FEAR_AT_HOME:
        assert f"{line.name} {line.hours} {line.number} {line.words}" in part
    assert helplines.OWN_ANGER.number in part


@pytest.mark.parametrize("name", OPEN)
def test_help_is_one_tap_away(client: Client, name: str) -> None:
    page = client.get(reverse(f"portal:{name}")).content.decode()
    assert 'href="/help/"' in page.split("<main", 1)[0]


def test_privacy_names_dates_contacts_and_the_notice_of_a_study(
    client: Client, study: Study
) -> None:
    published_document(study=study, kind="privacy", body="<p>What the notice says.</p>")
    page = text_of(client.get(reverse("portal:privacy")))
    for words in ("30 June 2060", "31 December 2060", "complaints@example.org", "What the notice"):
        assert words in page


def test_privacy_says_all_that_is_kept(client: Client, study: Study) -> None:
    page = text_of(client.get(reverse("portal:privacy")))
    for words in (
        "If you type an email address, we keep that too.",
        "All of it goes 14 days after you were last here, unless you join.",
        "which questions let you in or did not",
        "we keep it for 30 days, unless you join",
        "a mark stays from which nobody can read it",
        "Each time somebody of the team looks it up, that is recorded.",
        "31 December 2060. Then names and addresses are erased",
        "time zone",
        "what you read, print, download or do another way",
        "When you were last here",
        "The word in the link that you followed",
        "why if you say so",
        "If it is kept, they are kept as well, apart from it, until the last day that the study keeps them.",
    ):
        assert words in page
    assert (
        'href="mailto:complaints@example.org"'
        in client.get(reverse("portal:privacy")).content.decode()
    )


def test_a_participant_reads_the_notice_of_their_own_study(client: Client, study: Study) -> None:
    StudyFactory(edition=study.edition, institution="Another University")
    client.force_login(enrolled(study=study).user)
    page = client.get(reverse("portal:privacy"))
    assert b"Another University" not in page.content


def test_signing_in_leads_a_participant_home(client: Client, study: Study) -> None:
    assert sign_in(client, enrolled(study=study).user.email) == "/home/"


@pytest.mark.parametrize("person", ["staff", "researcher"])
def test_signing_in_leads_staff_to_their_studies(client: Client, study: Study, person: str) -> None:
    user = UserFactory(staff=True) if person == "staff" else UserFactory(researcher_of=study)
    assert sign_in(client, user.email) == "/staff/"


def test_staff_who_take_part_are_led_home(client: Client, study: Study) -> None:
    user = UserFactory(staff=True)
    enrolled(study=study, user=user)
    assert sign_in(client, user.email) == "/home/"


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client: Client, study: Study) -> None:
    person = enrolled(study=study).user
    asked = client.post(f"{LOGIN}?next=/home/details/", {"login": person.email})
    answer = client.post(asked["Location"], {"code": newest_code(person.email)})
    assert answer["Location"] == "/home/details/"


def test_signing_in_leads_to_no_other_site(client: Client, study: Study) -> None:
    person = enrolled(study=study).user
    client.post(LOGIN, {"login": person.email})
    answer = client.post(
        f"{CONFIRM}?next=https://evil.example/", {"code": newest_code(person.email)}
    )
    assert answer["Location"] == "/home/"


def test_an_unknown_address_sees_the_same_page_and_is_told_by_mail(
    client: Client, study: Study
) -> None:
    person = enrolled(study=study).user
    pages = []
    for email in (person.email, "nobody@example.org"):
        browser = Client()
        asked = browser.post(LOGIN, {"login": email})
        page = text_of(browser.get(asked["Location"]))
        pages.append((asked["Location"], page.replace(email, "-")))
    assert pages[0] == pages[1]
    assert mail.outbox[1].to == ["nobody@example.org"]
    words = " ".join(str(mail.outbox[1].body).split())
    assert "There is no account with this address here" in words
    assert "The address stays with that visit to our pages, and goes 14 days after" in words


def test_mail_subjects_carry_no_name_of_the_site(client: Client, study: Study) -> None:
    client.post(LOGIN, {"login": enrolled(study=study).user.email})
    assert mail.outbox[0].subject == "Your sign-in code"


def test_nobody_signs_up_outside_a_study(client: Client) -> None:
    page = client.post(reverse("account_signup"), {"email": "eve@example.org"})
    assert "Joining begins on the study’s own page" in text_of(page)
    assert len(mail.outbox) == 0


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_reset_password"]
)
def test_pages_for_passwords_and_lists_of_addresses_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    ("step", "most"),
    [("join", 10), ("question", 8), ("email", 8), ("agreement", 10), ("about", 8), ("day", 8)],
)
def test_a_page_of_joining_asks_the_database_little(
    ann: Joiner, step: str, most: int, django_assert_max_num_queries: object
) -> None:
    if step != "join":
        ann.read()
    if step in {"email", "agreement", "about", "day"}:
        ann.answer_all()
    if step in {"agreement", "about", "day"}:
        ann.sign_in()
    if step in {"about", "day"}:
        ann.agree()
    if step == "day":
        ann.send("join_about")
    address = ann.url("join_question", "adult") if step == "question" else None
    address = address or ann.url("join" if step == "join" else f"join_{step}")
    with django_assert_max_num_queries(most):
        assert ann.client.get(address).status_code == 200


@pytest.mark.parametrize("name", OPEN)
def test_an_open_page_asks_the_database_little(
    client: Client, name: str, study: Study, django_assert_max_num_queries: object
) -> None:
    client.force_login(enrolled(study=study).user)
    with django_assert_max_num_queries(6):
        client.get(reverse(f"portal:{name}"))
