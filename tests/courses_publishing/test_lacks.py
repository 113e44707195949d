"""What a draft needs before people can be given it, and where that is mended."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from courses.models import Companion, Edition, Material, Module
from courses.publishing.lacking import lacks
from courses.services import CannotPublish, publish_edition
from tests.factories.courses import EditionFactory, ModuleFactory, draft_edition, full_module

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VIDEO = "Week 1, “Why we are hard on ourselves”:"
LONG = "Week 1, “Soothing rhythm breathing”:"
HANDOUT = "Week 1, “What self-compassion is”:"


def change(draft: Edition, key: str, **fields: object) -> Material:
    Material.objects.filter(module__edition=draft, key=key).update(**fields)
    return Material.objects.get(module__edition=draft, key=key)


def test_whole_draft_lacks_nothing() -> None:
    assert lacks(draft_edition(weeks=2)) == []


@pytest.mark.parametrize(
    ("key", "fields", "sentences"),
    [
        ("handout", {"body": ""}, [f"{HANDOUT} there is no text. Write it."]),
        ("handout", {"body": "<p>\xa0 </p><hr>"}, [f"{HANDOUT} there is no text. Write it."]),
        ("video", {"file": "", "file_size": 0}, [f"{VIDEO} there is no film. Add it."]),
        (
            "video",
            {"captions": "", "transcript": [], "duration": None},
            [
                f"{VIDEO} there are no captions. Add them.",
                f"{VIDEO} the words that are spoken are missing. Write them.",
                f"{VIDEO} it does not say how long it lasts. Fill in the duration.",
            ],
        ),
        (
            "exercise",
            {"file": "", "file_size": 0},
            [f"{LONG} there is neither a recording nor a text. Add one of them."],
        ),
        ("exercise", {"file": "", "file_size": 0, "body": "<p>Sit down.</p>"}, []),
        (
            "video",
            {"poster": "courses/gone.jpg"},
            [f"{VIDEO} the file courses/gone.jpg has gone from this server. Add it once more."],
        ),
    ],
)
def test_material_that_lacks_something_is_named(
    key: str, fields: dict, sentences: list[str]
) -> None:
    draft = draft_edition(weeks=1)
    material = change(draft, key, **fields)

    found = lacks(draft)

    assert [(lack.sentence, lack.row) for lack in found] == [(each, material) for each in sentences]


def test_weeks_that_lack_something_are_named() -> None:
    draft = EditionFactory()
    full_module(draft)
    empty = ModuleFactory(edition=draft, week=4)

    assert [(lack.sentence, lack.row) for lack in lacks(draft)] == [
        ("Week 2 is missing.", draft),
        ("Week 3 is missing.", draft),
        ("Week 4 has no materials. Add one, or remove the week.", empty),
    ]


def test_draft_without_weeks_and_empty_text_beside_them_are_named() -> None:
    empty, draft = EditionFactory(), draft_edition(weeks=1)
    Companion.objects.filter(edition=draft, kind="glossary").update(body="<p></p>")

    assert [lack.sentence for lack in lacks(empty)] == ["This edition has no weeks. Add one first."]
    assert [(lack.sentence, lack.row) for lack in lacks(draft)] == [
        ("“Words we use” has no words. Write them, or remove it.", draft)
    ]


def test_draft_with_a_medium_gone_from_the_disk_is_not_published(
    settings: object, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = draft_edition(weeks=1)
    video = Material.objects.get(key="video")
    Path(video.file.path).unlink()

    with pytest.raises(CannotPublish) as refused:
        publish_edition(edition=draft, now=NOW)

    assert [lack.row for lack in refused.value.lacks] == [video]
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert Module.objects.filter(edition=draft).exists()
