"""An editor's own film of half an hour: into the draft, out to new people, past those half-way."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from courses.models import Material
from courses.services import new_draft
from studies.models import Study
from tests.courses_files import media
from tests.factories.courses import FILES, published_edition
from tests.factories.participants import UserFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.journeys.steps import can_play
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[Page, Any], None]
Axe = Callable[[Page], None]

FILM = FILES / "half-hour.mp4"
WORDS = {
    "name": "half-hour.vtt",
    "mimeType": "text/vtt",
    "buffer": b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nWelcome to a longer film.\n\n"
    b"00:29:50.000 --> 00:30:00.000\nAnd goodbye.\n",
}


@pytest.fixture
def study(transactional_db: None, settings: Any, tmp_path: Any) -> Study:
    settings.MEDIA_ROOT = tmp_path
    return StudyFactory(edition=published_edition(weeks=4), public_name="The study")


@pytest.fixture
def editor(study: Study) -> Any:
    user = with_second_step(UserFactory(staff=True))
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="courses"))
    user.studies_researched.create(study=study, manages=True)
    return user


@pytest.fixture
def film(study: Study) -> Material:
    """That of week one, in the draft."""
    draft = new_draft(course=study.edition.course, now=timezone.now())
    return draft.modules.get(week=1).materials.get(key="video")


def address(material: Material) -> str:
    return f"/admin/courses/material/{material.pk}/change/"


def choose(page: Page, label: str, file: Any) -> None:
    page.get_by_label(label).set_input_files(file)


def has_come(page: Page, words: str) -> None:
    expect(page.locator("[data-kept]").filter(has_text=words)).to_be_visible()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def watch(page: Page, sign_in: SignIn, person: Any) -> None:
    sign_in(page, person.user)
    page.goto("/week/1/")


def test_new_people_see_the_half_hour_and_those_half_way_their_own_film(
    new_page: NewPage, sign_in: SignIn, study: Study, editor: Any, film: Material
) -> None:
    nine_days_ago = timezone.now() - timedelta(days=9)
    half_way = enrolled(study=study, now=nine_days_ago)
    before = {name: getattr(film, name).name for name in ("file", "captions")}
    page = new_page()
    sign_in(page, editor)

    page.goto(address(film))
    choose(page, "Film or sound", FILM)
    has_come(page, "half-hour.mp4: MP4, 30:00")
    choose(page, "Captions", WORDS)
    has_come(page, "half-hour.vtt: WebVTT")
    save(page)
    page.goto(f"/admin/courses/edition/{film.module.edition_id}/publish/")
    page.get_by_label("new people of “The study”").check()
    page.get_by_role("button", name="Yes, publish edition 2").click()
    expect(page.get_by_text("edition 2 is published.")).to_be_visible()
    study.refresh_from_db()
    new = enrolled(study=study, now=nine_days_ago)

    theirs, old = new_page(), new_page()
    watch(theirs, sign_in, new)
    watch(old, sign_in, half_way)
    expect(theirs.locator("#watch + p")).to_have_text("30 minutes")
    expect(old.locator("#watch + p")).to_have_text("5 minutes")
    expect(theirs.get_by_text("Welcome to a longer film.")).to_be_attached()
    expect(old.get_by_text("You can stop at any time.").first).to_be_attached()
    if can_play(theirs):
        assert [round(_lasts(each)) for each in (theirs, old)] == [1800, 3]
    original = Material.objects.get(module__edition=half_way.edition, module__week=1, key="video")
    assert {name: getattr(original, name).name for name in before} == before
    assert original.file.storage.exists(original.file.name)


def _lasts(page: Page) -> float:
    """As the player reads it from the file."""
    seconds: float = page.locator("video").evaluate(
        """async (video) => {
            const known = new Promise((done) => video.addEventListener("loadedmetadata", done));
            video.preload = "metadata";
            if (video.readyState === 0) await known;
            return video.duration;
        }"""
    )
    return seconds


def test_refusal_stands_beside_its_field_and_the_words_stay(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material, axe: Axe
) -> None:
    page = new_page(viewport={"width": 360, "height": 780})
    sign_in(page, editor)
    page.goto(address(film))
    page.get_by_label("Title").fill("Other words")

    choose(
        page, "Film or sound", {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"MZ" * 900}
    )
    refused = page.locator(".field-file [role=alert]")
    expect(refused).to_contain_text("Choose one of the type MP4 or WebM.")
    choose(
        page, "Still picture", {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": media.SVG}
    )
    expect(page.locator(".field-poster [role=alert]")).to_contain_text("An SVG can hold a program.")
    assert fits(page)
    axe(page)

    choose(page, "Film or sound", FILM)
    has_come(page, "half-hour.mp4: MP4, 30:00")
    expect(refused).to_be_empty()
    save(page)
    expect(page.get_by_text("these captions belong to the one before")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Other words")
    has_come(page, "half-hour.mp4: MP4, 30:00")
    assert fits(page)
    axe(page)

    choose(page, "Captions", WORDS)
    has_come(page, "half-hour.vtt")
    save(page)
    film.refresh_from_db()
    assert (film.title, film.duration) == ("Other words", 1800.0)


def test_that_saving_waits_is_said_for_as_long_as_the_film_is_on_its_way(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 300_000}
    line = page.context.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", slow)
    large = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": bytes(3_000_000)}

    choose(page, "Film or sound", large)
    page.get_by_role("button", name="Save", exact=True).click()

    said = re.compile(r"On its way: \d+%. This page is saved as soon as the file has come.")
    expect(page.locator(".field-file [data-status]")).to_have_text(said)
    page.get_by_role("button", name="Stop").click()


def test_saving_waits_for_the_film_and_a_broken_connection_is_told(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/files/file/", hold)

    choose(page, "Film or sound", FILM)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This page is saved as soon as the file has come.")).to_be_visible()
    held.pop().abort()

    expect(page.get_by_text("The connection broke off. Choose the file once more.")).to_be_visible()
    expect(page.get_by_label("Film or sound")).to_be_focused()
    choose(page, "Captions", WORDS)
    choose(page, "Film or sound", FILM)
    page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_navigation():
        held.pop().continue_()
    film.refresh_from_db()
    assert film.duration == 1800.0


def test_stopping_leaves_everything_as_it_was(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    page.route("**/files/file/", lambda _route: None)

    choose(page, "Film or sound", FILM)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Nothing was changed.")).to_be_visible()
    save(page)

    film.refresh_from_db()
    assert film.duration == 300.0


def test_stopping_after_save_was_pressed_saves_nothing(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    page.route("**/files/file/", lambda _route: None)
    choose(page, "Film or sound", FILM)
    page.get_by_label("Title").fill("Words of an hour")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This page is saved as soon as the file has come.")).to_be_visible()

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_text("Stopped. Nothing was changed.")).to_be_visible()
    page.wait_for_timeout(500)
    film.refresh_from_db()
    assert film.title != "Words of an hour"
    expect(page.get_by_label("Title")).to_have_value("Words of an hour")


def test_who_is_signed_out_meanwhile_goes_on_where_they_were(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    page.get_by_label("Title").fill("Words of an hour")
    Session.objects.all().delete()

    choose(page, "Film or sound", FILM)
    said = (
        "The file was not taken. If you have been signed out, leave this page open, sign in again "
        "in another window, and choose the file here once more."
    )
    expect(page.get_by_text(said)).to_be_visible()
    choose(page, "Film or sound", FILM)
    expect(page.get_by_text(said)).to_be_visible()
    _sign_in_again(page, sign_in, editor, film)
    choose(page, "Film or sound", FILM)
    has_come(page, "half-hour.mp4")
    choose(page, "Captions", WORDS)
    has_come(page, "half-hour.vtt")
    save(page)

    film.refresh_from_db()
    assert (film.title, film.duration) == ("Words of an hour", 1800.0)


def _sign_in_again(page: Page, sign_in: SignIn, editor: Any, film: Material) -> None:
    """In another window: which gives all forms another token, as signing in does."""
    page.context.clear_cookies(name="csrftoken")
    sign_in(page, editor)
    other = page.context.new_page()
    other.goto(address(film))
    other.close()


def test_refusal_after_save_was_pressed_leaves_a_page_that_asks(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    """Nothing was sent then: to go on to another page would throw the words away."""
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/files/file/", hold)
    page.get_by_label("Title").fill("Words of an hour")
    choose(page, "Film or sound", FILM)
    page.get_by_role("button", name="Save", exact=True).click()
    held.pop().abort()
    expect(page.get_by_text("The connection broke off. Choose the file once more.")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    page.get_by_role("link", name="See it as people do", exact=True).click(no_wait_after=True)

    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_choosing_nothing_after_all_lets_the_page_be_saved(
    new_page: NewPage, sign_in: SignIn, editor: Any, film: Material
) -> None:
    """As browsers do where the choice of a file is cancelled."""
    page = new_page()
    sign_in(page, editor)
    page.goto(address(film))
    page.route("**/files/file/", lambda _route: None)

    choose(page, "Film or sound", FILM)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    choose(page, "Film or sound", [])
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    page.get_by_label("Title").fill("Words of an hour")
    save(page)

    film.refresh_from_db()
    assert (film.title, film.duration) == ("Words of an hour", 300.0)


def test_files_go_with_the_form_without_javascript(
    no_js_page: Page, sign_in: SignIn, editor: Any, film: Material
) -> None:
    page = no_js_page
    sign_in(page, editor)

    page.goto(address(film))
    choose(page, "Film or sound", FILM)
    save(page)
    has_come(page, "half-hour.mp4: MP4, 30:00")
    choose(page, "Captions", WORDS)
    save(page)

    film.refresh_from_db()
    assert (film.duration, len(film.transcript)) == (1800.0, 2)
