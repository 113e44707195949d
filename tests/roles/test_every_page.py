"""Every address of the platform, by GET and by POST, as each of those who may ask.

docs/roles.md pins what each gets. What is found stands in the output of the tests, and where it
differs, in test-results/roles.md as well: to be read, and put in the place of the old one.
"""

import json
from typing import Any

import pytest
from django.db import transaction

from tests.roles import table
from tests.roles.addresses import all_addresses, all_views, filled, rows_of
from tests.roles.world import HARM, ROLES, World, asked


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_page_answers_each_role_as_it_is_written_down(
    world: World, role: str, record_property: Any
) -> None:
    cookies = world.cookies(role)
    found = {}
    for name, pattern in all_addresses().items():
        values = world.values(name)
        for row in rows_of(pattern):
            answers = [_undone(cookies, filled(row, values), each) for each in ("GET", "POST")]
            found[table.shown(row)] = table.said(*answers)
    assert [each for each, said in found.items() if "500" in said] == []
    record_property("role", json.dumps([role, found]))
    pinned = {address: row.get(role, "") for address, row in table.read().items()}
    different = {each: found[each] for each in found if found[each] != pinned.get(each)}
    assert different == {}, f"As {role}; docs/roles.md says otherwise or has no row"


def _undone(cookies: Any, address: str, method: str) -> Any:
    """Whatever was written is taken back, so that each address finds the world as it was."""
    block = transaction.atomic()
    block._from_testcase = True  # some views want no transaction around theirs
    with block:
        response = asked(cookies, address, method, HARM)
        for close in response._resource_closers:  # `close()` would end the connection too
            close()
        transaction.set_rollback(True)
    return response


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(table.read()) == sorted(table.addresses())


def test_addresses_that_take_a_post_without_a_token_are_these() -> None:
    """The table is asked without such tokens: elsewhere each POST needs one as well."""
    exempt = {name for name, view in all_views().items() if getattr(view, "csrf_exempt", False)}
    assert exempt == {"portal:decline", "portal:report", "portal:stop_mail", "mail_reports"}
