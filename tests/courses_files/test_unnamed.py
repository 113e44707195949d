"""Media that no row names go after two days; one that any row names never does.

Nor does one that came by another database's doing: of that, this one knows nothing.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from courses.files import media_storage
from courses.models import Course, Edition, Material, StoredFile
from courses.services import new_draft, publish_edition
from courses.taking_in import take_in
from courses.uploads import kept, unnamed
from courses.uploads.unnamed import AFTER, let_go_of_unnamed, remove_unnamed
from scheduling import housekeeping
from tests.courses_files import media
from tests.courses_files.pages import send
from tests.factories.courses import draft_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def later() -> datetime:
    return timezone.now() + AFTER + timedelta(minutes=1)


def stored(content: bytes = b"a film nobody saved", suffix: str = ".mp4") -> str:
    return take_in(ContentFile(content), called=f"a{suffix}")


def of_another_database(content: bytes = b"a film of theirs") -> str:
    return media_storage().save("courses/theirs.mp4", ContentFile(content))


def is_there(name: str) -> bool:
    return media_storage().exists(name)


def test_form_that_nobody_saved_leaves_nothing_after_two_days(
    editor: Client, video: Material, place: Path, later: datetime
) -> None:
    before = sorted(place.iterdir())
    send(editor, video, media.mp4(1800))
    assert len(list(place.iterdir())) == len(before) + 1

    assert remove_unnamed(now=later - timedelta(hours=1)) == 0
    assert remove_unnamed(now=later) == 1

    assert sorted(place.iterdir()) == before


def test_files_of_a_deleted_draft_go_and_those_it_shared_stay(
    video: Material, place: Path, later: datetime
) -> None:
    published = publish_edition(edition=video.module.edition, now=timezone.now())
    draft = new_draft(course=published.course, now=timezone.now())
    changed = draft.modules.get().materials.get(key="video")
    changed.file.save("other.mp4", ContentFile(media.mp4(60)))
    shared, own = video.file.name, changed.file.name

    assert remove_unnamed(now=later) == 0
    Edition.objects.get(pk=draft.pk).delete()
    remove_unnamed(now=later)

    assert (is_there(shared), is_there(own)) == (True, False)
    assert all(
        is_there(name)
        for material in Material.objects.all()
        for name in (material.file.name, material.captions.name, material.poster.name)
        if name
    )


def test_every_file_that_a_row_of_any_table_names_is_asked_about() -> None:
    found = {f"{model._meta.label}.{field.name}" for model, field in unnamed.file_fields()}

    assert found == {
        "courses.Material.file",
        "courses.Material.captions",
        "courses.Material.poster",
    }


def test_file_that_is_chosen_again_begins_its_time_anew(place: Path, later: datetime) -> None:
    name = stored()
    old = (later - AFTER * 3).timestamp()
    os.utime(media_storage().path(name), (old, old))

    assert stored() == name

    assert remove_unnamed(now=timezone.now()) == 0
    assert is_there(name)


def test_file_that_is_chosen_while_it_goes_comes_back(
    place: Path, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told that it is there a moment before it was taken aside."""
    name = stored()
    take_aside = Path.rename

    def chosen_meanwhile(path: Path, target: Path) -> Path:
        moment = later.timestamp()
        os.utime(path, (moment, moment))
        return take_aside(path, target)

    monkeypatch.setattr(Path, "rename", chosen_meanwhile)

    assert remove_unnamed(now=later) == 0
    assert [path.name for path in place.iterdir()] == [Path(name).name]


def test_file_that_a_row_names_while_it_goes_comes_back(
    video: Material, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = unnamed.names()
    StoredFile.objects.create(name=video.file.name)
    asked = [named - {video.file.name}, named]
    monkeypatch.setattr(unnamed, "names", lambda: asked.pop(0))

    assert remove_unnamed(now=later) == 0
    assert is_there(video.file.name)


def test_what_a_broken_copy_left_behind_goes_too(place: Path, later: datetime) -> None:
    name = stored()
    for suffix in ("part", "going"):
        (place.parent / f"{name}.{uuid4().hex}.{suffix}").write_bytes(b"half")

    assert remove_unnamed(now=later) == 3
    assert list(place.iterdir()) == []
    assert not StoredFile.objects.exists()


def test_empty_database_that_is_shown_a_full_folder_takes_nothing(
    video: Material, place: Path, later: datetime
) -> None:
    """As after a disk was lost: the films are all that is left."""
    stored()
    there = sorted(place.iterdir())
    for model in (Material, Edition, Course, StoredFile):
        model.objects.all().delete()

    assert remove_unnamed(now=later) == 0
    assert sorted(place.iterdir()) == there


def test_older_copy_of_a_database_takes_nothing_that_came_since(
    video: Material, place: Path, later: datetime
) -> None:
    since, own = of_another_database(), stored()

    assert remove_unnamed(now=later) == 1
    assert [is_there(name) for name in (video.file.name, since, own)] == [True, True, False]


def test_what_is_left_alone_is_said_in_the_log(
    place: Path, later: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    of_another_database()

    with caplog.at_level("INFO", logger="courses.uploads.unnamed"):
        remove_unnamed(now=later)

    assert caplog.messages == ["1 media are left alone: this database knows nothing of them"]


def test_film_whose_taking_was_broken_off_is_back_within_the_hour(
    video: Material, place: Path
) -> None:
    film = Path(video.file.path)
    film.rename(film.with_name(f"{film.name}.{uuid4().hex}.going"))

    remove_unnamed(now=timezone.now() + timedelta(minutes=59))
    assert not film.exists()
    remove_unnamed(now=timezone.now() + timedelta(minutes=61))
    assert film.exists()


def test_what_is_not_ours_is_left_alone(place: Path, later: datetime) -> None:
    place.mkdir()
    for name in ("notes.txt", "film.mp4", "a" * 63 + ".mp4"):
        (place / name).write_bytes(b"somebody's")
    (place / ("b" * 64 + ".mp4")).mkdir()

    assert remove_unnamed(now=later) == 0
    assert len(list(place.iterdir())) == 4


def test_without_a_folder_there_is_nothing_to_do(place: Path, later: datetime) -> None:
    assert remove_unnamed(now=later) == 0


def test_it_is_looked_at_once_an_hour(place: Path, later: datetime) -> None:
    let_go_of_unnamed(now=later)
    name = stored()

    let_go_of_unnamed(now=later)

    assert is_there(name)


def test_housekeeping_sees_to_it(place: Path, later: datetime) -> None:
    name = stored()

    housekeeping.tidy(now=later)

    assert not is_there(name)


def test_whoever_has_a_token_has_the_file() -> None:
    assert kept.FOR < AFTER


def test_copy_that_was_put_back_with_its_old_time_is_new_here(place: Path) -> None:
    name = stored()
    old = timezone.now().timestamp() - 90 * 24 * 3600
    os.utime(media_storage().path(name), (old, old))

    assert remove_unnamed(now=timezone.now()) == 0


def test_loading_a_course_keeps_what_it_needs(place: Path, later: datetime) -> None:
    draft_edition(weeks=1)

    assert remove_unnamed(now=later) == 0
