"""Two exports of one cut are the same to the byte, whatever has happened since."""

import pytest

from tests.monitoring_export import world

pytestmark = pytest.mark.django_db(transaction=True)


def test_same_cut_is_the_same_to_the_byte_after_more_life_has_happened(mailoutbox) -> None:
    lived = world.begin()
    before = world.contents(world.cut(lived.study, with_test=True, with_arm=True))

    world.go_on(lived)

    after = world.contents(world.cut(lived.study, with_test=True, with_arm=True))
    for name, content in before.items():
        assert content.decode() == after[name].decode(), name
