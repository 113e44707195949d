"""Two people change one draft: the second is told, loses nothing, and sees the other's words."""

import re
import threading
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from courses.models import Material, Module
from courses.services import publish_edition
from tests.courses_admin.conftest import an_editor
from tests.courses_admin.pages import address, messages, opened
from tests.factories.courses import EARLY, draft_edition

SENTENCE = (
    "Somebody else changed this while you were writing (Introduction). Nothing of yours is lost: "
    "it is in the form below, and theirs stands beside it. Take over what you want, and save again."
)


@pytest.fixture
def module(db: None) -> Module:
    return draft_edition(weeks=1).modules.get()


def test_the_second_is_told_and_nothing_is_saved_over(
    editor: Client, other: Client, module: Module
) -> None:
    mine, theirs = opened(editor, module), opened(other, module)
    other.post(address(module), {**theirs, "introduction": "<p>Theirs.</p>"})

    page = editor.post(address(module), {**mine, "introduction": "<p>Mine.</p>"})

    form = page.context["adminform"].form
    assert form.non_field_errors() == [SENTENCE]
    assert form["introduction"].value() == "<p>Mine.</p>"
    (both,) = page.context["both"]
    assert (both.theirs, both.yours) == ("<p>Theirs.</p>", "<p>Mine.</p>")
    assert "<p>Theirs.</p>" in page.content.decode()
    module.refresh_from_db()
    assert module.introduction == "<p>Theirs.</p>"


def test_saving_again_is_a_choice(editor: Client, other: Client, module: Module) -> None:
    mine, theirs = opened(editor, module), opened(other, module)
    other.post(address(module), {**theirs, "introduction": "<p>Theirs.</p>"})
    page = editor.post(address(module), {**mine, "introduction": "<p>Mine.</p>"})
    told = page.context["adminform"].form

    editor.post(
        address(module), {name: told[name].value() for name in told.fields} | _inlines(mine)
    )

    module.refresh_from_db()
    assert module.introduction == "<p>Mine.</p>"


def test_another_field_of_theirs_is_kept_and_said(
    editor: Client, other: Client, module: Module
) -> None:
    mine, theirs = opened(editor, module), opened(other, module)
    other.post(address(module), {**theirs, "title": "Their title"})

    page = editor.post(address(module), {**mine, "introduction": "<p>Mine.</p>"}, follow=True)

    module.refresh_from_db()
    assert (module.title, module.introduction) == ("Their title", "<p>Mine.</p>")
    assert messages(page)[0] == (
        "Title: somebody else changed this meanwhile, and you did not. Theirs is kept."
    )


def test_the_same_words_twice_accuse_nobody(editor: Client, other: Client, module: Module) -> None:
    mine, theirs = opened(editor, module), opened(other, module)
    other.post(address(module), {**theirs, "aim": "One aim.\nTwo lines."})

    page = editor.post(address(module), {**mine, "aim": "One aim.\r\nTwo lines."}, follow=True)

    assert [words for words in messages(page) if "meanwhile" in words] == []


def test_a_form_without_the_mark_saves_as_ever(editor: Client, module: Module) -> None:
    sent = opened(editor, module)
    del sent["seen"]

    editor.post(address(module), {**sent, "aim": "Another aim."})

    module.refresh_from_db()
    assert module.aim == "Another aim."


@pytest.mark.parametrize("seen", ["nonsense", "title:", "no-field:abc", ":::", "title:0 title:1"])
def test_a_mark_that_nobody_made_breaks_nothing(editor: Client, module: Module, seen: str) -> None:
    page = editor.post(address(module), {**opened(editor, module), "seen": seen}, follow=True)

    assert page.status_code == 200


def test_a_week_renamed_on_its_page_is_not_renamed_back_from_the_list(
    editor: Client, other: Client, module: Module
) -> None:
    edition = module.edition
    mine, theirs = opened(editor, edition), opened(other, module)
    other.post(address(module), {**theirs, "title": "Their title"})

    editor.post(address(edition), {**mine, "companions-0-title": "My worries"})

    module.refresh_from_db()
    assert module.title == "Their title"
    assert edition.companions.get(kind="worries").title == "My worries"


def test_two_texts_beside_the_weeks_are_held_against_each_other(
    editor: Client, other: Client, module: Module
) -> None:
    edition = module.edition
    mine, theirs = opened(editor, edition), opened(other, edition)
    other.post(address(edition), {**theirs, "companions-0-body": "<p>Theirs.</p>"})

    page = editor.post(address(edition), {**mine, "companions-0-body": "<p>Mine.</p>"})

    assert [(both.theirs, both.yours) for both in page.context["both"]] == [
        ("<p>Theirs.</p>", "<p>Mine.</p>")
    ]


def test_a_material_keeps_what_the_other_wrote(
    editor: Client, other: Client, module: Module
) -> None:
    handout = module.materials.get(key="handout")
    mine, theirs = opened(editor, handout), opened(other, handout)
    other.post(address(handout), {**theirs, "summary": "Theirs."})

    editor.post(address(handout), {**mine, "body": "<p>Mine.</p>"})

    handout.refresh_from_db()
    assert (handout.summary, handout.body) == ("Theirs.", "<p>Mine.</p>")


def test_a_list_that_the_other_alone_changed_is_kept(
    editor: Client, other: Client, module: Module
) -> None:
    mine, theirs = opened(editor, module), opened(other, module)
    other.post(address(module), {**theirs, "practice": "Mondays | Walk"})

    page = editor.post(address(module), {**mine, "introduction": "<p>Mine.</p>"}, follow=True)

    assert messages(page)[0].startswith("What to practise: somebody else changed this meanwhile")
    module.refresh_from_db()
    assert module.introduction == "<p>Mine.</p>"
    assert module.practice == [{"when": "Mondays", "what": "Walk"}]


def test_lists_that_both_changed_stand_side_by_side_as_they_are_written(
    editor: Client, other: Client, module: Module
) -> None:
    mine, theirs = opened(editor, module), opened(other, module)
    other.post(address(module), {**theirs, "practice": "Mondays | Walk"})

    page = editor.post(address(module), {**mine, "practice": "Tuesdays | Run"})

    (both,) = page.context["both"]
    assert (both.theirs, both.yours) == ("Mondays | Walk", "Tuesdays | Run")


@pytest.mark.parametrize("field", ["transcript", "chapters"])
def test_timed_lines_that_the_other_alone_changed_are_kept(
    editor: Client, other: Client, module: Module, field: str
) -> None:
    video = module.materials.get(key="video")
    mine, theirs = opened(editor, video), opened(other, video)
    other.post(address(video), {**theirs, field: "0:01 Corrected."})

    editor.post(address(video), {**mine, "title": "Mine"})

    video.refresh_from_db()
    assert video.title == "Mine"
    assert [entry["at"] for entry in getattr(video, field)] == [1.0]


def test_choices_that_both_made_stand_side_by_side_as_they_are_read(
    editor: Client, other: Client, module: Module
) -> None:
    first, second, third = (
        Material.objects.create(
            module=module, position=place, key=title, kind="exercise", title=title
        )
        for place, title in enumerate(("stand", "sit", "walk"), start=7)
    )
    mine, theirs = opened(editor, first), opened(other, first)
    other.post(address(first), {**theirs, "alternative_to": second.pk})

    page = editor.post(address(first), {**mine, "alternative_to": third.pk})

    (both,) = page.context["both"]
    assert (both.theirs, both.yours) == ("sit", "walk")


def test_what_the_other_made_another_kind_of_loses_no_words(
    editor: Client, other: Client, module: Module
) -> None:
    """Such as spoken words, for which a handout's page has no field."""
    video = Material.objects.create(
        module=module, position=9, key="talk", kind="video", title="Talk"
    )
    mine, theirs = opened(editor, video), opened(other, video)
    other.post(address(video), {**theirs, "kind": "handout"})

    editor.post(address(video), {**mine, "transcript": "0:01 Sit down."})

    video.refresh_from_db()
    assert (video.kind, video.transcript) == ("handout", [{"at": 1.0, "text": "Sit down."}])
    assert "transcript" in opened(editor, video)


def test_what_the_other_added_to_it_as_another_kind_stays(
    editor: Client, other: Client, module: Module
) -> None:
    handout = module.materials.get(key="handout")
    mine = opened(editor, handout)
    long = module.materials.get(key="exercise")
    other.post(address(handout), {**opened(other, handout), "kind": "exercise"})
    more = {"alternative_to": long.pk, "transcript": "0:01 Sit down."}
    other.post(address(handout), {**opened(other, handout), **more})

    assert editor.post(address(handout), {**mine, "summary": "Mine."}).status_code == 302

    handout.refresh_from_db()
    assert (handout.kind, handout.summary) == ("exercise", "Mine.")
    assert (handout.alternative_to, len(handout.transcript)) == (long, 1)


def test_what_happened_is_said_before_both_texts(
    editor: Client, other: Client, module: Module
) -> None:
    mine = opened(editor, module)
    theirs = {**opened(other, module), "introduction": "<p>Theirs.</p>"}
    other.post(address(module), theirs)

    page = editor.post(address(module), {**mine, "introduction": "<p>Mine.</p>"}).content.decode()

    assert page.index("Somebody else changed this") < page.index("Theirs, saved meanwhile")
    assert page.index("<p>Theirs.</p>") < page.index('id="id_introduction"')


def test_words_for_what_was_published_meanwhile_are_shown_to_copy(
    editor: Client, other: Client, module: Module
) -> None:
    mine = opened(editor, module)
    publish_edition(edition=module.edition, now=EARLY)

    page = editor.post(address(module), {**mine, "introduction": "<p>Mine.</p>"})

    assert page.status_code == 403
    assert ("introduction", "<p>Mine.</p>") in page.context["yours"]
    assert '<div class="read"><p>Mine.</p></div>' in page.content.decode()


def test_words_for_what_was_deleted_meanwhile_are_shown_to_copy(
    editor: Client, other: Client, module: Module
) -> None:
    handout = module.materials.get(key="handout")
    mine = opened(editor, handout)
    where = address(handout)
    other.post(address(handout, "delete"), {"post": "yes"})

    page = editor.post(where, {**mine, "body": "<p>Mine.</p>"})

    assert (page.status_code, page.context["title"]) == (404, "This is not there any more")
    assert ("text", "<p>Mine.</p>") in page.context["yours"]
    assert editor.get(where).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told() -> None:
    module = draft_edition(weeks=1).modules.get()
    editors = [an_editor(), an_editor()]
    sent = [
        {**opened(editor, module), "introduction": f"<p>Words {number}.</p>"}
        for number, editor in enumerate(editors)
    ]
    answers: list[Any] = [None, None]

    def save(number: int) -> None:
        answers[number] = editors[number].post(address(module), sent[number]).status_code
        connections.close_all()

    threads = [threading.Thread(target=save, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200, 302]
    module.refresh_from_db()
    assert module.introduction == f"<p>Words {answers.index(302)}.</p>"


def _inlines(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sent.items() if name.startswith("materials-")}


def shown(page: HttpResponse) -> str:
    """Without the room between tags, and without what the form below holds."""
    html = page.content.decode().partition('id="id_introduction"')[0]
    return re.sub(r">\s+<", "><", html)


def after_both(editor: Client, other: Client, module: Module, *, theirs: str, mine: str) -> str:
    ours, others = opened(editor, module), opened(other, module)
    other.post(address(module), {**others, "introduction": theirs})
    return shown(editor.post(address(module), {**ours, "introduction": mine}))


def test_side_by_side_what_differs_is_marked(editor: Client, other: Client, module: Module) -> None:
    same = "<p>Sit down.</p><p>Breathe.</p>"
    page = after_both(
        editor,
        other,
        module,
        theirs=f"{same}<p>Stay for ten minutes.</p>",
        mine=f"{same}<p>Stay for two minutes.</p><p>Then get up.</p>",
    )

    marked = r"<mark><span[^>]*>\[marked: </span>([^<]+)<span"
    assert re.findall(marked, page) == ["ten", "two", "Then get up."]
    assert "2 paragraphs with the same words in both" in page
    assert page.count("Sit down.") == 1  # among all of theirs


def test_what_only_one_of_them_wrote_faces_nothing(
    editor: Client, other: Client, module: Module
) -> None:
    page = after_both(
        editor, other, module, theirs="<p>Rest.</p><h2>More</h2>", mine="<p>Rest.</p>"
    )

    assert '<div class="words"><p class="kind">Nothing here</p></div>' in page
    assert '<span class="kind">Heading:</span>' in page


def test_what_an_abbreviation_stands_for_is_among_the_words(
    editor: Client, other: Client, module: Module
) -> None:
    theirs, mine = (f'<p><abbr title="{of}">SC</abbr></p>' for of in ("Self care", "Kindness"))
    page = after_both(editor, other, module, theirs=theirs, mine=mine)

    marked = r"<mark><span[^>]*>\[marked: </span>([^<]+)<span"
    assert re.findall(marked, page) == ["(Self care)", "(Kindness)"]


def test_words_that_are_alike_and_set_out_otherwise_are_said_to_be(
    editor: Client, other: Client, module: Module
) -> None:
    page = after_both(
        editor,
        other,
        module,
        theirs="<ul><li>Sit</li><li>Rest</li></ul>",
        mine="<ol><li>Sit</li><li>Rest</li></ol>",
    )

    assert "The words are the same. How they are set out is not." in page
    assert "<mark>" not in page
    assert "<ul><li>Sit</li><li>Rest</li></ul>" in page
