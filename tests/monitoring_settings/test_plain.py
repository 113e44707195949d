"""Whoever wrote plain words is shown plain words again, and what is stored stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.html import from_markdown, sanitised
from monitoring.settings_pages.plain import as_typed, cleaned
from studies.models import Document, Study
from tests.factories.studies import DocumentFactory, StudyFactory
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import fields_of, row, send

WORDS = """## What is new

We ask **one** thing more, and *kindly*. It’s short.
A second line.

- the first
- the second, with [a page](https://example.org/a)

### In order

1. this
2. that"""


def test_words_come_back_as_they_were_written() -> None:
    stored = cleaned(WORDS)
    assert stored.startswith("<h2>What is new</h2>\n<p>We ask <strong>one</strong>")
    assert as_typed(stored) == WORDS
    assert cleaned(as_typed(stored)) == stored


@pytest.mark.parametrize(
    "html",
    [
        "<table><tbody><tr><td>a</td></tr></tbody></table>",
        '<p>Straight "quotes"</p>',
        "<p>2 *3* 4</p>",
        "<p># no heading</p>",
        "<p>a &lt;b</p>",
        '<ol start="3"><li>c</li></ol>',
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
        "<p>one</p><p>two</p>",
        "<p>a<br>b</p>",
        "words alone",
        "",
    ],
)
def test_what_plain_words_cannot_say_comes_back_as_it_is_stored(html: str) -> None:
    stored = sanitised(html)
    assert as_typed(stored) == stored


@given(st.text(alphabet="ab #*-_1.[]()<>/&\"'\n\\`", max_size=60))
def test_nothing_that_is_stored_is_changed_by_being_shown(typed: str) -> None:
    for stored in (cleaned(typed), from_markdown(typed), sanitised(typed)):
        if cleaned(stored) == stored:
            assert cleaned(as_typed(stored)) == stored


@pytest.mark.django_db
def test_draft_is_edited_in_plain_words_and_published_as_before() -> None:
    study: Study = StudyFactory(slug="calm", documents=False)
    body = cleaned(WORDS)
    draft: Document = DocumentFactory(study=study, kind="information", body=body)
    client = managing(study)
    address = "/staff/calm/settings/documents/information/draft/"
    page = client.get(address)
    assert fields_of(page)["body"] == [WORDS]
    send(client, address, title="Another title")
    draft.refresh_from_db()
    assert (draft.title, draft.body) == ("Another title", body)


@pytest.mark.django_db
def test_whoever_comes_second_reads_the_others_plain_words() -> None:
    study: Study = StudyFactory(slug="calm", documents=False)
    DocumentFactory(study=study, kind="consent", body=cleaned("One"), statements={"read": True})
    client, address = managing(study), "/staff/calm/settings/documents/consent/draft/"
    mine = client.get(address)
    send(managing(study), address, mine, body="Theirs")
    page = send(client, address, mine, body="Mine", **row(1, text="Words"))
    assert '<pre class="source">Theirs</pre>' in page.content.decode()
    assert fields_of(page)["body"] == ["Mine"]
