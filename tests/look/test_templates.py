"""What holds for every template, whoever writes it."""

import re

import pytest
from django.template.loader import get_template

from tests.look.templates import is_mail, names, pages, untranslated

# Samples, shown to the people who build pages.
NOT_TRANSLATED = {"monitoring/styleguide.html", "parts/guide_space.html"}


@pytest.mark.parametrize("name", names())
def test_every_template_can_be_read(name):
    assert get_template(name).template.name == name


@pytest.mark.parametrize("name", [name for name in pages() if not is_mail(name)])
def test_no_page_holds_styles_or_scripts_that_the_policy_would_block(name):
    found = re.findall(
        r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\bsrc=)[^>]*>",
        pages()[name],
    )
    # Data for a script is not a script.
    assert [tag for tag in found if 'type="application/json"' not in tag] == []


@pytest.mark.parametrize("name", [name for name in pages() if not is_mail(name)])
def test_no_page_fetches_from_another_server(name):
    assert (
        re.findall(
            r"<(?:script|link|img|iframe|video|audio|source)\b[^>]*=\"(?:https?:)?//", pages()[name]
        )
        == []
    )


@pytest.mark.parametrize("name", [name for name in pages() if name not in NOT_TRANSLATED])
def test_every_word_can_be_translated(name):
    assert untranslated(pages()[name]) == []


def test_a_bare_word_would_be_found():
    assert untranslated('<p class="soft">Hello {% translate "there" %}</p><img alt="A tree">') == [
        "A tree",
        "Hello",
    ]
