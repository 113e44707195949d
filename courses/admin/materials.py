"""One thing to watch, read or do."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.admin.drafts import ListedAbove
from courses.admin.telling import as_read
from courses.forms import MaterialForm
from courses.forms.meanwhile import read
from courses.models import Material
from courses.uploads.admin import ReceivesFiles

FILES = (_("To watch or to listen to"), {"fields": ("file", "captions", "poster")})
# Of no use to every kind. The first ones go together: one can bring or take away another.
_TIMED = {"file", "captions", "transcript", "chapters"}
_FOR_SOME = {*_TIMED, "poster", "alternative_to"}
_OF_USE = {
    Material.Kind.VIDEO: {*_FOR_SOME},
    Material.Kind.HANDOUT: set[str](),
    Material.Kind.EXERCISE: {*_TIMED, "alternative_to"},
}


@admin.register(Material)
class MaterialAdmin(ReceivesFiles, ListedAbove):
    form = MaterialForm
    preview = "preview:material"
    read = ("kind", "title", "summary", "body_read")
    fieldsets = (
        (None, {"fields": ("position", "key", "kind", "title", "summary")}),
        (_("To read"), {"fields": ("body",)}),
        (_("Beside it"), {"fields": ("transcript", "chapters", "alternative_to")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Files last: where one is too large, what stands below it is not read.

        What this kind has no use for is left out, unless something stands there. A page that is
        sent back has the fields it had, whatever somebody else made of the material meanwhile.
        """
        shown = _on_page(request) if request.method == "POST" else _of_use(obj)
        fieldsets = [*super().get_fieldsets(request, obj), FILES]
        kept = [(name, _without(options, _FOR_SOME - shown)) for name, options in fieldsets]
        return [(name, options) for name, options in kept if options["fields"]]

    @admin.display(description=_("text"))
    def body_read(self, material: Material) -> str:
        return as_read(material.body)


def _on_page(request: HttpRequest) -> set[str]:
    carried = read(request.POST.get("seen", "")) or request.POST
    return _together({*carried, *request.FILES})


def _of_use(material: Material | None) -> set[str]:
    if material is None:
        return _FOR_SOME
    held = {name for name in _FOR_SOME if getattr(material, name)}
    return _together(_OF_USE[Material.Kind(material.kind)] | held)


def _together(names: set[str]) -> set[str]:
    return names | _TIMED if names & {*_TIMED, "poster"} else names


def _without(options: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {**options, "fields": [name for name in options["fields"] if name not in names]}
