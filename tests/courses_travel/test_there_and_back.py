"""An edition that was exported and read again gives people the same."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from courses import pack
from courses.loading import CourseFolderError, load_course
from courses.models import Course, Edition, Material
from courses.services import publish_edition
from courses.travel import export
from courses.travel.services import import_course
from tests.courses.folders import change, course_folder
from tests.courses_travel.rows import content_of
from tests.courses_travel.zips import exported, small_course, zip_of_folder
from tests.factories.courses import draft_edition, published_edition

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STARTER = Path(__file__).parents[2] / "content" / "self-compassion"
# As the factories' files do, of which the rows say something longer.
LAST = {"video": 3.0, "exercise": 4.0, "exercise-short": 2.0, "handout": None}
TABLE = "<table><tbody><tr><td>1</td></tr></tbody></table>"


def there_and_back(edition: Edition) -> Edition:
    """As another place would read it, which has no course of that name."""
    zipped = exported(edition)
    Course.objects.filter(pk=edition.course_id).update(slug="here")
    return import_course(file=zipped, now=NOW)


@pytest.mark.slow
def test_starter_course_travels_whole() -> None:
    edition = load_course(STARTER, publish=True, now=NOW).edition

    arrived = there_and_back(edition)

    assert content_of(arrived) == content_of(edition)
    assert (arrived.number, arrived.state, arrived.created_at) == (1, "draft", NOW)


def test_starter_course_travels_as_markdown_alone() -> None:
    edition = load_course(STARTER, publish=True, now=NOW).edition

    names = zipfile.ZipFile(exported(edition)).namelist()

    assert [name for name in names if name.endswith(".html")] == []
    assert "self-compassion/week-1/handout.md" in names
    assert "self-compassion/week-4/video.chapters.vtt" in names


def test_edition_of_any_words_travels_whole() -> None:
    edition = draft_edition(weeks=2)
    first, second = edition.modules.all()
    first.introduction = f'<p>don\'t "mind"</p>{TABLE}'
    first.title, first.aim = 'A "title" \\ with [marks] # ', "One\nTwo\r\nThree\x7f"
    first.save()
    second.introduction = "<p>One</p><p><b>Two</b> <i>three</i></p>"
    second.save()
    Material.objects.filter(module=first, key="handout").update(body=TABLE)
    Material.objects.filter(key="exercise").update(body="<pre>read\n on</pre><p>H<sub>2</sub>O</p>")
    worries, glossary = edition.companions.all()
    worries.title, worries.body = "Worries & <more> #", "<h2>It's</h2><p>fine</p>"
    glossary.body = "<dl><dt>Drive</dt><dd>Wanting.</dd></dl>"
    worries.save(), glossary.save()
    before = content_of(edition)
    for week in before["weeks"]:
        for material in week["materials"]:
            material["duration"] = LAST[material["key"]]
    before["weeks"][0]["title"] = 'A "title" \\ with [marks] #'  # white space is no title

    assert content_of(there_and_back(edition)) == before


def test_exported_again_is_the_same_to_the_byte() -> None:
    edition = published_edition(weeks=1)

    assert exported(edition).getvalue() == exported(edition).getvalue()


def test_facts_of_a_new_course_come_along(tmp_path: Path) -> None:
    course = import_course(file=small_course(tmp_path), now=NOW).course

    assert (course.slug, course.title, course.summary) == ("small", "A small course", "Two weeks.")


def test_facts_of_a_known_course_stay_as_people_see_them(tmp_path: Path) -> None:
    Course.objects.create(slug="small", title="Our own title")

    draft = import_course(file=small_course(tmp_path), now=NOW)

    assert (draft.course.title, draft.course.summary) == ("Our own title", "")


def brought_in(tmp_path: Path) -> tuple[Path, Edition]:
    """A folder that was loaded and published, and beside it a draft that came as a zip."""
    folder = course_folder(tmp_path / "course")
    load_course(folder, publish=True, now=NOW)
    other = course_folder(tmp_path / "other")
    (other / "week-1" / "handout.md").write_text("## The words brought in\n")
    return folder, import_course(file=zip_of_folder(other), now=NOW)


def test_course_brought_in_is_not_replaced_by_a_folder_that_is_loaded(tmp_path: Path) -> None:
    folder, draft = brought_in(tmp_path)
    before = content_of(draft)
    (folder / "week-1" / "handout.md").write_text("## Mended in the folder\n")

    with pytest.raises(CourseFolderError, match=r"The draft, edition 2, was edited by hand"):
        load_course(folder, publish=True, now=NOW)

    draft.refresh_from_db()
    assert (draft.state, content_of(draft)) == ("draft", before)


def test_same_folder_loaded_again_after_a_course_was_brought_in_is_no_edition(
    tmp_path: Path,
) -> None:
    folder, draft = brought_in(tmp_path)
    publish_edition(edition=draft, now=NOW)

    loaded = load_course(folder, publish=True, now=NOW)

    assert (loaded.edition.number, loaded.created, loaded.published) == (1, False, False)
    assert draft.course.editions.count() == 2


def test_medium_that_has_gone_is_named_where_it_is_missed(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    edition = published_edition(weeks=1)
    Path(edition.modules.get().materials.get(key="video").file.path).unlink()

    archive = zipfile.ZipFile(exported(edition))

    folder = f"{edition.course.slug}/week-1"
    assert f"{folder}/video.mp4" not in archive.namelist()
    assert 'file = "video.mp4"' in archive.read(f"{folder}/module.toml").decode()


def test_medium_lasts_as_long_as_it_lasts_whatever_the_folder_says(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course", weeks=1)
    change(folder / "week-1" / "module.toml", "duration = 3.0", "duration = 3000.0")
    change(folder / "week-1" / "module.toml", "duration = 4.0", "duration = 4.1")

    arrived = import_course(file=zip_of_folder(folder), now=NOW)

    lasts = dict(arrived.modules.get().materials.values_list("key", "duration"))
    assert lasts == {"video": 3.0, "exercise": 4.1, "exercise-short": 2.0, "handout": None}


def test_transcript_out_of_order_or_with_nothing_said_is_put_right() -> None:
    edition = draft_edition(weeks=1)
    said = [{"at": 2.0, "text": "b\n c"}, {"at": 2, "text": "<d> & e"}, {"at": 0.5, "text": " "}]
    Material.objects.filter(key="video").update(transcript=[*said, {"at": 0.1234, "text": "a"}])

    arrived = there_and_back(edition)

    assert arrived.modules.get().materials.get(key="video").transcript == [
        {"at": 0.123, "text": "a"},
        {"at": 2.0, "text": "b c"},
        {"at": 2.0, "text": "<d> & e"},
    ]


def test_medium_is_never_whole_in_memory(settings: object, tmp_path: Path) -> None:
    edition = published_edition(weeks=1)
    video = edition.modules.get().materials.get(key="video")
    Path(video.file.path).write_bytes(b"x" * 10 * pack.PIECE)
    try:
        assert max(len(piece) for piece in export.stream(edition)) <= pack.PIECE
    finally:
        Path(video.file.path).unlink()
