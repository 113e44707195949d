"""Each page of the staff's, as a form sent empty and sent wrong too: what points at what."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from studies.models import Study
from tests.factories.participants import invited
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import ArmFactory, DocumentFactory
from tests.monitoring.staff import staff_client
from tests.roles.addresses import all_addresses, filled

pytestmark = pytest.mark.django_db

ACTIONS = [
    "move-day",
    "pause",
    "resume",
    "send-again",
    "settle",
    "withdraw",
    "take-back",
    "arm",
    "address",
]
SECTIONS = ["names", "team", "recruiting", "weeks", "keeping"]


def addresses(code: str) -> Iterator[str]:
    values = {"study": "calm", "code": code, "kind": "consent", "version": 1}
    for pattern in sorted(all_addresses().values()):
        # The style guide shows parts, which point at nothing there.
        if pattern.startswith("staff/") and "styleguide" not in pattern:
            parts = ACTIONS if "action>" in pattern else SECTIONS
            for part in parts if re.search("action>|section>", pattern) else [""]:
                yield filled(pattern, {**values, "action": part, "section": part})


def pages(code: str) -> Iterator[tuple[str, Any]]:
    client = staff_client(superuser=True)
    for address in addresses(code):
        yield f"GET {address}", client.get(address)
        yield f"GET {address}?source=@", client.get(address, {"show": "", "source": "@"})
        yield f"POST {address}", client.post(address, {"row": "1", "do": "save"})


def untrue(body: str) -> list[str]:
    """Names that stand twice, and what points at a name that nothing has."""
    names = Counter(re.findall(r'\sid="([^"]*)"', body))
    pointed = re.findall(r'(?:aria-describedby|aria-labelledby)="([^"]*)"', body)
    at = {name for each in pointed for name in each.split()}
    at |= set(re.findall(r'<label[^>]*\sfor="([^"]*)"', body))
    at |= set(re.findall(r'href="#([^"]+)"', body))
    twice = [name for name, count in names.items() if count > 1]
    return sorted(twice) + sorted(at - names.keys())


def test_every_name_in_a_page_stands_once_and_for_something(study: Study) -> None:
    person = enrolled(study=study, now=MONDAY)
    ArmFactory(study=study, key="now")
    DocumentFactory(study=study, kind="consent", statements={"read": True})
    invited(study=study)
    shown = {
        where: response.content.decode()
        for where, response in pages(person.code)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html")
    }
    assert len(shown) > 60
    assert {where: wrong for where, body in shown.items() if (wrong := untrue(body))} == {}
