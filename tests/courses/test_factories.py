"""What other rooms' tests begin from."""

import pytest

from courses.models import Edition
from tests.factories.courses import published_edition

pytestmark = pytest.mark.django_db


def test_published_edition_has_four_full_weeks() -> None:
    edition = published_edition()

    assert edition.state == Edition.State.PUBLISHED
    assert [module.week for module in edition.modules.all()] == [1, 2, 3, 4]
    for module in edition.modules.all():
        materials = list(module.materials.all())
        assert [(m.key, m.kind, m.duration) for m in materials] == [
            ("video", "video", 300.0),
            ("handout", "handout", None),
            ("exercise", "exercise", 600.0),
            ("exercise-short", "exercise", 180.0),
        ]
        assert materials[3].alternative_to == materials[2]


def test_published_editions_of_two_courses_share_their_files() -> None:
    first, second = published_edition(weeks=1), published_edition(weeks=1)

    names = [
        edition.modules.get().materials.get(key="video").file.name for edition in (first, second)
    ]

    assert names[0] == names[1]
