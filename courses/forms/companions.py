"""What an editor may write beside the weeks."""

from django import forms

from courses.html import sanitised
from courses.models import Companion


class CompanionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Companion
        fields = ("kind", "title", "body")

    def clean_body(self) -> str:
        return sanitised(self.cleaned_data["body"])
