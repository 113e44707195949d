"""The frame of every mail: the same words in both parts, good without pictures or styles."""

import re

from django.template.loader import render_to_string

FULL = {
    "study_name": "Four Weeks",
    "heading": "Your Thursday session is open",
    "paragraphs": [
        "This is week two. There is something to watch, something to read and something to listen to.",
        "Ann & Bo <said>: begin whenever you are ready.",
    ],
    "button_url": "https://example.org/go/token",
    "button_label": "Open my session",
    "link_note": True,
    "day_url": "https://example.org/day/",
    "pause_url": "https://example.org/pause/",
    "helplines": [("Samaritans", "116 123, day and night")],
    "help_url": "https://example.org/help/",
    "why": "You get this email because you chose Thursdays at 7 in the evening.",
    "reply_note": "Answers go to the study team.",
    "stop_url": "https://example.org/stop/token",
}
LEAST = {"heading": "Done", "paragraphs": ["That is all."], "help_url": "h", "why": "Because."}


def text(context: dict) -> str:
    return render_to_string("mail/frame.txt", context)


def html(context: dict) -> str:
    return render_to_string("mail/frame.html", context)


def test_the_text_part_reads_well_in_a_narrow_window():
    too_wide = [line for line in text(FULL).split("\n") if len(line) > 72]
    assert too_wide == []


def test_the_text_part_keeps_what_people_wrote_as_they_wrote_it():
    assert "Ann & Bo <said>: begin whenever you are ready." in text(FULL)


def test_the_html_part_escapes_what_people_wrote():
    assert "Ann &amp; Bo &lt;said&gt;: begin whenever you are ready." in html(FULL)


def test_both_parts_lead_to_the_same_places():
    addresses = {value for name, value in FULL.items() if name.endswith("_url")}
    assert set(re.findall(r"https://\S+", text(FULL))) == addresses
    assert set(re.findall(r'href="([^"]+)"', html(FULL))) == addresses


def test_the_html_part_loads_nothing_and_so_tells_nobody():
    assert re.findall(r"<(?:img|link|script|iframe)\b|url\(|@import", html(FULL)) == []


def test_help_stands_in_every_mail_however_short():
    assert "IF YOU ARE NOT SAFE, OR NEED SOMEONE TO TALK TO" in text(LEAST)
    assert '<a class="link" href="h"' in html(LEAST)


def test_a_short_mail_leaves_no_empty_offers():
    assert "Unsubscribe" not in text(LEAST) + html(LEAST)
    assert "60 days" not in text(LEAST) + html(LEAST)
    assert "browser" not in text(LEAST) + html(LEAST)
    assert "\n\n\n\n" not in text(LEAST)
