"""The pages of a draft in the admin, as a browser sends them back."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:courses_{row._meta.model_name}_{page}", args=[row.pk])


def filled_in(page: HttpResponse) -> dict[str, Any]:
    """What the form of `page` would send if nobody wrote anything in it."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False and not hasattr(value, "storage"):
                sent[field.html_name] = value
    return sent


def opened(editor: Client, row: Any) -> dict[str, Any]:
    return filled_in(editor.get(address(row)))


def messages(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def policy(response: HttpResponse) -> dict[str, str]:
    """By directive."""
    parts = re.split(r";\s*", response.headers["Content-Security-Policy"])
    return dict((*part.split(" ", 1), "")[:2] for part in parts)
