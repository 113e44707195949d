"""The admin's page around a preview: the page as on a computer, and as on a phone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from courses.admin.policy import with_frames
from courses.models import Companion, Material, Module
from portal.previews.door import editors_only


@editors_only
def week(request: HttpRequest, pk: int) -> HttpResponse:
    module = get_object_or_404(Module.objects.select_related("edition__course"), pk=pk)
    address = reverse("preview:week_page", args=[pk])
    back = reverse("admin:courses_module_change", args=[pk])
    return _frame(request, subject=module, edition=module.edition, address=address, back=back)


@editors_only
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """The week’s page, opened where the material stands."""
    row = get_object_or_404(Material.objects.select_related("module__edition__course"), pk=pk)
    address = reverse("preview:week_page", args=[row.module_id])
    back = reverse("admin:courses_material_change", args=[pk])
    words = {"subject": row, "edition": row.module.edition, "place": _place(row)}
    return _frame(request, address=address, back=back, **words)


@editors_only
def companion(request: HttpRequest, pk: int) -> HttpResponse:
    text = get_object_or_404(Companion.objects.select_related("edition__course"), pk=pk)
    address = reverse("preview:companion_page", args=[pk])
    back = reverse("admin:courses_edition_change", args=[text.edition_id])
    return _frame(request, subject=text, edition=text.edition, address=address, back=back)


def _place(material: Material) -> str:
    """The mark at which templates/portal/week.html puts it."""
    if material.kind == Material.Kind.EXERCISE:
        return f"title-{material.key}"
    beside = material.module.materials.filter(kind=material.kind).order_by("position")
    name = "watch" if material.kind == Material.Kind.VIDEO else "read"
    return name if beside.first() == material else f"{material.key}-{name}"


def _frame(request: HttpRequest, **words: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), **words}
    return with_frames(render(request, "portal/previews/frame.html", context))
