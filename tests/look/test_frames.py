"""The frame round every page."""

import re

import pytest
from django.template.loader import render_to_string

pytestmark = [pytest.mark.urls("tests.look.samples"), pytest.mark.django_db]


def body(client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_page_says_its_language_its_name_and_where_its_main_part_is(client):
    html = body(client, "/sample/")
    assert '<html lang="en-gb">' in html
    assert "<title>A sample. Joining, step 2 of 5. Four Weeks</title>" in html
    assert '<a class="skip" href="#main">' in html
    assert '<main id="main" class="page" tabindex="-1">' in html


def test_help_is_one_tap_away_at_the_top_and_at_the_foot(client):
    html = body(client, "/sample/")
    assert html.count('<a href="/help/">Find help now</a>') == 2


def test_someone_signed_in_can_always_sign_out_by_a_button_that_posts(client):
    html = body(client, "/framed/")
    assert re.search(
        r'<form action="/sign-out/" method="post">.*<button type="submit">Sign out', html
    )
    assert "Sign in" not in html


def test_someone_signed_out_is_offered_to_sign_in(client):
    html = body(client, "/error/404/")
    assert '<a href="/accounts/login/">Sign in</a>' in html
    assert "Sign out" not in html


def test_a_demonstration_says_that_it_is_one(client):
    words = "This is a demonstration. Nothing here is real"
    assert words in body(client, "/framed/")
    assert words not in body(client, "/error/404/")


def test_the_foot_names_who_runs_the_study_and_how_to_write_to_them(client):
    html = body(client, "/framed/")
    assert "Sample study is run by Sample University." in html
    assert '<a href="mailto:s@example.org">Write to us</a>' in html


def test_without_a_study_the_foot_keeps_the_words_on_safety_alone(client):
    html = body(client, "/error/404/")
    assert "is run by" not in html
    assert "Write to us" not in html
    assert "Nobody reads these pages for signs of danger." in html


def test_the_referrer_stays_on_this_site_and_forms_keep_their_origin(client):
    assert '<meta name="referrer" content="same-origin">' in body(client, "/sample/")


def test_what_was_saved_is_said_once_and_calmly(client):
    answers = {"address": "a@example.org", "hour": "19", "when": "today", "agreed": "on"}
    html = client.post("/sample/", answers, follow=True).content.decode()
    assert re.search(r'role="status">\s*<div class="notice"><p>Saved.</p></div>', html)
    assert "Saved." not in body(client, "/sample/")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_nothing_but_its_words(name):
    html = render_to_string(f"{name}.html")
    assert len(re.findall(r"<h1>", html)) == 1
    assert "Find help now" in html


def test_staff_pages_mark_where_one_is(client):
    html = body(client, "/staff/styleguide/")
    assert '<a href="/staff/styleguide/" aria-current="page">Style guide</a>' in html
    assert html.count('aria-current="page"') == 1
    assert '<body class="staff">' in html
