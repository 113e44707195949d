"""What a person does on the pages, one deed a function.

`page` is their browser and `by` their way of using it: `mouse` (also a finger) or `keyboard`.
Each function begins on the page where the deed before it ended, and looks for what the person would
look for: headings, labels and the words on buttons.
"""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from playwright.sync_api import Locator, Page, expect

from tests.journeys import mouse, post

ANN = "ann@example.org"


def heading(page: Page, words: str) -> None:
    """Wait for the page of this heading, until it is there whole."""
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()
    page.wait_for_load_state()


def told(page: Page, words: str) -> None:
    """Wait for the page that says these words, until it is there whole."""
    expect(page.get_by_text(words)).to_be_visible()
    page.wait_for_load_state()


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words)


def link(page: Page, words: str) -> Locator:
    """The first of that name in the page's main part."""
    return page.locator("main").get_by_role("link", name=words).first


def see_if_it_suits(page: Page, by: ModuleType = mouse) -> None:
    page.goto("/")
    heading(page, "Four weeks of learning to be kinder to yourself")
    by.press(link(page, "See if it could suit you"))


def read_the_sheet(page: Page, by: ModuleType = mouse) -> None:
    heading(page, "About the study")
    by.press(button(page, "Continue"))


def answer_who_can_join(page: Page, by: ModuleType = mouse) -> None:
    for question, answer in [
        ("Are you 18 or over?", "Yes, I am 18 or over"),
        ("Can you get online about once a week?", "Yes, I can"),
        ("Do you read English easily?", "Yes, easily"),
    ]:
        heading(page, question)
        by.tick(page.get_by_label(answer, exact=True))
        by.press(button(page, "Continue"))


def give_address(page: Page, by: ModuleType = mouse, address: str = ANN) -> None:
    heading(page, "Where shall we write to?")
    by.write(page.get_by_label("Your email address"), address)
    by.press(button(page, "Send me a code"))


def type_the_code(page: Page, by: ModuleType = mouse, address: str = ANN) -> None:
    heading(page, "Look in your email")
    by.write(page.get_by_label("Code", exact=True), post.code_for(address))
    by.press(button(page, "Continue"))


def agree(page: Page, by: ModuleType = mouse) -> None:
    heading(page, "Your agreement")
    for words in (
        "I have read the information sheet",
        "I know that I can leave at any time",
        "I know that nobody watches my answers",
        "I agree that what is collected is kept",
    ):
        by.tick(page.get_by_label(words))
    by.write(page.get_by_label("Your full name"), "Ann Demo")
    by.press(button(page, "I agree and want to take part"))


def say_a_little_about_oneself(page: Page, by: ModuleType = mouse) -> None:
    """Age and gender; the rest is left empty."""
    heading(page, "About you")
    by.write(page.get_by_label("How old are you?"), "34")
    by.tick(page.get_by_label("Woman", exact=True))
    by.press(button(page, "Continue"))


def pass_about_you(page: Page, by: ModuleType = mouse) -> None:
    heading(page, "About you")
    by.press(button(page, "Continue"))


def choose_thursday_evening(page: Page, by: ModuleType = mouse, zone: str | None = None) -> None:
    """`zone`: the one that the browser is expected to have offered."""
    heading(page, "Choose your day and time")
    if zone:
        expect(page.get_by_label("Where is your clock?")).to_have_value(zone)
    by.tick(page.get_by_label("Thursday", exact=True))
    by.pick(page.get_by_label("What time?"), "19:00")
    by.press(button(page, "Save my day and time"))


def see_the_dates(page: Page) -> list[str]:
    heading(page, "You are in")
    return page.locator("main .facts strong").all_inner_texts()


def save_the_calendar(page: Page, by: ModuleType = mouse) -> str:
    with page.expect_download() as download:
        by.press(link(page, "Put the dates in your calendar"))
    assert download.value.suggested_filename == "dates.ics"
    return Path(download.value.path()).read_text(encoding="utf-8")


def sign_in(page: Page, by: ModuleType = mouse, address: str = ANN) -> None:
    """On the sign-in page."""
    by.write(page.get_by_label("Your email address"), address)
    by.press(button(page, "Send me a code"))
    type_the_code(page, by, address)


def sign_out(page: Page, by: ModuleType = mouse) -> None:
    by.press(button(page, "Sign out"))
    told(page, "You have signed out. Nothing is lost.")


def open_the_mailed_session(
    page: Page, by: ModuleType = mouse, address: str = ANN, subject: str = "session"
) -> None:
    """The link of the newest mail, and the one button behind it."""
    page.goto(post.link_for(address, subject))
    heading(page, "Your session is ready")
    by.press(button(page, "Open my session"))


def play_from_part(page: Page, part: str, *, seconds: float, by: ModuleType = mouse) -> float:
    """Go to a part of the week's video and watch; returns where in the video it stopped."""
    video = page.locator("video")
    by.press(page.locator(".chapters").get_by_role("link", name=re.compile(part)))
    began = _playing_since(video)
    _wait(page, "(v, until) => v.currentTime >= until", video, began + seconds)
    video.evaluate("medium => medium.pause()")
    return float(video.evaluate("medium => medium.currentTime"))


def listen(page: Page, exercise: str, *, seconds: float) -> float:
    """To the beginning of an exercise; returns where it stopped."""
    sound = page.get_by_label(exercise)
    sound.evaluate("medium => medium.play()")
    _wait(page, "(medium, until) => medium.currentTime >= until", sound, seconds)
    sound.evaluate("medium => medium.pause()")
    return float(sound.evaluate("medium => medium.currentTime"))


def captions(page: Page) -> list[str]:
    """The words of the video's captions, as the browser has read them. They are shown."""
    video = page.locator("video")
    _wait(page, "video => video.textTracks[0].cues?.length > 0", video)
    mode, kind = video.evaluate("video => [video.textTracks[0].mode, video.textTracks[0].kind]")
    assert (mode, kind) == ("showing", "captions")
    words: list[str] = video.evaluate("video => [...video.textTracks[0].cues].map(cue => cue.text)")
    return words


def can_play(page: Page) -> bool:
    """Playwright's own Chromium comes without H.264 and AAC; the system's has them."""
    answer: str = page.evaluate(
        """document.createElement("video").canPlayType('video/mp4; codecs="avc1.640028, mp4a.40.2"')"""
    )
    return answer != ""


def read_the_handout(page: Page, is_noted: Callable[[], bool]) -> None:
    """To its end, and until it counts as read: after 20 seconds, from when the browser has noticed
    what is in view.

    The page's clock must have been installed (`page.clock.install()`): nobody wants to wait.
    """

    def reads_on() -> bool:
        page.clock.run_for(1000)
        return is_noted()

    page.locator(".handout [data-end]").scroll_into_view_if_needed()
    wait_until(page, reads_on)


def note_practice(page: Page, what: str, by: ModuleType = mouse) -> None:
    choice = page.get_by_label("What did you do?")
    value = choice.locator("option", has_text=what).first.get_attribute("value")
    by.pick(choice, str(value))
    by.press(button(page, "Note it"))
    told(page, "Noted.")


def did_it_another_way(page: Page, by: ModuleType = mouse) -> None:
    by.press(button(page, "I did this another way"))
    told(page, "Any way of doing it counts.")


def finish_the_week(page: Page, week: str, by: ModuleType = mouse) -> None:
    """`week` as the button has it: "week one"."""
    by.press(button(page, f"Finish {week}"))
    told(page, "is finished. You can come back to it")


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """For what the page reports in the background. Asked from here, not by the page's own timers,
    which may stand still; fails after ten seconds.
    """
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It did not come about within ten seconds.")


def _playing_since(medium: Locator) -> float:
    """Wait until it plays; where it is then."""
    _wait(
        medium.page, "medium => !medium.paused && medium.readyState > 2 && !medium.seeking", medium
    )
    return float(medium.evaluate("medium => medium.currentTime"))


def _wait(page: Page, condition: str, medium: Locator, *arguments: object) -> None:
    try:
        wait_until(page, lambda: bool(medium.evaluate(condition, *arguments)))
    except AssertionError as error:
        state = medium.evaluate("m => [m.currentTime, m.readyState, m.paused, m.error?.message]")
        raise AssertionError(f"{condition}: {state}") from error
