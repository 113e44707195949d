"""An export reads no column that says who somebody is, or that holds their own words."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.export.fields import TABLE
from tests.monitoring.staff import staff_client
from tests.monitoring_export.world import contents, cut, go_on

pytestmark = pytest.mark.django_db(transaction=True)


def private_columns() -> Iterator[str]:
    """As they stand in a query: "participants_user"."email"."""
    for label, fields in TABLE.items():
        model = apps.get_model(label)
        for name in fields.private.split():
            yield f'"{model._meta.db_table}"."{model._meta.get_field(name).column}"'


def read_in(statements: list[str]) -> list[str]:
    return [column for column in private_columns() if any(column in sql for sql in statements)]


def test_the_list_of_private_columns_is_of_columns_that_are_there(
    transactional_db: None,
) -> None:
    with connection.cursor() as cursor:
        for column in private_columns():
            table = column.partition(".")[0]
            cursor.execute(f"SELECT {column} FROM {table} WHERE 1 = 0")


def test_export_reads_no_private_column_and_no_account(lived: SimpleNamespace) -> None:
    go_on(lived)
    with CaptureQueriesContext(connection) as asked:
        contents(cut(lived.study, with_test=True, with_arm=True))
    statements = [each["sql"] for each in asked.captured_queries]

    assert read_in(statements) == []
    assert [sql for sql in statements if "participants_user" in sql] == []
    # And it looked where they are.
    tables = {table for sql in statements for table in re.findall(r'FROM "(\w+)"', sql)}
    assert {"participants_enrolment", "participants_demographics", "scheduling_prompt"} <= tables


def test_page_reads_the_account_of_who_looks_and_nothing_else_private(
    lived: SimpleNamespace,
) -> None:
    client = staff_client(researcher_of=lived.study, researcher_of__manages=True)
    page = client.get("/staff/calm/export/")
    me = page.context["user"].pk

    with CaptureQueriesContext(connection) as asked:
        client.post("/staff/calm/export/").getvalue()
        client.get("/staff/calm/export/")
    statements = [each["sql"] for each in asked.captured_queries]

    own = f'"participants_user"."id" = {me} '
    of_others = [sql for sql in statements if own not in sql]
    reads = [sql for sql in of_others if not sql.startswith(("INSERT", "UPDATE"))]
    assert read_in(reads) == []


def test_no_address_name_or_word_of_anybody_is_in_any_file(lived: SimpleNamespace) -> None:
    everything = b"".join(contents(cut(lived.study, with_test=True)).values()).decode()

    people = [lived.ann, lived.ben, lived.gone, lived.left, lived.tess, lived.joining]
    addresses = [person.user.email for person in people if person.user]
    assert len(addresses) == 6
    for words in [*addresses, "Demo Person", "Leeds", "Ann’s own", "Dr Who", "@"]:
        assert words not in everything.replace("= + - @ '", "")


def test_stranger_reads_no_page_at_all(lived: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as asked:
        Client().get("/staff/calm/export/")

    assert [each["sql"] for each in asked.captured_queries] == []
