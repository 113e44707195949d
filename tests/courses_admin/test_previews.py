"""An editor sees a page as participants do, before anybody does."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.models import Edition
from participants.models import Enrolment, Session
from portal.previews import nobody
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Edition:
    return draft_edition(weeks=2)


def shown(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_week_is_shown_as_it_will_be(editor: Client, draft: Edition) -> None:
    module = draft.modules.first()
    handout = module.materials.get(key="handout")
    handout.body = "<h2>New words</h2>"
    handout.save()

    page = shown(editor.get(reverse("preview:week_page", args=[module.pk])))

    for words in [
        module.title, module.introduction, "New words", "Listen to the exercise.", "Common worries",
        "Week two opens on",
    ]:  # fmt: skip
        assert words in page


def test_nobody_is_made_or_met_for_it(editor: Client, draft: Edition) -> None:
    editor.get(reverse("preview:week_page", args=[draft.modules.first().pk]))

    assert (Enrolment.objects.count(), Session.objects.count()) == (0, 0)


def test_the_template_is_given_what_the_real_page_gives_it() -> None:
    """Name by name: one that is added to the week's page is missed here."""
    person = enrolled(now=MONDAY)
    module = person.edition.modules.get(week=1)
    with time_machine.travel(datetime(2026, 5, 1, 12, 0, tzinfo=UTC), tick=False):
        real = signed_in(person.user).get(reverse("portal:week", args=[1])).context[0].flatten()
        everywhere = signed_in(person.user).get(reverse("portal:help")).context[0].flatten()

    made_up = nobody.week(module, now=MONDAY)

    own = real.keys() - (everywhere.keys() - made_up.keys()) - {"block"}
    assert made_up.keys() == own


def test_nothing_on_it_runs_or_leads_away(editor: Client, draft: Edition) -> None:
    page = shown(editor.get(reverse("preview:week_page", args=[draft.modules.first().pk])))

    assert "<script" not in page
    away = [link for link in re.findall(r'<a\b[^>]*\shref="([^"]*)"', page) if link[0] != "#"]
    assert away == []


def test_media_come_by_the_editors_own_address(editor: Client, draft: Edition) -> None:
    module = draft.modules.first()
    video = module.materials.get(key="video")

    page = shown(editor.get(reverse("preview:week_page", args=[module.pk])))

    assert "/media/" not in page
    for what in ["file", "captions", "poster", "chapters"]:
        address = reverse("preview:media", args=[video.pk, what])
        assert address in page
        assert b"".join(editor.get(address)) != b""
    first = {"Range": "bytes=0-9"}
    part = editor.get(reverse("preview:media", args=[video.pk, "file"]), headers=first)
    assert (part.status_code, len(b"".join(part))) == (206, 10)


def test_a_file_that_there_is_not_is_not_found(editor: Client, draft: Edition) -> None:
    handout = draft.modules.first().materials.get(key="handout")

    for what in ["file", "captions", "chapters", "anything"]:
        assert editor.get(reverse("preview:media", args=[handout.pk, what])).status_code == 404


def test_a_text_beside_the_weeks_is_shown(editor: Client, draft: Edition) -> None:
    text = draft.companions.get(kind="worries")

    page = shown(editor.get(reverse("preview:companion_page", args=[text.pk])))

    assert text.body in page


@pytest.mark.parametrize(
    ("key", "place"),
    [("video", "watch"), ("handout", "read"), ("exercise", "title-exercise")],
)
def test_a_material_is_shown_where_it_stands(
    editor: Client, draft: Edition, key: str, place: str
) -> None:
    module = draft.modules.first()
    material = module.materials.get(key=key)

    frame = shown(editor.get(reverse("preview:material", args=[material.pk])))

    page = reverse("preview:week_page", args=[module.pk])
    assert f'src="{page}" data-place="{place}"' in frame
    assert f'id="{place}"' in shown(editor.get(page))


def test_it_speaks_as_the_study_does_that_gives_the_course(editor: Client) -> None:
    edition = published_edition(weeks=1)
    StudyFactory(edition=edition, purpose="service")
    module = edition.modules.get()

    page = shown(editor.get(reverse("preview:week_page", args=[module.pk])))

    assert "It helps the research" not in page


ADDRESSES = ["week", "week_page", "companion", "companion_page", "material", "media"]


def address(name: str, draft: Edition) -> str:
    module = draft.modules.first()
    if name.startswith("companion"):
        return reverse(f"preview:{name}", args=[draft.companions.first().pk])
    if name.startswith("week"):
        return reverse(f"preview:{name}", args=[module.pk])
    video = module.materials.get(key="video")
    return reverse(f"preview:{name}", args=[video.pk, *(["file"] if name == "media" else [])])


@pytest.mark.parametrize("name", ADDRESSES)
def test_others_see_nothing_of_a_draft(draft: Edition, name: str) -> None:
    where = address(name, draft)

    assert Client().get(where).status_code == 302
    assert signed_in(EnrolmentFactory().user).get(where).status_code == 302
    assert staff_client(researcher_of=StudyFactory()).get(where).status_code == 302
    assert staff_client(staff=True).get(where).status_code == 403


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_preview_can_be_read_and_not_be_sent_to(
    editor: Client, draft: Edition, name: str
) -> None:
    assert editor.post(address(name, draft)).status_code == 405


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name != "media"])
def test_what_is_not_there_is_not_found(editor: Client, name: str) -> None:
    assert editor.get(reverse(f"preview:{name}", args=[99])).status_code == 404
