"""What the pages show, and those who look at them with some rights or others."""

import html
import re
from collections.abc import Sequence
from typing import Any

from django.test import Client

from monitoring.people.rows import Person
from studies.models import Study
from tests.monitoring.staff import staff_client

LIST = "/staff/calm/people/"


def holding(study: Study, *rights: str) -> Client:
    """Of "manages", "sees_identity" and "sees_arm"."""
    return staff_client(
        researcher_of=study, **{f"researcher_of__{right}": True for right in rights}
    )


def people(client: Client, query: str = "") -> list[Person]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return response.context["page"].people


def codes(client: Client, query: str = "") -> list[str]:
    return [person.enrolment.code for person in people(client, query)]


def row(client: Client, query: str = "") -> dict[str, str]:
    """The words of the only row of the table, by column."""
    page = client.get(f"{LIST}{query}").content.decode()
    [told] = cells(page.split("<tbody>")[1].split("</tbody>")[0])
    [heads] = cells(page.split("<thead>")[1].split("</thead>")[0])
    names = [name.rstrip(" ↑↓") for name in heads]
    return dict(zip(names, told, strict=True))


def cells(table: str) -> list[list[str]]:
    """The words of each cell of each row."""
    rows = table.replace("<th", "<td").split("<tr")[1:]
    return [[words(cell.split(">", 1)[1]) for cell in each.split("<td")[1:]] for each in rows]


def words(content: str) -> str:
    """Without tags and runs of spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def main_of(response: Any) -> str:
    """The words of the main part of a page."""
    body = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    return words(body.split(">", 1)[1])


def picked(row: dict[str, str], *columns: str) -> Sequence[str]:
    return [row[column] for column in columns]
