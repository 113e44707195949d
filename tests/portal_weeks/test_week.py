"""A week's page, its printable pages, and what is told on it by one's own word."""

import gzip
import itertools
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from participants.models import Engagement, MediaProgress, Play, Session
from participants.playback import record_play
from tests.portal_weeks.people import WEEK_ONE, session_of, token_of

WEEK = timedelta(days=7)
STATIC = Path(settings.BASE_DIR) / "static"


def _page(client, address="/week/1/"):
    return client.get(address).content.decode()


def _play(person, moment):
    session = session_of(person)
    video = session.module.materials.get(key="video")
    assert record_play(
        session=session,
        material=video,
        uuid=uuid4(),
        started_at=moment - timedelta(seconds=61),
        position=30,
        seconds=60,
        speed=1,
        resume_at=90,
        now=moment,
    )


def test_a_week_offers_watching_reading_listening_and_practising(signed_in, person):
    page = _page(signed_in)
    video = session_of(person).module.materials.get(key="video")
    assert f'src="/media/{video.pk}/file/"' in page
    assert f'src="/media/{video.pk}/captions/" default' in page
    assert f'src="/media/{video.pk}/chapters/"' in page
    assert "You can stop at any time." in page  # the words beside the video
    assert "What would you say to them?" in page  # the handout
    assert "Soothing rhythm breathing, 10 minutes" in page
    assert "A shorter one, 3 minutes" in page
    assert "Please do not listen while driving." in page
    assert "Listen to the exercise." in page
    assert "You can come back to this week until 29 January 2027." in page
    assert "Week two opens on Thursday 15 January at 7 in the evening." in page


def test_the_handouts_headings_follow_those_of_the_page(signed_in):
    levels = [int(level) for level in re.findall(r"<h(\d)", _page(signed_in))]
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))


def test_nothing_on_the_page_breaks_the_strict_policy(signed_in):
    page = _page(signed_in)
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son\w+=", page)


def test_opening_a_week_is_kept_once_a_day(signed_in, person):
    _page(signed_in)
    _page(signed_in)
    session = session_of(person)
    assert session.first_opened_at == WEEK_ONE + timedelta(hours=1)
    assert Engagement.objects.filter(session=session, kind="opened").count() == 1


def test_asking_for_the_head_opens_nothing(signed_in, person):
    assert signed_in.head("/week/1/").status_code == 200
    assert session_of(person).first_opened_at is None


def test_a_week_that_is_not_open_yet_says_when_it_opens(signed_in, person):
    response = signed_in.get("/week/2/")
    assert response.status_code == 200
    assert (
        '<h1 class="up-2">This week opens on Thursday 15 January at 7 in the evening</h1>'
        in response.content.decode()
    )
    assert session_of(person, 2).first_opened_at is None


@pytest.mark.parametrize("page", ["handout/print/", "video/words/"])
def test_the_pages_of_a_coming_week_wait_too(signed_in, page):
    assert "This week opens on" in _page(signed_in, f"/week/2/{page}")


@pytest.mark.parametrize("form", ["finish/", "another-way/", "practised/"])
def test_nothing_can_be_told_of_a_coming_week(signed_in, form):
    response = signed_in.post(f"/week/2/{form}")
    assert "This week opens on" in response.content.decode()
    assert not Engagement.objects.exists()
    assert not Session.objects.exclude(finished_at=None).exists()


def test_the_place_in_the_video_is_kept(signed_in, person):
    _page(signed_in)
    _play(person, WEEK_ONE + timedelta(hours=1))
    page = _page(signed_in)
    assert 'data-position="90"' in page
    assert "file/#t=90" in page


def test_a_chapter_is_a_link_that_needs_no_script(signed_in):
    assert 'href="?t=1#watch" data-chapter="1"' in _page(signed_in)
    page = _page(signed_in, "/week/1/?t=120")
    assert "file/#t=120" in page
    assert 'preload="metadata"' in page


def test_the_first_chapter_begins_at_the_beginning_also_for_someone_who_was_further(
    signed_in, person
):
    _page(signed_in)
    _play(person, WEEK_ONE + timedelta(hours=1))
    page = _page(signed_in, "/week/1/?t=0")
    assert "file/#t=0" in page
    assert 'data-position="0"' in page
    assert 'preload="metadata"' in page


def test_the_page_claims_no_type_for_a_film_that_may_be_another(signed_in):
    assert "video/mp4" not in _page(signed_in)


@pytest.mark.parametrize("place", ["301", "99999999999999999", "-1", "1.5", "²", "x", ""])
def test_a_place_that_the_video_does_not_have_is_passed_over(signed_in, place):
    response = signed_in.get("/week/1/", {"t": place})
    assert response.status_code == 200
    assert "#t=" not in response.content.decode()


def test_finishing_is_by_own_word_and_leads_home(signed_in, person):
    response = signed_in.post("/week/1/finish/", follow=True)
    assert response.redirect_chain == [("/home/", 302)]
    assert "Week one is finished. You can come back to it" in response.content.decode()
    assert session_of(person).finished_at == WEEK_ONE + timedelta(hours=1)


def test_finishing_twice_keeps_the_first_time(signed_in, person, clock):
    signed_in.post("/week/1/finish/")
    clock(WEEK_ONE + timedelta(days=2))
    signed_in.post("/week/1/finish/")
    assert session_of(person).finished_at == WEEK_ONE + timedelta(hours=1)
    assert "You finished this week on Thursday 8 January" in _page(signed_in)


def test_another_way_counts_and_a_double_click_counts_once(signed_in):
    key = str(uuid4())
    for _click in range(2):
        response = signed_in.post("/week/1/another-way/", {"uuid": key}, follow=True)
    assert "Any way of doing it counts." in response.content.decode()
    assert Engagement.objects.filter(kind="another_way").count() == 1


def _section(page, heading):
    """The words of the part of the page under the heading with this id."""
    return page.split(f'id="{heading}"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("form", "data", "place", "words"),
    [
        ("another-way", {}, "done", "Any way of doing it counts."),
        (
            "practised",
            {"practice-activity": "own", "practice-day": "2026-01-08"},
            "practised",
            "Noted.",
        ),
    ],
)
def test_the_answer_stands_where_the_person_is(signed_in, form, data, place, words):
    response = signed_in.post(f"/week/1/{form}/", data)
    assert response.url == f"/week/1/#{place}"
    page = _page(signed_in)
    assert page.count(words) == 1
    assert words in _section(page, place)
    assert page.count('role="status"') == 1
    assert 'role="status"' not in _page(signed_in)


def test_without_a_script_the_week_counts_by_own_words_and_is_unmeasured(by_link, person):
    _page(by_link)
    by_link.post("/week/1/another-way/")
    by_link.post("/week/1/finish/")
    session = session_of(person)
    assert not session.playback_measurable
    assert session.finished_at is not None
    assert not Play.objects.exists()
    assert not MediaProgress.objects.exists()


def test_the_printable_page_is_noted(signed_in):
    page = _page(signed_in, "/week/1/handout/print/")
    assert "What would you say to them?" in page
    assert Engagement.objects.filter(kind="printed", material__key="handout").count() == 1


def test_the_printable_page_is_noted_once_a_day(signed_in, clock):
    for _load in range(3):
        _page(signed_in, "/week/1/handout/print/")
    printed = Engagement.objects.filter(kind="printed")
    assert printed.count() == 1
    clock(WEEK_ONE + timedelta(days=1))
    _page(signed_in, "/week/1/handout/print/")
    assert printed.count() == 2


def test_the_words_of_the_video_are_a_page(signed_in):
    assert "You can stop at any time." in _page(signed_in, "/week/1/video/words/")


@pytest.mark.parametrize("page", ["nothing/print/", "nothing/words/"])
def test_an_unknown_material_is_not_found(signed_in, page):
    assert signed_in.get(f"/week/1/{page}").status_code == 404


@pytest.mark.parametrize("form", ["finish", "another-way", "practised"])
def test_telling_takes_a_form(signed_in, form):
    response = signed_in.get(f"/week/1/{form}/")
    assert (response.status_code, response.url) == (302, "/week/1/")
    assert not Engagement.objects.exists()
    assert not Session.objects.exclude(finished_at=None).exists()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post(f"/week/1/{form}/").status_code == 403


@pytest.mark.parametrize("weeks", [1, 4])
@pytest.mark.parametrize("by", ["code", "link"])
def test_a_week_asks_the_database_eleven_times_at_most_and_then_nine(
    person, clock, weeks, by, django_assert_max_num_queries
):
    client = Client()
    clock(WEEK_ONE + (weeks - 1) * WEEK + timedelta(hours=1))
    if by == "code":
        client.force_login(person.user)
    else:
        client.post(f"/go/{token_of(person)}/")
    for week in range(1, weeks):
        client.get(f"/week/{week}/")
    # Besides the two of the savepoint that its writes stand in. The first visit is noted.
    with django_assert_max_num_queries(11 + 2):
        client.get(f"/week/{weeks}/")
    with django_assert_max_num_queries(9 + 2):
        client.get(f"/week/{weeks}/")


def test_a_week_weighs_sixty_kilobytes_at_most_without_its_media(signed_in):
    page = signed_in.get("/week/1/").content
    files = re.findall(rb'(?:href|src)="/static/([^"]+)"', page)
    fonts = [name for name in files if name.endswith(b".woff2")]
    texts = [page, *((STATIC / name.decode()).read_bytes() for name in set(files) - set(fonts))]
    weight = sum(len(gzip.compress(text)) for text in texts)
    weight += sum((STATIC / name.decode()).stat().st_size for name in fonts)
    assert weight <= 60 * 1024
