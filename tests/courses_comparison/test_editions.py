"""A draft beside the published edition it was made from."""

from datetime import UTC, datetime

import pytest
from django.template.defaultfilters import filesizeformat

from courses.comparison import compare
from courses.comparison.blocks import Run
from courses.comparison.summary import lines
from courses.models import Companion, Edition, Material, Module
from courses.services import new_draft
from tests.factories.courses import draft_edition, published_edition, tiny

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def published() -> Edition:
    return published_edition(weeks=2)


@pytest.fixture
def draft(published: Edition) -> Edition:
    return new_draft(course=published.course, now=NOW)


def of(draft: Edition, key: str, week: int = 1) -> Material:
    return Material.objects.get(module__edition=draft, module__week=week, key=key)


def test_copy_is_the_same(published: Edition, draft: Edition) -> None:
    comparison = compare(published, draft)

    assert comparison.is_same
    assert lines(comparison) == []


def test_each_change_is_told_where_it_was_made(published: Edition, draft: Edition) -> None:
    Module.objects.filter(edition=draft, week=2).update(aim="Another step.", title="Other")
    handout = of(draft, "handout")
    handout.body = handout.body.replace("friend", "good friend")
    handout.save()
    video = of(draft, "video")
    video.duration, video.file, video.transcript = 1800.0, tiny("exercise.m4a"), []
    video.save()
    of(draft, "exercise-short").delete()
    Material.objects.create(
        module=handout.module, position=9, key="more", kind="handout", title="More", body="<p>x</p>"
    )
    Companion.objects.filter(edition=draft, kind="glossary").delete()

    assert lines(compare(published, draft)) == [
        "Week 1: The idea of week 1. "
        "Why we are hard on ourselves (file, the words that are spoken); "
        "What self-compassion is (text); More is new; "
        "Soothing rhythm breathing, the short one is gone",
        "Week 2: Other. Title; Aim",
        "Words we use is gone",
    ]


def test_file_is_told_by_length_and_size(published: Edition, draft: Edition) -> None:
    video = of(draft, "video")
    video.duration = 1805.0
    video.save()

    (field,) = compare(published, draft).weeks[0].differing[0].fields

    size = filesizeformat(video.file_size)
    runs = [run for stretch in field.stretches for block in stretch.blocks for run in block.runs]
    assert runs == [
        Run("removed", f"MP4, 5:00 long, {size}"),
        Run("added", f"MP4, 30:05 long, {size}"),
    ]


def test_other_file_of_the_same_look_is_told_in_words(published: Edition, draft: Edition) -> None:
    Material.objects.filter(pk=of(draft, "video").pk).update(captions="courses/other.vtt")

    (field,) = compare(published, draft).weeks[0].differing[0].fields

    assert (field.label, field.otherwise) == ("Captions", "It is another file.")


def test_text_that_is_set_out_otherwise_is_told_in_words(
    published: Edition, draft: Edition
) -> None:
    handout = of(draft, "handout")
    handout.body += "<hr>"
    handout.save()

    (field,) = compare(published, draft).weeks[0].differing[0].fields

    assert field.otherwise == "The words are the same. How they are set out is not."


def test_week_that_is_new_or_gone_is_told_whole(published: Edition, draft: Edition) -> None:
    draft.modules.get(week=2).delete()

    assert [week.fate for week in compare(published, draft).weeks] == ["same", "removed"]
    assert [week.fate for week in compare(draft, published).weeks] == ["same", "added"]


def test_first_edition_is_new_in_all_its_parts() -> None:
    comparison = compare(None, draft_edition(weeks=1))

    assert [week.fate for week in comparison.weeks] == ["added"]
    assert lines(comparison) == [
        "Week 1: The idea of week 1 is new",
        "Common worries is new",
        "Words we use is new",
    ]


def test_queries_do_not_grow_with_the_weeks(django_assert_max_num_queries: object) -> None:
    published = published_edition(weeks=4)
    draft = new_draft(course=published.course, now=NOW)

    with django_assert_max_num_queries(8):
        compare(published, draft)
