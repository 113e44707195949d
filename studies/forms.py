"""Forms of the admin's pages, which name their fields there.

What the database would refuse is said beside its cause.
"""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Edition
from studies.models import Study


class StudyForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.SplitDateTimeWidget):
                _name_both_boxes(field)
        if "edition" in self.fields:
            self.fields["edition"].queryset = Edition.objects.published()  # type: ignore[attr-defined]
            # Editions are made and published on their own pages.
            for link in ("can_add_related", "can_change_related", "can_delete_related"):
                setattr(self.fields["edition"].widget, link, False)

    def clean_ethics_reference(self) -> str:
        reference: str = self.cleaned_data["ethics_reference"].strip()
        open_once = self.instance.state != Study.State.DRAFT
        if open_once and self.instance.is_research and not reference:
            raise forms.ValidationError(
                _("A research study that has opened keeps its ethics reference.")
            )
        return reference

    def clean_retention_until(self) -> date:
        """A day that has passed would erase everybody within the minute, and for good."""
        day: date = self.cleaned_data["retention_until"]
        if "retention_until" in self.changed_data and day <= self.instance.day(timezone.now()):
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        return day


def _name_both_boxes(field: forms.Field) -> None:
    """The admin writes the field's name beside them, for those who see it."""
    day, time = field.widget.widgets
    day.attrs["aria-label"] = _("%s, date") % field.label
    time.attrs["aria-label"] = _("%s, time") % field.label


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        study, kind = told.get("study"), told.get("kind")
        if study and kind and study.documents.drafts().filter(kind=kind).exists():
            self.add_error(
                "kind", _("This study has a draft of this document already. Edit that one.")
            )
        anew = told.get("requires_new_consent")
        if anew and (kind or self.instance.kind) not in {"consent", "privacy"}:
            self.add_error(
                "requires_new_consent",
                _(
                    "People agree to the consent form or privacy notice. To ask them anew, "
                    "publish a new version of that one."
                ),
            )
        return told
