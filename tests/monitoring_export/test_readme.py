"""What README.txt says of the words that people were given."""

import pytest

from courses.models import Edition
from courses.services import note_edit, publish_edition
from tests.factories.courses import draft_edition
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring_export.world import contents, cut

pytestmark = pytest.mark.django_db(transaction=True)
HASH = "71ef681bdaa1" + "0" * 52


def loaded() -> Edition:
    draft = draft_edition(weeks=4)
    draft.content_hash = HASH
    draft.save()
    return draft


def editions_of(draft: Edition) -> str:
    """The line of a study whose people were given this draft, published."""
    edition = publish_edition(edition=draft, now=MONDAY)
    study = StudyFactory(edition=edition)
    enrolled(study=study)
    text = contents(cut(study))["README.txt"].decode()
    return next(line for line in text.splitlines() if edition.course.slug in line)


def test_words_of_a_folder_are_named_by_its_hash() -> None:
    draft = loaded()

    assert editions_of(draft).endswith(f"{draft.course.slug}, edition 1 (71ef681bdaa1)")


def test_words_that_were_edited_after_loading_are_no_longer_the_folders() -> None:
    draft = loaded()
    note_edit(edition=draft, now=MONDAY)

    assert editions_of(draft).endswith(f"{draft.course.slug}, edition 1 (edited by hand)")
