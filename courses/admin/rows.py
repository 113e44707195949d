"""Where a row of an edition stands: in which edition, and which row of another edition it is."""

from typing import TypeAlias

from django.urls import reverse

from courses.models import Companion, Edition, Material, Module

Row: TypeAlias = Edition | Module | Material | Companion


def edition_of(row: Row) -> Edition:
    if isinstance(row, Material):
        return row.module.edition
    return row if isinstance(row, Edition) else row.edition


def twin_of(row: Row, edition: Edition) -> Row | None:
    """The row of `edition` that stands where `row` stands in its own; None where there is none."""
    if isinstance(row, Edition):
        return edition
    if isinstance(row, Module):
        return edition.modules.filter(week=row.week).first()
    if isinstance(row, Companion):
        return edition.companions.filter(kind=row.kind).first()
    week = edition.modules.filter(week=row.module.week).first()
    return week and week.materials.filter(key=row.key).first()


def above(row: Row) -> Row | None:
    """The row on whose page it is listed; None for an edition, which has a list of its own."""
    if isinstance(row, Material):
        return row.module
    return None if isinstance(row, Edition) else row.edition


def address_of(row: Row) -> str:
    """Its page in the admin; for a text beside the weeks, that of its edition."""
    if isinstance(row, Companion):
        row = row.edition
    return reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])
