"""A folder becomes an edition: whole, once, and again only when it has changed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from courses.files import ContentNamedStorage
from courses.loading import CourseFolderError, load_course
from courses.models import Course, Edition, Material, Module, StoredFile
from courses.services import new_draft, note_edit, publish_edition
from courses.uploads.unnamed import AFTER, remove_unnamed
from tests.courses.folders import change, course_folder
from tests.factories.courses import FILES

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 2, 10, 0, tzinfo=UTC)
CONTENT = Path(settings.BASE_DIR) / "content" / "self-compassion"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return course_folder(tmp_path / "small")


def load(folder: Path, *, publish: bool = False, now: datetime = NOW):
    return load_course(folder, publish=publish, now=now)


def test_folder_becomes_a_draft(folder: Path) -> None:
    loaded = load(folder)

    edition = Edition.objects.get()
    assert (loaded.edition, loaded.created) == (edition, True)
    assert (edition.number, edition.state, edition.created_at) == (1, "draft", NOW)
    course = edition.course
    assert (course.slug, course.title, course.summary) == ("small", "A small course", "Two weeks.")
    assert (course.licence, course.language, course.authorship) == ("CC BY 4.0", "en-GB", "")


def test_week_of_a_folder_becomes_a_module(folder: Path) -> None:
    load(folder)

    module = Module.objects.get(week=2)
    assert (module.title, module.aim) == ("The idea of week 2", "One small step.")
    assert module.introduction == "<p>Welcome to <em>this</em> week.</p>"
    assert module.practice == [{"when": "Most days", "what": "Listen to the exercise."}]


def test_materials_keep_their_order_and_their_parts(folder: Path) -> None:
    load(folder)

    video, handout, short, long = Material.objects.filter(module__week=1)
    assert [m.key for m in (video, handout, short, long)] == [
        "video",
        "handout",
        "exercise-short",
        "exercise",
    ]
    assert handout.body == "<h2>Week 1</h2>\n<p>What would you <em>say</em>?</p>"
    assert handout.summary == "All on two pages."
    assert video.transcript == [
        {"at": 0.0, "text": "Hello, and welcome."},
        {"at": 1.5, "text": "You can stop at any time."},
    ]
    assert video.chapters == [
        {"at": 0.0, "title": "Hello, and welcome."},
        {"at": 1.5, "title": "You can stop at any time."},
    ]
    assert (video.duration, short.duration, handout.duration) == (3.0, 2.0, None)
    assert short.alternative_to == long


def test_media_lie_under_their_content_outside_the_folder(folder: Path) -> None:
    load(folder)

    video = Material.objects.get(module__week=1, key="video")
    with video.file.open() as stored:
        assert stored.read() == (FILES / "video.mp4").read_bytes()
    assert video.file.name == Material.objects.get(module__week=2, key="video").file.name
    assert Path(video.file.path).is_relative_to(settings.MEDIA_ROOT)
    assert Path(video.captions.path).suffix == ".vtt"
    assert Path(video.poster.path).suffix == ".jpg"


def test_size_of_each_medium_is_kept(folder: Path) -> None:
    materials = Material.objects.filter(module__edition=load(folder).edition)

    for material in materials:
        assert material.file_size == (material.file.size if material.file else 0)
    assert materials.filter(file_size__gt=0).exists()


def test_same_folder_twice_is_one_edition(folder: Path) -> None:
    first = load(folder)
    again = load(folder, now=LATER)

    assert (again.edition, again.created) == (first.edition, False)
    assert Edition.objects.get().created_at == NOW


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("week-2/module.toml", 'aim = "One small step."', 'aim = "A step."'),
        ("week-1/handout.md", "say", "tell"),
        ("week-1/video.vtt", "welcome.", "good day."),
        ("week-1/module.toml", "duration = 3.0", "duration = 3.5"),
    ],
)
def test_changed_content_is_a_new_draft_after_the_published(
    folder: Path, file: str, old: str, new: str
) -> None:
    published = load(folder, publish=True).edition
    change(folder / file, old, new)

    loaded = load(folder, now=LATER)

    assert loaded.created
    assert (loaded.edition.number, loaded.edition.state) == (2, "draft")
    published.refresh_from_db()
    assert (published.state, published.modules.count()) == ("published", 2)


def test_new_recording_is_a_change(folder: Path) -> None:
    load(folder, publish=True)
    (folder / "week-1" / "exercise.m4a").write_bytes((FILES / "exercise-short.m4a").read_bytes())

    assert load(folder).edition.number == 2


def test_comment_script_and_unnamed_file_are_no_change(folder: Path) -> None:
    load(folder)
    change(folder / "week-1" / "module.toml", 'title = "The idea', '# Ours.\ntitle = "The idea')
    (folder / "week-1" / "video.md").write_text("Say it otherwise.", "utf-8")

    assert not load(folder).created


def test_changed_draft_takes_the_place_of_the_last_draft(folder: Path) -> None:
    draft = load(folder).edition
    change(folder / "week-1" / "handout.md", "say", "tell")

    loaded = load(folder, now=LATER)

    assert (loaded.edition, loaded.created) == (draft, True)
    assert (Module.objects.count(), Material.objects.count()) == (2, 8)
    assert Material.objects.get(module__week=1, key="handout").body.count("tell") == 1


def test_publish_publishes_what_was_loaded_before(folder: Path) -> None:
    load(folder)
    loaded = load(folder, publish=True, now=LATER)

    assert (loaded.created, loaded.published) == (False, True)
    assert (loaded.edition.state, loaded.edition.published_at) == ("published", LATER)


def test_title_of_the_course_follows_the_folder_without_a_new_edition(folder: Path) -> None:
    load(folder, publish=True)
    change(folder / "course.toml", "A small course", "A little course")

    assert not load(folder).created
    assert Course.objects.get().title == "A little course"


def test_draft_edited_by_hand_is_not_replaced(folder: Path) -> None:
    draft = load(folder).edition
    note_edit(edition=draft, now=NOW)
    change(folder / "week-1" / "handout.md", "say", "tell")

    with pytest.raises(CourseFolderError) as caught:
        load(folder)

    assert caught.value.sentences == [
        "The draft, edition 1, was edited by hand. Publish it or delete it, then load again."
    ]
    assert Material.objects.get(module__week=1, key="handout").body.count("say") == 1


@pytest.mark.django_db(transaction=True)
def test_films_are_copied_ahead_of_any_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = locked_while_copying(monkeypatch)

    load(folder)

    assert set(locked) == {False}


def locked_while_copying(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    keep = ContentNamedStorage._save
    locked: list[bool] = []

    def noted(storage: ContentNamedStorage, name: str, content: Any) -> str:
        locked.append(connection.in_atomic_block)
        return keep(storage, name, content)

    monkeypatch.setattr(ContentNamedStorage, "_save", noted)
    return locked


@pytest.mark.django_db(transaction=True)
def test_draft_edited_by_hand_is_refused_before_anything_is_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_edit(edition=load(folder).edition, now=NOW)
    change(folder / "week-1" / "handout.md", "say", "tell")
    copied = locked_while_copying(monkeypatch)

    with pytest.raises(CourseFolderError, match="edited by hand"):
        load(folder)

    assert copied == []


def test_copies_of_a_folder_that_could_not_be_written_go_with_time(
    folder: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    failed = OperationalError("the server closed the connection")

    def fail(*_args: object, **_named: object) -> None:
        raise failed

    monkeypatch.setattr("courses.loading.load._write_week", fail)
    with pytest.raises(OperationalError):
        load(folder)

    copies = len(list((tmp_path / "media" / "courses").iterdir()))
    assert (Course.objects.count(), copies) == (0, StoredFile.objects.count())
    assert remove_unnamed(now=timezone.now() + AFTER + timedelta(minutes=1)) == copies


def test_edition_published_by_hand_stands_while_the_folder_is_unchanged(folder: Path) -> None:
    first = load(folder, publish=True).edition
    by_hand = new_draft(course=first.course, now=NOW)
    note_edit(edition=by_hand, now=NOW)
    publish_edition(edition=by_hand, now=NOW)

    assert load(folder, publish=True, now=LATER).edition == first
    assert first.course.editions.published().first() == by_hand


@pytest.mark.skipif(not CONTENT.exists(), reason="the starter course is not here")
def test_starter_course_loads_and_publishes() -> None:
    edition = load(CONTENT, publish=True).edition

    assert [module.week for module in edition.modules.all()] == [1, 2, 3, 4]
    assert Material.objects.filter(module__edition=edition, kind="handout").count() == 4
