"""What an editor may write about a week."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from courses.forms.shapes import list_of
from courses.html import sanitised
from courses.models import Module


class ModuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Module
        fields = ("title", "aim", "introduction", "practice")

    def clean_introduction(self) -> str:
        return sanitised(self.cleaned_data["introduction"])

    def clean_practice(self) -> Any:
        sentence = _('Write a list like this: [{"when": "Most days", "what": "Listen."}]')
        return list_of({"when": str, "what": str}, self.cleaned_data["practice"], sentence)
