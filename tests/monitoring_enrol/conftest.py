"""A study that is open, somebody who manages it, and a list that waits half saved."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def study(db: None) -> Any:
    from tests.factories.studies import StudyFactory

    return StudyFactory(slug="calm", public_name="A calm study")


@pytest.fixture
def manager(study: Any) -> Client:
    from tests.monitoring.staff import staff_client

    return staff_client(researcher_of=study, researcher_of__manages=True)


@pytest.fixture
def me(study: Any) -> Any:
    """Manages it too, and signs in in a browser."""
    from tests.factories.participants import UserFactory
    from tests.monitoring.staff import with_second_step

    return with_second_step(UserFactory(researcher_of=study, researcher_of__manages=True))


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """At its end the list goes on, and has ended before the tables are emptied."""
    from monitoring.enrol import lists, saving
    from tests.monitoring_enrol.held import Held, wait_for_the_end

    held = Held(saving.save)
    monkeypatch.setattr(lists.saving, "save", held)
    yield held
    held.may_go_on.set()
    wait_for_the_end()
