"""A study, and those who may change it, read it, or not find it."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def study(db: None) -> Any:
    from tests.factories.studies import StudyFactory

    return StudyFactory(slug="calm", public_name="A calm study")


@pytest.fixture
def draft_study(db: None) -> Any:
    """Whole, and not open yet."""
    from studies.models import Study
    from tests.factories.studies import StudyFactory

    return StudyFactory(slug="quiet", public_name="A quiet study", state=Study.State.DRAFT)


@pytest.fixture
def manager(study: Any) -> Client:
    return managing(study)


@pytest.fixture
def reader(study: Any) -> Client:
    """A researcher of the study who does not manage it."""
    from tests.monitoring.staff import staff_client

    return staff_client(researcher_of=study)


def managing(*studies: Any) -> Client:
    from tests.factories.participants import UserFactory
    from tests.monitoring.staff import signed_in, with_second_step

    user = with_second_step(UserFactory())
    for study in studies:
        study.researchers.create(user=user, manages=True)
    return signed_in(user)
