"""Reports of playing and reading: believed when they are the participant's own, and no more."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from participants.models import Engagement, MediaProgress, Play
from portal.weeks import tokens
from scheduling import services
from tests.factories.scheduling import enrolled
from tests.factories.studies import ServiceFactory
from tests.portal_weeks.people import WEEK_ONE, session_of

NOW = WEEK_ONE + timedelta(hours=1)


def _send(client, data, **headers):
    body = data if isinstance(data, bytes | str) else json.dumps(data)
    return client.post("/report/", body, content_type="application/json", headers=headers)


def _play(person, **changes):
    return {
        "token": tokens.token_for(session_of(person)),
        "kind": "play",
        "uuid": str(uuid4()),
        "material": "video",
        "ago": 60.2,
        "position": 0,
        "seconds": 60,
        "speed": 1,
        "resume_at": 60,
        **changes,
    }


def _nothing_changed():
    return not (Play.objects.exists() or MediaProgress.objects.exists())


def test_a_playing_is_recorded_with_its_start_reckoned_from_now(signed_in, person):
    assert _send(signed_in, _play(person)).status_code == 204
    play = Play.objects.get()
    assert (play.session, play.material.key) == (session_of(person), "video")
    assert (play.position, play.seconds, play.speed) == (0, 60, 1)
    assert play.started_at == NOW - timedelta(seconds=60.2)
    assert MediaProgress.objects.get().position == 60


def test_a_visit_by_link_reports_as_well(by_link, person):
    assert _send(by_link, _play(person)).status_code == 204
    assert Play.objects.count() == 1


def test_the_same_report_twice_is_one_playing(signed_in, person):
    report = _play(person)
    assert [_send(signed_in, report).status_code for _time in range(2)] == [204, 204]
    assert Play.objects.count() == 1


def test_two_things_played_at_once_are_one(signed_in, person):
    _send(signed_in, _play(person))
    assert _send(signed_in, _play(person, material="exercise")).status_code == 204
    assert Play.objects.count() == 1


def test_playings_that_follow_each_other_are_two(signed_in, person):
    _send(signed_in, _play(person, ago=120.5))
    _send(signed_in, _play(person, position=60, resume_at=120))
    assert Play.objects.count() == 2
    assert MediaProgress.objects.get().seconds == 120


def test_the_pages_greeting_makes_the_week_measurable(signed_in, person):
    report = {"token": tokens.token_for(session_of(person)), "kind": "hello"}
    assert _send(signed_in, report).status_code == 204
    assert session_of(person).playback_measurable


@pytest.mark.parametrize(
    ("kind", "material"), [("read", "handout"), ("read_transcript", "exercise")]
)
def test_reading_is_recorded_once(signed_in, person, kind, material):
    report = {
        "token": tokens.token_for(session_of(person)),
        "kind": kind,
        "material": material,
        "uuid": str(uuid4()),
    }
    _send(signed_in, report)
    assert _send(signed_in, report).status_code == 204
    assert Engagement.objects.filter(kind=kind, material__key=material).count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"seconds": 3600, "ago": 3600},  # longer than the video
        {"position": 290},  # past its end
        {"ago": 5},  # faster than time
        {"ago": 2 * 24 * 60 * 60},  # before the week opened
        {"speed": 16, "ago": 60},
        {"seconds": 0},
        {"material": "handout"},  # nothing to play
    ],
)
def test_a_forged_playing_changes_nothing(signed_in, person, forged):
    assert _send(signed_in, _play(person, **forged)).status_code == 204
    assert _nothing_changed()


def test_a_report_of_someone_who_signed_out_changes_nothing(client, person, clock):
    assert _send(client, _play(person)).status_code == 403
    assert _nothing_changed()


def test_a_report_about_another_person_changes_nothing(person, clock):
    other = enrolled(study=ServiceFactory(), now=WEEK_ONE)
    client = Client()
    client.force_login(other.user)
    assert _send(client, _play(person)).status_code == 403
    assert _nothing_changed()


def test_a_report_of_someone_who_left_changes_nothing(signed_in, person):
    report = _play(person)
    services.leave(enrolment=person, level="training", reason="", now=timezone.now())
    assert _send(signed_in, report).status_code == 403
    assert _nothing_changed()


def test_a_report_about_a_coming_week_changes_nothing(signed_in, person):
    token = tokens.token_for(session_of(person, 2))
    assert _send(signed_in, _play(person, token=token)).status_code == 403
    assert _nothing_changed()


@pytest.mark.parametrize("token", ["", "1", "1.x.y", None, 5, [], {}])
def test_a_forged_token_changes_nothing(signed_in, person, token):
    assert _send(signed_in, _play(person, token=token)).status_code == 403
    assert _nothing_changed()


def test_a_page_left_open_for_more_than_two_weeks_no_longer_reports(signed_in, person, clock):
    report = _play(person)
    clock(NOW + timedelta(days=14, seconds=1))
    assert _send(signed_in, report).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
def test_a_report_from_another_origin_changes_nothing(signed_in, person, headers):
    assert _send(signed_in, _play(person), **headers).status_code == 403
    assert _nothing_changed()


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}]
)
def test_a_report_from_the_page_itself_is_heard(signed_in, person, headers):
    assert _send(signed_in, _play(person), **headers).status_code == 204
    assert Play.objects.count() == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"play"',
        b"1e999",
        b"{",
        b"[" * 4000,
        b"{}",
        b'{"kind": {}}',
        b"x" * 5000,
    ],
)
def test_garbage_is_refused_and_never_a_fault(signed_in, garbage):
    assert _send(signed_in, garbage).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "opened"},
        {"kind": "another_way"},
        {"kind": None},
        {"kind": ["play"]},
        {"uuid": "x"},
        {"uuid": 7},
        {"uuid": None},
        {"material": "nothing"},
        {"material": "vid\x00eo"},
        {"material": 7},
        {"ago": "60"},
        {"ago": True},
        {"ago": -1},
        {"ago": 10**400},
        {"seconds": float("nan")},
        {"position": float("inf")},
        {"speed": None},
        {"resume_at": {}},
    ],
)
def test_a_report_of_the_wrong_shape_is_refused(signed_in, person, wrong):
    assert _send(signed_in, _play(person, **wrong)).status_code == 403
    assert _nothing_changed()
    assert not Engagement.objects.exists()


def test_a_report_too_long_to_be_one_is_not_read(signed_in, person):
    report = _play(person, padding="x" * 4096)
    assert _send(signed_in, report).status_code == 403


@pytest.mark.parametrize("length", ["x", "1.5", "0x10", "9" * 5000])
def test_a_report_whose_length_is_no_number_is_refused(signed_in, person, length):
    body = json.dumps(_play(person))
    response = signed_in.post(
        "/report/", body, content_type="application/json", CONTENT_LENGTH=length
    )
    assert response.status_code == 403
    assert _nothing_changed()


def test_a_report_is_posted(signed_in):
    assert signed_in.get("/report/").status_code == 405
