"""Models can be imported only once Django is set up, which is later than this file is read."""

from types import SimpleNamespace

import pytest


@pytest.fixture
def lived(transactional_db: None) -> SimpleNamespace:
    """Two weeks of a study, until the cut; all of it committed, as an export needs it."""
    from tests.monitoring_export import world
    from tests.services.beginnings import beginning

    return beginning(world.begin)


@pytest.fixture
def tables(lived: SimpleNamespace) -> dict[str, list[dict[str, str]]]:
    from tests.monitoring_export import world

    return world.tables(world.cut(lived.study))
