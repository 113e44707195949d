"""Rows that the database itself refuses to change.

A room lists its guards in `guards.py` (see `frozen_rows.guard.Guard`); this room turns them into
triggers on PostgreSQL and SQLite and puts them back after every `migrate`, because SQLite drops a
table's triggers when it rebuilds the table.
"""

from frozen_rows.guard import Guard, changed
from frozen_rows.triggers import install, installed_names, uninstall

__all__ = ["Guard", "changed", "install", "installed_names", "uninstall"]
