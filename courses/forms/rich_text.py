"""Text with headings, links and lists, written in an editor and cleaned when it is saved."""

from typing import Any

from django import forms
from django.forms import Script

from courses.html import sanitised
from courses.taken_out import taken_out


class RichTextarea(forms.Textarea):
    """A plain textarea, which static/editor/editor.js makes an editor of where scripts run.

    `kind` is "page" for HTML and "mail" for Markdown. A page that holds one needs the policy of
    `courses.admin.policy`.
    """

    def __init__(self, *, kind: str = "page") -> None:
        rows = 24 if kind == "page" else 14
        super().__init__(attrs={"rows": rows, "cols": 80, "data-editor": kind})

    class Media:
        css = {"all": ["django_ckeditor_5/dist/styles.css", "editor/editor.css"]}
        js = ["django_ckeditor_5/dist/bundle.js", Script("editor/editor.js", type="module")]


class RichTextField(forms.CharField):
    """HTML. `taken_out` says, after cleaning, in sentences what of it cannot be kept."""

    widget = RichTextarea

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.taken_out: list[str] = []

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        self.taken_out = taken_out(written)
        return sanitised(written)
