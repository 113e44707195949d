"""What an editor may write and put into a material, and the sentences for what cannot be saved."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.forms.lines import ChaptersField, TimedField
from courses.forms.meanwhile import MeanwhileForm
from courses.forms.plain import without_links
from courses.forms.rich_text import RichTextarea, RichTextField
from courses.forms.row import RowForm
from courses.forms.short_names import ShortNameField
from courses.models import Material
from courses.uploads.fields import CaptionsField, MediumField, PictureField
from courses.uploads.forms import FilesForm, wrong_kind


class MaterialForm(FilesForm, MeanwhileForm):
    class Meta:
        model = Material
        fields = (
            *("position", "key", "kind", "title", "summary", "body", "alternative_to"),
            *("transcript", "chapters", "file", "captions", "poster"),
        )
        field_classes = {
            "key": ShortNameField,
            "body": RichTextField,
            "transcript": TimedField,
            "chapters": ChaptersField,
            "file": MediumField,
            "captions": CaptionsField,
            "poster": PictureField,
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "body": RichTextarea(),
            "transcript": forms.Textarea(attrs={"rows": 18, "cols": 80}),
        }
        labels = {
            "alternative_to": _("A shorter form of"),
            "file": _("Film or sound"),
        }
        help_texts = {
            "key": _("In the addresses of pages: small letters, digits and hyphens."),
            "position": _("1 stands first."),
            "title": _("The heading that people see."),
            "summary": _("One sentence that says what it is."),
            "body": _("What there is to read. An exercise may go without."),
            "alternative_to": _(
                "Leave it empty, unless this stands beside a longer one, such as a short exercise."
            ),
            "transcript": _(
                "For those who read rather than listen. Each line begins with its time: "
                "0:31 You can stop at any time."
            ),
            "chapters": _("Each line begins with its time: 4:12 What helps."),
            "file": _(
                "A video as MP4 or WebM, 2 GB at most; an exercise as M4A, MP3 or Ogg, 300 MB at "
                "most. How long it lasts is read from it."
            ),
            "captions": _("WebVTT, which ends with the film or sound. 1 MB at most."),
            "poster": _(
                "What stands there before the film begins: PNG, JPEG or WebP, 10 MB at most."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == Material.Kind.VIDEO and "body" in self.fields:
            self.fields["body"].help_text = gettext(
                "Leave it empty: beside a video people read the words that are spoken. What "
                "stands here is on the page of those words alone."
            )
        alternatives = self.fields.get("alternative_to")
        if isinstance(alternatives, forms.ModelChoiceField):
            alternatives.queryset = _stood_in_for(self.instance)
            without_links(alternatives)


def _stood_in_for(material: Material) -> QuerySet[Material]:
    """What `material` can be a shorter form of: what is of its kind and none itself, if it has none
    of its own. What was chosen before stays.
    """
    alike = Q(kind=material.kind, alternative_to=None) | Q(pk=material.alternative_to_id)
    beside = Material.objects.filter(alike, module=material.module_id)
    has_its_own = Material.objects.filter(alternative_to=material.pk).exists()
    return beside.none() if has_its_own else beside.exclude(pk=material.pk)


class MaterialRowForm(RowForm):
    """A material as one line on the page of its week."""

    class Meta:
        model = Material
        fields = ("position", "key", "kind", "title")
        field_classes = {"key": ShortNameField}
        labels = {"position": _("Place")}

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if self.instance.file and (sentence := wrong_kind(self.instance.file.name, kind)):
            raise forms.ValidationError(sentence)
        return kind
