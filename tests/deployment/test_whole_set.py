"""All processes of the compose file together, and a person's way through them."""

import socket
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from deploy import healthy
from tests.deployment import files
from tests.deployment.outbox import Outbox
from tests.deployment.processes import Machine, wait_until
from tests.journeys import steps
from tests.journeys.steps import ANN, heading, link

pytestmark = pytest.mark.slow


@pytest.fixture
def study(platform: Machine) -> Any:
    from courses.loading import load_course
    from demo.study import make_study

    before = timezone.now() - timedelta(days=7)
    course = Path(settings.BASE_DIR) / "content" / "self-compassion"
    return make_study(edition=load_course(course, publish=True, now=before).edition, now=before)


@pytest.fixture
def answers(page: Page) -> Iterator[list[Response]]:
    """Of the addresses of media, in their order."""
    heard: list[Response] = []

    def hear(response: Response) -> None:
        if "/file/" in response.url:
            heard.append(response)

    page.on("response", hear)
    yield heard
    page.remove_listener("response", hear)


def let_week_one_come() -> None:
    """Nobody waits until Thursday: what was to come then comes now, and all else as much earlier."""
    from participants.models import Session
    from scheduling.models import Prompt

    first = Session.objects.order_by("opens_at")[0]
    early = first.opens_at - timezone.now()
    Session.objects.update(opens_at=F("opens_at") - early)
    Prompt.objects.filter(kind="session").update(
        due_at=F("due_at") - early, next_attempt_at=F("next_attempt_at") - early
    )


def test_a_person_joins_is_written_to_and_has_their_first_week(
    platform: Machine, study: Any, page: Page, outbox: Outbox, answers: list[Response]
) -> None:
    steps.see_if_it_suits(page)
    steps.read_the_sheet(page)
    steps.answer_who_can_join(page)
    steps.give_address(page)
    steps.type_the_code(page)
    steps.agree(page)
    steps.pass_about_you(page)
    steps.choose_thursday_evening(page)
    assert len(steps.see_the_dates(page)) == 4
    link(page, "Go to your four weeks").click()
    outbox.wait_for(ANN, "Your copy of what you agreed")
    outbox.wait_for(ANN, "Your dates for Four Weeks")

    let_week_one_come()
    outbox.wait_for(ANN, "session")
    page.context.clear_cookies()
    steps.open_the_mailed_session(page)
    heading(page, "What self-compassion is")
    if steps.can_play(page):
        steps.play_from_part(page, "tricky brain", seconds=2)
    else:
        page.evaluate("url => fetch(url, {headers: {Range: 'bytes=5-9'}})", film(page))
    steps.wait_until(page, lambda: bool(answers))
    assert {each.status for each in answers} == {206}
    assert {each.headers["content-range"].split("/")[1] for each in answers} == {size(study)}
    steps.did_it_another_way(page)
    steps.finish_the_week(page, "week one")
    expect(page.get_by_text("Finished on")).to_be_visible()

    assert set(ready(page).values()) == {"ok"}
    assert_healthy(platform)
    assert_nothing_told(platform, page)


def film(page: Page) -> str:
    return str(page.locator("video source, video[src]").first.get_attribute("src"))


def size(study: Any) -> str:
    from courses.models import Material

    video = Material.objects.get(module__edition=study.edition, module__week=1, key="video")
    return str(video.file.size)


def ready(page: Page) -> dict[str, str]:
    """What each part says of itself, once all is well or half a minute has passed."""
    wait_until(lambda: page.request.get("/healthz/ready").ok, "It was not ready.", seconds=30)
    parts: dict[str, str] = page.request.get("/healthz/ready").json()["parts"]
    return parts


def assert_nothing_told(platform: Machine, page: Page) -> None:
    from scheduling.models import Prompt

    logs = platform.seen() + platform.faults() + "".join(each.said() for each in platform.running)
    assert "/go/***" in platform.seen()
    assert ANN not in logs
    assert "127.0.0.1 " not in platform.seen()
    assert Prompt.objects.filter(state="sent").count() >= 3


def assert_healthy(platform: Machine) -> None:
    """By the checks of the compose file, on what they ask when all is up."""
    [_shell, ping] = files.services()["worker"]["healthcheck"]["test"]
    environment = {**platform.environment, "HOSTNAME": socket.gethostname()}
    pinged = subprocess.run(
        ["/bin/sh", "-c", ping.replace("$$", "$")],
        cwd=platform.image,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert pinged.returncode == 0, pinged.stdout + pinged.stderr
    assert healthy.beat_lives(platform.folder)
