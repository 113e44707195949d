"""One field template for every form: names, hints and problems reach eyes and ears alike."""

import re

import pytest

from tests.look.samples import SampleForm

pytestmark = [pytest.mark.urls("tests.look.samples"), pytest.mark.django_db]


def ids_in(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def described_by(html: str) -> list[str]:
    return [
        one for found in re.findall(r'aria-describedby="([^"]+)"', html) for one in found.split()
    ]


def test_a_field_is_named_and_explained():
    html = str(SampleForm()["address"].as_field_group())
    assert '<label for="id_address">Your email address</label>' in html
    assert '<p class="hint" id="id_address_helptext">We send you a code.</p>' in html
    assert described_by(html) == ["id_address_helptext"]
    assert "problem" not in html


def test_a_field_that_needs_another_look_says_so_in_words():
    html = str(SampleForm({})["address"].as_field_group())
    assert '<div class="field has-problem">' in html
    assert (
        '<div id="id_address_error"><p class="problem">Write your email address</p></div>' in html
    )
    assert described_by(html) == ["id_address_helptext", "id_address_error"]
    assert 'aria-invalid="true"' in html


def test_radio_buttons_stand_in_one_named_group_of_large_targets():
    html = str(SampleForm()["when"].as_field_group())
    assert "<legend>When?</legend>" in html
    assert '<div class="choices ruled" id="id_when">' in html
    assert html.count('<label class="choice"') == 2


def test_a_single_tick_box_stands_in_its_own_label():
    html = str(SampleForm()["agreed"].as_field_group())
    assert re.search(
        r'<label class="choice" for="id_agreed"><input[^>]*> <span>I agree</span></label>', html
    )
    assert described_by(html) == ["id_agreed_helptext"]


@pytest.mark.parametrize("data", [None, {}])
def test_each_thing_that_is_referred_to_is_there_once(data):
    html = str(SampleForm(data))
    assert len(ids_in(html)) == len(set(ids_in(html)))
    assert set(described_by(html)) <= set(ids_in(html))
    assert set(re.findall(r'\sfor="([^"]+)"', html)) <= set(ids_in(html))


def test_hidden_fields_come_with_the_form():
    assert '<input type="hidden" name="template" id="id_template">' in str(SampleForm())


def test_nothing_is_ticked_or_chosen_beforehand():
    assert "checked" not in str(SampleForm())


def test_problems_are_gathered_at_the_top_each_linked_to_its_field(client):
    html = client.post("/sample/", {"hour": "19"}).content.decode()
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', html)
    assert links == [
        ("id_address", "Write your email address"),
        ("id_when_0", "Choose a day"),
        ("id_agreed", "Tick this to join"),
    ]
    assert {target for target, _ in links} <= set(ids_in(html))
    assert "Some things need another look" in html
    assert "<title>Problem: A sample." in html


def test_a_single_problem_is_called_one(client):
    answers = {"hour": "19", "when": "today", "agreed": "on"}
    html = client.post("/sample/", answers).content.decode()
    assert "One thing needs another look" in html
