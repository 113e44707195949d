"""The lives that the four weeks meet, each a short story in a browser."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from participants.models import Enrolment, Session, User
from participants.services import finish_session, open_session
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.journeys import post, steps
from tests.journeys.conftest import MONDAY, Clock
from tests.journeys.steps import ANN, button, heading, link
from tests.services.search_everywhere import places_of

WEEK_ONE = datetime(2026, 1, 8, 19, tzinfo=UTC)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)


@pytest.fixture
def small_study(live_server: Any, clock: Clock) -> Study:
    """With weeks of two sentences, which are quicker to make than the real course."""
    return StudyFactory(slug="four-weeks")


@pytest.fixture
def ann(small_study: Study) -> Enrolment:
    """Thursdays at seven in London; joined on `MONDAY`."""
    user = User.objects.create_user(ANN)
    return enrolled(study=small_study, user=user, now=MONDAY)


def _session(person: Enrolment, week: int) -> Session:
    return Session.objects.get(enrolment=person, module__week=week)


def _open_weeks(person: Enrolment, *weeks: int, finish: bool = False) -> None:
    """Each an hour after it opened."""
    for week in weeks:
        session = _session(person, week)
        at = session.opens_at + timedelta(hours=1)
        open_session(session=session, now=at)
        if finish:
            finish_session(session=session, now=at)


def _week_opens(page: Page, words: str) -> None:
    expect(page.locator(".weeks").get_by_text(words)).to_be_visible()


def test_someone_starts_three_weeks_late(page: Page, sign_in, ann: Enrolment, clock: Clock) -> None:
    clock(WEEK_ONE + 3 * A_WEEK + A_DAY)
    sign_in(page, ann.user)
    page.goto("/home/")
    heading(page, "You can begin today")
    expect(link(page, "Open week four")).to_be_visible()
    link(page, "Begin with week one").click()
    heading(page, "The idea of week 1")
    link(page, "Back to your weeks").click()
    heading(page, "Week four is open")
    expect(link(page, "Begin with week two")).to_be_visible()


def test_someone_wants_another_week_before_moving_on(
    page: Page, sign_in, ann: Enrolment, clock: Clock
) -> None:
    clock(WEEK_ONE + A_DAY)
    _open_weeks(ann, 1)
    sign_in(page, ann.user)
    page.goto("/home/")
    _week_opens(page, "Opens on Thursday 15 January")
    link(page, "Take another week").click()
    expect(page.get_by_text("Thursday 22 January").first).to_be_visible()
    assert _session(ann, 2).opens_at == WEEK_ONE + A_WEEK
    page.locator("main form button").click()
    expect(page.get_by_text("You have another week.")).to_be_visible()
    _week_opens(page, "Opens on Thursday 22 January")
    assert _session(ann, 4).opens_at == WEEK_ONE + 4 * A_WEEK


def test_someone_comes_back_after_two_months_by_an_old_mail(
    page: Page, ann: Enrolment, clock: Clock
) -> None:
    clock(WEEK_ONE + timedelta(minutes=1))
    post.deliver()
    old = post.link_for(ANN, "Thursday session")
    clock(WEEK_ONE + 62 * A_DAY)
    page.goto(old)
    heading(page, "This link no longer works")
    with page.expect_navigation():
        button(page, "Email me a new one").click()
    post.deliver()
    assert post.link_for(ANN, "Thursday session") != old
    steps.open_the_mailed_session(page, subject="Thursday session")
    heading(page, "The idea of week 1")


def test_a_shared_phone_shows_nothing_after_signing_out(
    phone_page: Page, ann: Enrolment, clock: Clock
) -> None:
    page = phone_page
    clock(WEEK_ONE + timedelta(minutes=1))
    post.deliver()
    steps.open_the_mailed_session(page, subject="Thursday session")
    heading(page, "The idea of week 1")
    link(page, "Back to your weeks").click()
    heading(page, "Week one is open")
    steps.sign_out(page)
    page.go_back()
    expect(page.get_by_label("Your email address")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Your email address")).to_be_visible()
    assert "The idea of week 1" not in page.content()


def test_a_mailed_link_opens_the_weeks_and_asks_for_a_code_for_more(
    page: Page, ann: Enrolment, clock: Clock
) -> None:
    clock(WEEK_ONE + timedelta(minutes=1))
    post.deliver()
    steps.open_the_mailed_session(page, subject="Thursday session")
    link(page, "Back to your weeks").click()
    link(page, "Your details").click()
    heading(page, "This page asks for a code")
    link(page, "Email me a code").click()
    steps.sign_in(page)
    page.wait_for_url("**/home/details/")


def test_someone_changes_their_address(page: Page, sign_in, ann: Enrolment, clock: Clock) -> None:
    new = "ann.new@example.org"
    clock(WEEK_ONE + timedelta(minutes=1))
    post.deliver()
    old_link = post.link_for(ANN, "Thursday session")
    sign_in(page, ann.user)
    page.goto("/home/")
    link(page, "Change address").click()
    page.get_by_label("Your new email address").fill(new)
    with page.expect_navigation():
        page.locator("main form button").click()
    page.get_by_label("Code").fill(post.code_for(new))
    page.locator("main form button").first.click()
    expect(page.get_by_text("From now on we write to your new address.")).to_be_visible()
    steps.sign_out(page)
    page.goto(old_link)
    expect(page.get_by_role("button", name="Open my session")).to_have_count(0)
    clock(WEEK_ONE + A_WEEK + timedelta(minutes=1))
    post.deliver()
    steps.open_the_mailed_session(page, address=new, subject="Thursday session")
    heading(page, "The idea of week 2")


def test_someone_takes_a_break_and_ends_it(page: Page, ann: Enrolment, clock: Clock) -> None:
    clock(WEEK_ONE + timedelta(minutes=1))
    post.deliver()
    steps.open_the_mailed_session(page, subject="Thursday session")
    link(page, "Back to your weeks").click()
    link(page, "Pause").click()
    page.get_by_label("Until which day?").fill("2026-01-26")
    button(page, "See what changes").click()
    heading(page, "A break until Monday 26 January?")
    expect(page.get_by_text("Thursday 29 January").first).to_be_visible()
    button(page, "Yes, begin the break").click()
    heading(page, "You are having a break")
    assert _session(ann, 2).opens_at == WEEK_ONE + 3 * A_WEEK
    link(page, "End the break").click()
    button(page, "End the break now").click()
    expect(page.get_by_text("The break is over. Welcome back.")).to_be_visible()
    assert _session(ann, 2).opens_at == WEEK_ONE + A_WEEK


def test_someone_stops_the_mails_from_a_mail(page: Page, ann: Enrolment, clock: Clock) -> None:
    clock(WEEK_ONE + timedelta(minutes=1))
    post.deliver()
    page.goto(post.stop_link_for(ANN))
    with page.expect_navigation():
        page.locator("main form button").click()
    clock(WEEK_ONE + A_WEEK + timedelta(minutes=1))
    before = len(post.subjects(ANN))
    post.deliver()
    assert len(post.subjects(ANN)) == before
    assert _session(ann, 2).is_open(WEEK_ONE + A_WEEK)


def test_someone_leaves_and_everything_of_theirs_is_deleted(
    page: Page, ann: Enrolment, clock: Clock
) -> None:
    clock(WEEK_ONE + A_DAY)
    post.deliver()
    _open_weeks(ann, 1, finish=True)
    page.goto("/accounts/login/")
    steps.sign_in(page)
    link(page, "See the choices").click()
    expect(page.get_by_text("Nobody can undo this.")).to_be_visible()
    page.get_by_label("Stop everything, and delete what was collected").check()
    button(page, "Go on").click()
    heading(page, "Is this right?")
    button(page, "Yes, delete and leave").click()
    heading(page, "Goodbye, and thank you")
    assert places_of(ANN) != []

    clock(WEEK_ONE + A_DAY + timedelta(minutes=5))
    post.deliver()
    assert post.newest_mail(ANN).subject.startswith("You have left")
    assert places_of(ANN, "Demo Person") == []
    left = Enrolment.objects.get()
    assert (left.code, left.user, left.withdrawal) == (ann.code, None, "erasure")
    assert list(Prompt.objects.planned()) == []
    page.goto("/home/")
    expect(page.get_by_label("Your email address")).to_be_visible()


def test_someone_finishes_week_four(page: Page, ann: Enrolment, clock: Clock) -> None:
    _open_weeks(ann, 1, 2, 3, finish=True)
    clock(WEEK_ONE + 3 * A_WEEK + timedelta(minutes=1))
    post.deliver()
    steps.open_the_mailed_session(page, subject="Thursday session")
    heading(page, "The idea of week 4")
    button(page, "Finish week four").click()
    heading(page, "Thank you.")
    expect(page.get_by_text("There are no more weekly emails.")).to_be_visible()
    expect(page.get_by_text("These pages stay open until").first).to_be_visible()
    clock(WEEK_ONE + 4 * A_WEEK + timedelta(minutes=1))
    post.deliver()
    page.goto(post.link_for(ANN, "Thank you, and what stays open"))
    button(page, "Open my weeks").click()
    heading(page, "Thank you.")
    link(page, "The idea of week 2").click()
    heading(page, "The idea of week 2")
