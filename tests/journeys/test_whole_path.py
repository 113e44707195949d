"""From the first page to the end of week one, on the real starter course."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Response, expect

from participants.models import Demographics, Engagement, Enrolment, MediaProgress, Play, Session
from studies.models import Study
from tests.journeys import keyboard, mouse, post, steps
from tests.journeys.conftest import Clock
from tests.journeys.steps import ANN, button, heading, link
from tests.services.browser_fixtures import NewPage

WEEK_ONE = datetime(2026, 1, 8, 19, tzinfo=UTC)
DATES = ["Thursday 8 January", "Thursday 15 January", "Thursday 22 January", "Thursday 29 January"]


def _join(page: Page, by=mouse) -> None:
    steps.see_if_it_suits(page, by)
    steps.read_the_sheet(page, by)
    steps.answer_who_can_join(page, by)
    steps.give_address(page, by)
    steps.type_the_code(page, by)
    steps.agree(page, by)


def _go_to_week_one(page: Page, clock: Clock, by=mouse) -> None:
    """Nobody waits at a browser from Monday to Thursday: the visit by code is over by then."""
    page.context.clear_cookies()
    clock(WEEK_ONE + timedelta(minutes=5))
    post.deliver()
    steps.open_the_mailed_session(page, by)
    heading(page, "What self-compassion is")


@contextmanager
def _answers_of(page: Page, path: str) -> Iterator[list[int]]:
    """Status codes of what the page fetched from addresses that contain `path`."""
    statuses: list[int] = []

    def hear(response: Response) -> None:
        if path in response.url:
            statuses.append(response.status)

    page.on("response", hear)
    yield statuses
    page.remove_listener("response", hear)


def _session() -> Session:
    return Session.objects.get(module__week=1)


def _wait_for_plays(page: Page, count: int) -> list[Play]:
    steps.wait_until(page, lambda: Play.objects.count() >= count)
    return list(Play.objects.select_related("material").order_by("received_at"))


def _watch_and_listen(page: Page, by=mouse) -> None:
    """A few seconds of the video's second part, and of the short exercise; and what is kept of it."""
    if not steps.can_play(page):
        pytest.skip("This Chromium plays neither H.264 nor AAC; the distribution's does.")
    with _answers_of(page, "/file/") as statuses:
        stopped = steps.play_from_part(page, "tricky brain", seconds=3, by=by)
        assert set(statuses) == {206}
    assert len(steps.captions(page)) > 30
    _wait_for_plays(page, 1)
    listened = steps.listen(page, "A shorter one", seconds=2)
    video, sound = _wait_for_plays(page, 2)

    assert (video.material.key, sound.material.key) == ("video", "exercise-short")
    begins = next(
        each["at"] for each in video.material.chapters if "tricky brain" in each["title"].lower()
    )
    assert begins - 1 < video.position < begins + 0.5
    assert video.seconds == pytest.approx(stopped - video.position, abs=0.5)
    assert sound.position + sound.seconds == pytest.approx(listened, abs=0.5)
    assert sound.seconds > 1.5
    seen = MediaProgress.objects.get(material=video.material)
    assert (seen.seconds, seen.position) == (
        pytest.approx(video.seconds, abs=0.1),
        pytest.approx(stopped, abs=0.5),
    )


def _kinds() -> list[str]:
    return sorted(Engagement.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_new_person_joins_waits_for_thursday_and_has_their_first_week(
    size: str, new_page: NewPage, study: Study, clock: Clock
) -> None:
    phone = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
    page = new_page(timezone_id="Europe/Dublin", **(phone if size == "phone" else {}))
    page.clock.install()

    _join(page)
    steps.say_a_little_about_oneself(page)
    steps.choose_thursday_evening(page, zone="Europe/Dublin")
    assert steps.see_the_dates(page) == DATES
    calendar = steps.save_the_calendar(page)
    assert calendar.count("BEGIN:VEVENT") == 4
    assert "compassion" not in calendar.lower()
    link(page, "Go to your four weeks").click()
    heading(page, "Week one opens on Thursday 8 January at 7 in the evening")
    post.deliver()
    assert sorted(post.subjects(ANN)[1:]) == [
        "Your copy of what you agreed",
        "Your dates for Four Weeks",
    ]

    _go_to_week_one(page, clock)
    _watch_and_listen(page)
    steps.read_the_handout(page, Engagement.objects.filter(kind="read").exists)
    steps.note_practice(page, "Soothing rhythm breathing")
    steps.finish_the_week(page, "week one")
    expect(page.get_by_text("Finished on Thursday 8 January")).to_be_visible()
    expect(page.locator("dl.facts", has_text="Soothing rhythm breathing")).to_be_visible()

    said = Demographics.objects.get()
    assert (said.age, said.gender, said.education_answered) == (34, "woman", "skipped")
    assert Enrolment.objects.get().rhythm.zone == "Europe/Dublin"
    assert (_session().playback_measurable, _session().finished_at is not None) == (True, True)
    assert _kinds() == ["opened", "read"]


def test_without_javascript_a_week_counts_by_their_own_words(
    no_js_page: Page, study: Study, clock: Clock
) -> None:
    page = no_js_page
    _join(page)
    steps.pass_about_you(page)
    steps.choose_thursday_evening(page, zone="Europe/London")
    assert steps.see_the_dates(page) == DATES
    link(page, "Go to your four weeks").click()

    _go_to_week_one(page, clock)
    link(page, "Open the words as a page").click()
    heading(page, "What self-compassion is")
    page.go_back()
    with page.expect_navigation():
        link(page, "Open a page to print").click()
    page.go_back()
    steps.did_it_another_way(page)
    steps.note_practice(page, "Soothing rhythm breathing")
    steps.finish_the_week(page, "week one")
    expect(page.get_by_text("Finished on Thursday 8 January")).to_be_visible()

    assert (_session().playback_measurable, _session().finished_at is not None) == (False, True)
    assert _kinds() == ["another_way", "opened", "printed"]
    assert (Play.objects.count(), MediaProgress.objects.count()) == (0, 0)


def test_the_keyboard_alone_is_enough(page: Page, study: Study, clock: Clock) -> None:
    page.goto("/")
    keyboard.skip_to_main(page)
    _join(page, keyboard)
    steps.pass_about_you(page, keyboard)
    steps.choose_thursday_evening(page, keyboard, zone="Europe/London")
    assert steps.see_the_dates(page) == DATES
    keyboard.press(link(page, "Go to your four weeks"))
    page.wait_for_url("**/home/")  # nobody follows a link before this one has been followed

    _go_to_week_one(page, clock, keyboard)
    keyboard.skip_to_main(page)
    _watch_and_listen(page, keyboard)
    keyboard.press(page.locator("summary", has_text="Read it at your own pace").first)
    steps.note_practice(page, "Soothing rhythm breathing", keyboard)
    steps.finish_the_week(page, "week one", keyboard)
    expect(page.get_by_text("Finished on Thursday 8 January")).to_be_visible()
    keyboard.press(button(page, "Sign out"))
    heading(page, "Four weeks of learning to be kinder to yourself")
