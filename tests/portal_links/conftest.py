"""The same person and the same visit by link as in tests/portal_weeks."""

from tests.portal_weeks.conftest import by_link, clock, person, surroundings

__all__ = ["by_link", "clock", "person", "surroundings"]
