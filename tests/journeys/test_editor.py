"""An editor mends a sentence: who is half-way keeps the old words, who is new gets the new ones."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import FrameLocator, Locator, Page, expect

from courses.html import sanitised
from courses.html_tree import canonical
from courses.loading import load_course
from courses.models import Edition, Material
from scheduling import markdown
from scheduling.models import Kind
from scheduling.wordings import default_words
from studies.models import Study
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import UserFactory
from tests.factories.scheduling import WordingFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
STARTER = Path(__file__).resolve().parents[2] / "content" / "self-compassion"
OLD, NEW = "What would you say to them?", "What might you kindly tell them?"


@pytest.fixture
def study() -> Study:
    return StudyFactory(edition=published_edition(weeks=2))


def an_editor(study: Study | None = None) -> Any:
    user = with_second_step(UserFactory(staff=True))
    rights = Permission.objects.filter(content_type__app_label__in=["courses", "scheduling"])
    user.user_permissions.set(rights)
    if study is not None:
        user.studies_researched.create(study=study, manages=True)
    return user


def writing(page: Page, label: str = "Text") -> Locator:
    """The place where one writes, once the editor is there."""
    return page.get_by_role("textbox", name=label).and_(page.locator(".ck-content"))


def holds_to_the_rules(page: Page) -> None:
    """WCAG 2.2 AA, for what is ours in the admin: the content, without Django's frame around it."""
    tags = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    # Without preloading, for which axe would put styles of its own into the page.
    options = {"resultTypes": ["violations"], "runOnly": tags, "preload": False}
    found = Axe().run(page, context="#content", options=options).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def on_a_phone(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='The page on a phone']")


def test_a_sentence_is_mended_without_disturbing_anyone(
    new_page: NewPage, sign_in: SignIn, study: Study
) -> None:
    long_ago = timezone.now() - timedelta(days=10)
    half_way = enrolled(study=study, now=long_ago)
    page = new_page()
    sign_in(page, an_editor(study))

    page.goto("/admin/")
    holds_to_the_rules(page)
    page.get_by_role("link", name="Make a new draft of").click()
    page.get_by_role("button", name="Yes, make a draft").click()
    expect(page.get_by_text("edition 2 is ready to be edited.")).to_be_visible()
    holds_to_the_rules(page)
    page.get_by_role("link", name="Change", exact=True).first.click()
    page.get_by_role("row", name="handout").get_by_role("link", name="Change").click()
    expect(writing(page)).to_contain_text(OLD)
    holds_to_the_rules(page)
    _replace_last_paragraph(page, NEW)
    page.get_by_role("button", name="Save, and see it as people do").click()

    expect(on_a_phone(page).get_by_text(NEW)).to_be_visible()
    holds_to_the_rules(page)
    page.goto("/admin/")
    page.get_by_role("link", name="Go on with it").click()
    page.get_by_role("link", name="Publish").click()
    page.get_by_label("From now on, give edition 2 to new people").check()
    page.get_by_role("button", name="Yes, publish edition 2").click()
    expect(page.get_by_text("edition 2 is published.")).to_be_visible()

    newcomer = enrolled(study=Study.objects.get(), now=long_ago)
    for person, words, others in [(half_way, OLD, NEW), (newcomer, NEW, OLD)]:
        theirs = new_page()
        sign_in(theirs, person.user)
        theirs.goto("/week/1/")
        expect(theirs.get_by_text(words)).to_be_visible()
        expect(theirs.get_by_text(others)).to_have_count(0)


def _replace_last_paragraph(page: Page, words: str) -> None:
    writing(page).get_by_text(OLD).click(click_count=3)
    page.keyboard.type(words)


def test_without_scripts_it_is_a_plain_field_that_does(
    no_js_page: Page, sign_in: SignIn, study: Study
) -> None:
    draft = draft_edition(weeks=1, course=study.edition.course)
    handout = Material.objects.get(module__edition=draft, key="handout")
    sign_in(no_js_page, an_editor())

    no_js_page.goto(f"/admin/courses/material/{handout.pk}/change/")
    no_js_page.get_by_label("Text").fill(f"<p>{NEW}</p><script>alert(1)</script>")
    no_js_page.get_by_role("button", name="Save", exact=True).click()

    expect(no_js_page.get_by_text("Text: A script was taken out.")).to_be_visible()
    handout.refresh_from_db()
    assert handout.body == f"<p>{NEW}</p>"


def test_words_that_nobody_touched_are_sent_as_they_came(page: Page, sign_in: SignIn) -> None:
    """The editor tidies what it shows, and not what is kept."""
    draft = draft_edition(weeks=1)
    body = "<h2>A</h2>\n<dl>\n<dt>b</dt>\n<dd>c</dd>\n</dl><p>d<br>e</p>"
    Material.objects.filter(key="handout").update(body=body)
    handout = Material.objects.get(key="handout")
    sign_in(page, an_editor())

    page.goto(f"/admin/courses/material/{handout.pk}/change/")
    expect(writing(page)).to_be_visible()
    page.get_by_label("Title").fill("Another title")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()

    handout.refresh_from_db()
    assert (handout.title, handout.body) == ("Another title", body)
    assert draft.modules.count() == 1


@pytest.mark.parametrize(
    "html",
    [
        "<h2>One</h2><h3>Two</h3><h4>Three</h4><p>Four <strong>five</strong> <em>six</em></p>",
        '<ul><li>One<ul><li>Two</li></ul></li></ul><ol start="3"><li>Three</li></ol>',
        '<p><a href="https://example.org/">One</a> <a href="tel:116123">two</a></p>',
        "<blockquote><p>One</p></blockquote><hr><p>H<sub>2</sub>O m<sup>2</sup></p>",
        "<dl><dt>One</dt><dd>Two</dd></dl>",
        '<p><abbr title="One">Two</abbr> <cite>three</cite> <q>four</q> <code>five</code></p>',
        "<table><thead><tr><th>One</th></tr></thead><tbody><tr><td>Two</td></tr></tbody></table>",
    ],
)  # fmt: skip
def test_what_a_page_keeps_comes_through_the_editor(page: Page, sign_in: SignIn, html: str) -> None:
    draft_edition(weeks=1)
    Material.objects.filter(key="handout").update(body=f"{html}<p>Last</p>")
    handout = Material.objects.get(key="handout")
    sign_in(page, an_editor())

    page.goto(f"/admin/courses/material/{handout.pk}/change/")
    writing(page).get_by_text("Last").click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()

    handout.refresh_from_db()
    kept = handout.body.replace(' rel="noopener noreferrer"', "").replace("&nbsp;", " ")
    assert kept == f"{html}<p>Last!</p>"


@pytest.mark.slow
def test_the_starter_course_comes_through_the_editor(page: Page, sign_in: SignIn) -> None:
    """Each of its texts, when somebody writes in it and takes that back."""
    edition = load_course(STARTER, publish=False, now=timezone.now()).edition
    sign_in(page, an_editor())
    texts = Material.objects.filter(module__edition=edition).exclude(body="")
    rows = [
        *((text, "body") for text in texts),
        *((m, "introduction") for m in edition.modules.all()),
    ]
    assert len(rows) > 4

    for row, name in rows:
        page.goto(f"/admin/courses/{row._meta.model_name}/{row.pk}/change/")
        expect(page.locator(".ck-content")).to_be_visible()
        page.locator(".ck-content").click()
        page.keyboard.press("Control+Home")
        page.keyboard.type("!")
        page.keyboard.press("Backspace")
        sent = page.locator(f"textarea[name={name}]").input_value()
        assert canonical(sanitised(sent)) == canonical(getattr(row, name))


def test_the_second_editor_sees_both_texts_side_by_side(new_page: NewPage, sign_in: SignIn) -> None:
    draft_edition(weeks=1)
    handout = Material.objects.get(key="handout")
    pages = [new_page(), new_page(viewport={"width": 360, "height": 780})]
    for number, page in enumerate(pages, 1):
        sign_in(page, an_editor())
        page.goto(f"/admin/courses/material/{handout.pk}/change/")
        _replace_last_paragraph(page, f"Words of editor {number}.")
    first, second = pages
    with first.expect_navigation():
        first.get_by_role("button", name="Save", exact=True).click()
    second.get_by_role("button", name="Save", exact=True).click()

    expect(second.get_by_text("Somebody else changed this while you were writing")).to_be_visible()
    expect(second.locator(".side-by-side")).to_contain_text("Words of editor")
    marked = second.locator(".side-by-side mark")
    expect(marked.nth(0)).to_contain_text("1.")
    expect(marked.nth(1)).to_contain_text("2.")
    expect(writing(second)).to_contain_text("Words of editor 2.")
    holds_to_the_rules(second)
    assert fits(second)
    handout.refresh_from_db()
    assert "Words of editor 1." in handout.body


def test_who_has_no_mouse_reads_all_of_two_long_texts(phone_page: Page, sign_in: SignIn) -> None:
    draft_edition(weeks=1)
    handout = Material.objects.get(key="handout")
    sign_in(phone_page, an_editor())
    phone_page.goto(f"/admin/courses/material/{handout.pk}/change/")
    _replace_last_paragraph(phone_page, "Mine.")
    row = "<tr>" + "<td>Sitting</td>" * 9 + "</tr>"
    wide = f"<table><tbody>{row}</tbody></table><pre>{'As typed ' * 30}</pre>"
    handout.body = "<p>A paragraph of theirs.</p>" * 40 + wide
    handout.save()

    phone_page.get_by_role("button", name="Save", exact=True).click()
    phone_page.get_by_text("All of theirs, to copy from").click()

    expect(phone_page.locator(".both details .words")).to_be_visible()
    holds_to_the_rules(phone_page)
    assert fits(phone_page)


@pytest.mark.parametrize("kind", Kind.values)
def test_a_mail_comes_through_the_editor_as_it_was(page: Page, sign_in: SignIn, kind: str) -> None:
    """Its names in braces too, and its Markdown, whatever way it is written."""
    wording = WordingFactory(kind=kind, **default_words(kind))
    sign_in(page, an_editor())
    page.goto(f"/admin/scheduling/wording/add/?from={wording.pk}")

    writing(page).locator("p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    sent = page.locator("textarea[name=body]").input_value()

    assert (
        markdown.parsed(sent).paragraphs == markdown.parsed(f"{wording.body.rstrip()}!").paragraphs
    )
    wording.body = sent
    wording.clean()


@pytest.mark.parametrize("width", [360, 1280])
def test_each_page_of_an_editor_fits_and_holds_to_the_rules(
    new_page: NewPage, sign_in: SignIn, width: int
) -> None:
    edition: Edition = published_edition(weeks=1)
    draft = draft_edition(weeks=1, course=edition.course)
    page = new_page(viewport={"width": width, "height": 800})
    sign_in(page, an_editor())
    handout = draft.modules.get().materials.get(key="handout")
    kept = edition.modules.get()
    wording = WordingFactory()
    for path in [
        "/admin/",
        "/admin/courses/course/",
        f"/admin/courses/course/{draft.course_id}/change/",
        "/admin/courses/edition/",
        "/admin/scheduling/wording/",
        f"/admin/scheduling/wording/add/?from={wording.pk}",
        f"/admin/courses/edition/{draft.pk}/change/",
        f"/admin/courses/edition/{edition.pk}/change/",
        f"/admin/courses/module/{draft.modules.get().pk}/change/",
        f"/admin/courses/module/{kept.pk}/change/",
        f"/admin/courses/material/{handout.pk}/change/",
        f"/admin/preview/material/{handout.pk}/",
        f"/admin/scheduling/wording/{wording.pk}/change/",
    ]:
        page.goto(path)
        page.wait_for_load_state()
        holds_to_the_rules(page)
        assert (path, fits(page)) == (path, True)
