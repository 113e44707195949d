"""The scripts of the week's page, in a real browser; the same without them; and accessibility."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from participants.models import Engagement, MediaProgress, Play, Session
from scheduling import links, services
from tests.factories.scheduling import enrolled
from tests.portal_weeks.people import session_of, token_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person(transactional_db, surroundings):
    """Week one is open, by the clock on the wall."""
    return enrolled(now=timezone.now() - timedelta(days=9))


def _until(condition):
    """A beacon is answered after the page has gone on."""
    for _wait in range(100):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it was not recorded within ten seconds")


def _play_to_the_end(page):
    page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            const ended = new Promise((done) => video.addEventListener("ended", done));
            await video.play();
            await ended;
        }"""
    )


def test_what_is_played_is_recorded(page, sign_in, person):
    sign_in(page, person.user)
    page.goto("/week/1/")
    _until(lambda: session_of(person).playback_measurable)
    _play_to_the_end(page)
    _until(Play.objects.exists)
    play, progress = Play.objects.get(), MediaProgress.objects.get()
    assert (play.session, play.material.key, play.speed) == (session_of(person), "video", 1)
    assert play.seconds == pytest.approx(progress.seconds)
    assert progress.position == 0


def test_leaving_the_page_reports_what_was_playing(page, sign_in, person):
    sign_in(page, person.user)
    page.goto("/week/1/")
    began = time.monotonic()
    page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            video.playbackRate = 0.5; // its last second counts as its end: time to leave before
            await video.play();
            while (video.currentTime < 0.8) await new Promise((later) => setTimeout(later, 20));
        }"""
    )
    page.goto("/home/")
    gone = time.monotonic()
    _until(Play.objects.exists)
    assert 0.5 <= Play.objects.get().seconds <= gone - began
    assert MediaProgress.objects.get().position > 0


def test_hiding_the_page_reports_what_was_playing_so_far(page, sign_in, person):
    sign_in(page, person.user)
    page.goto("/week/1/")
    hidden_at = page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            await video.play();
            while (video.currentTime < 0.8) await new Promise((later) => setTimeout(later, 20));
            Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
            document.dispatchEvent(new Event("visibilitychange"));
            return video.currentTime;
        }"""
    )
    _until(Play.objects.exists)
    so_far = Play.objects.get()
    assert so_far.position + so_far.seconds == pytest.approx(hidden_at, abs=0.1)
    page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            while (video.currentTime < 1.8) await new Promise((later) => setTimeout(later, 20));
            video.pause();
        }"""
    )
    _until(lambda: Play.objects.count() == 2)
    first, second = Play.objects.order_by("position")
    assert second.position == pytest.approx(first.position + first.seconds, abs=0.1)


def test_keeping_the_place_is_promised_where_it_is_done(page, no_js_page, sign_in, person):
    for browser, promised in ((page, True), (no_js_page, False)):
        sign_in(browser, person.user)
        browser.goto("/week/1/")
        assert browser.get_by_text("We keep your place.").is_visible() is promised
        assert browser.get_by_text("You can stop and come back.").is_visible()


def _caption_sizes(page):
    """Browsers tell no computed style of a caption; so, of the rules that apply to this screen."""
    return page.evaluate(
        """() => {
            const within = (rules) => [...rules].flatMap((rule) => {
                if (rule.media && !matchMedia(rule.media.mediaText).matches) return [];
                if (rule.selectorText?.includes("::cue")) return [rule.style.fontSize];
                return rule.cssRules ? within(rule.cssRules) : [];
            });
            return [...document.styleSheets].flatMap((sheet) => within(sheet.cssRules));
        }"""
    )


def test_captions_are_of_a_readable_size_on_a_phone(page, phone_page, sign_in, person):
    for browser, sizes in ((page, []), (phone_page, ["1rem"])):
        sign_in(browser, person.user)
        browser.goto("/week/1/")
        assert _caption_sizes(browser) == sizes


def test_a_chapter_moves_the_player_and_the_speed_is_remembered(page, sign_in, person):
    sign_in(page, person.user)
    page.goto("/week/1/")
    page.evaluate("document.querySelector('video').playbackRate = 1.5")
    page.get_by_role("link", name="Help", exact=False).and_(page.locator("[data-chapter]")).click()
    page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            while (video.currentTime < 1) await new Promise((later) => setTimeout(later, 20));
        }"""
    )
    assert page.url.endswith("/week/1/")
    page.reload()
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5


def test_a_chapter_is_a_page_of_its_own_without_scripts(no_js_page, sign_in, person):
    sign_in(no_js_page, person.user)
    no_js_page.goto("/week/1/")
    no_js_page.locator("[data-chapter]").nth(1).click()
    expect(no_js_page).to_have_url(re.compile(r"\?t=1#watch"))
    expect(no_js_page.locator("video source")).to_have_attribute("src", re.compile("#t=1"))


def test_back_from_a_page_after_the_preview_shows_the_preview_again(page, sign_in, person):
    sign_in(page, person.user)
    page.goto("/home/day/")
    page.get_by_label("Sunday", exact=True).check()
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Leave it as it is").click()
    page.go_back()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    page.get_by_role("button", name="Yes, change my day").click()
    expect(page.get_by_text("Your day is changed.")).to_be_visible()


def test_reading_to_the_end_is_recorded(page, sign_in, person):
    sign_in(page, person.user)
    page.clock.install()
    page.goto("/week/1/")
    page.locator(".handout [data-end]").scroll_into_view_if_needed()
    is_noted = Engagement.objects.filter(kind="read", material__key="handout").exists

    def reads_on():
        """Its seconds count from when the browser has noticed what is in view, whenever it does."""
        page.clock.run_for(1000)
        return is_noted()

    _until(reads_on)


def test_without_scripts_the_whole_week_can_be_done_from_the_mail(no_js_page, person):
    page = no_js_page
    page.goto(f"/go/{token_of(person)}/")
    for words in ("Open my session", "Note it", "I did this another way", "Finish week one"):
        with page.expect_navigation():
            page.get_by_role("button", name=words).click()
    expect(page.get_by_text("Week one is finished.")).to_be_visible()
    session = session_of(person)
    assert session.finished_at
    assert not session.playback_measurable
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto("/week/1/")
    assert "/login/" in page.url


PAGES = [
    "/home/",
    "/week/1/",
    "/week/4/",
    "/week/1/handout/print/",
    "/week/1/video/words/",
    "/beside/worries/?week=1",
    "/beside/glossary/",
    "/beside/nothing/",
    "/home/day/",
    "/home/another-week/",
    "/home/pause/",
    "/home/mail/",
    "/home/agreement/",
    "/home/leave/",
    "/goodbye/erasure/",
]


@pytest.mark.parametrize("view", ["page", "phone_page", "dark_page"])
def test_every_page_is_accessible(request, view, sign_in, person, axe):
    page = request.getfixturevalue(view)
    sign_in(page, person.user)
    for address in PAGES:
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_links_pages_are_accessible(page, phone_page, person, axe):
    stop = f"/emails/stop/{links.stop_token_for(person)}/"
    for address in (f"/go/{token_of(person)}/", "/go/nonsense/", stop):
        page.goto(address)
        axe(page)
    phone_page.goto(f"/go/{token_of(person)}/")
    with phone_page.expect_navigation():
        phone_page.get_by_role("button", name="Open my session").click()
    phone_page.goto("/home/leave/")
    assert phone_page.get_by_role("heading", name="This page asks for a code").is_visible()
    axe(phone_page)


def test_the_end_and_leaving_are_accessible(page, sign_in, person, axe):
    sign_in(page, person.user)
    past = timezone.now() - timedelta(days=40)
    Session.objects.filter(enrolment=person).update(
        opens_at=past, first_opened_at=past, took_part_at=past, finished_at=past
    )
    page.goto("/home/")
    assert page.get_by_role("heading", name="That was week four. Thank you.").is_visible()
    axe(page)
    services.leave(enrolment=person, level="everything", reason="", now=timezone.now())
    page.goto("/home/")
    assert page.get_by_role("heading", name="You have left").is_visible()
    axe(page)
