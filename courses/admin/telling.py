"""What a page of the admin says of the row it shows, and of what was saved on it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.db.models import CharField, JSONField, Model, TextField
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from courses.admin.rows import Row, address_of, edition_of, twin_of
from courses.html import sanitised
from courses.models import Companion, Material, Module


def surroundings(row: Row, *, why_kept: str) -> dict[str, Any]:
    """`edition` and `course`; for a published row `why_kept`, and where it can be changed."""
    edition = edition_of(row)
    course = edition.course
    draft = course.editions.drafts().first() if why_kept else None
    twin = twin_of(row, draft) if draft else None
    return {
        "edition": edition,
        "course": course,
        "why_kept": why_kept,
        "draft": draft,
        "twin_address": address_of(twin) if twin else "",
    }


def tell(request: HttpRequest, forms: Iterable[Any]) -> None:
    """What was taken out of what was saved, and what somebody else had saved meanwhile."""
    for form in forms:
        for field in form.fields.values():
            for sentence in getattr(field, "taken_out", []):
                words = _("%(field)s: %(sentence)s")
                messages.warning(request, words % {"field": field.label, "sentence": sentence})
        if getattr(form, "is_gone", False):
            messages.warning(request, _("Somebody else deleted “%s” meanwhile.") % form.instance)
        for label in getattr(form, "theirs", []):
            words = _("%s: somebody else changed this meanwhile, and you did not. Theirs is kept.")
            messages.warning(request, words % label)


def as_read(html: str) -> SafeString:
    """Sanitised HTML of a row, as its readers see it."""
    return mark_safe(f'<div class="read">{html}</div>' if html else "")


class Written(NamedTuple):
    """What somebody wrote in one field."""

    name: str
    words: str

    @property
    def as_read(self) -> str:
        """With its headings and lists, as an editor takes it up again; empty for plain words."""
        return as_read(sanitised(self.words)) if self.words.startswith("<") else ""


def written_in(sent: Mapping[str, str]) -> list[Written]:
    """What of a form, or of the rows in it, are an author's words, each with its name."""
    pages = [each for page in admin.site._registry.values() for each in (page, *page.inlines)]
    # Of fields with one name, that of a course says what it is called.
    models: list[type[Model]] = [*(page.model for page in pages), Companion, Material, Module]
    known = {
        field.name: str(field.verbose_name)
        for model in models
        for field in model._meta.get_fields()
        if isinstance(field, CharField | TextField | JSONField) and not field.choices
    }
    named = [(known.get(name.rpartition("-")[2], ""), words) for name, words in sent.items()]
    return [Written(name, words) for name, words in named if name and words.strip()]
