"""What an editor may write and put into a material, and the sentences for what cannot be saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.files import check_captions, of_type
from courses.forms.lines import ChaptersField, TimedField
from courses.forms.meanwhile import MeanwhileForm
from courses.forms.rich_text import RichTextarea, RichTextField
from courses.loading.attached import MEDIA, PICTURES
from courses.models import Material


class MaterialForm(MeanwhileForm):
    class Meta:
        model = Material
        fields = (
            *("position", "key", "kind", "title", "summary", "body", "alternative_to"),
            *("file", "duration", "captions", "poster", "transcript", "chapters"),
        )
        field_classes = {
            "body": RichTextField,
            "transcript": TimedField,
            "chapters": ChaptersField,
        }
        widgets = {"body": RichTextarea()}
        labels = {
            "body": _("Text"),
            "key": _("Short name"),
            "position": _("Place in the week"),
            "alternative_to": _("A shorter form of"),
            "transcript": _("The words that are spoken"),
            "chapters": _("Parts"),
        }
        help_texts = {
            "key": _("In the addresses of pages: small letters, digits and hyphens."),
            "position": _("1 stands first."),
            "title": _("The heading that people see."),
            "summary": _("One sentence that says what it is."),
            "body": _("What there is to read. An exercise may go without."),
            "alternative_to": _(
                "Leave it empty, unless this is a short exercise beside a long one."
            ),
            "transcript": _(
                "For those who read rather than listen. Each line begins with its time: "
                "0:31 You can stop at any time."
            ),
            "chapters": _("Each line begins with its time: 4:12 What helps."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alternatives = self.fields.get("alternative_to")
        if isinstance(alternatives, forms.ModelChoiceField):
            beside = Material.objects.filter(module=self.instance.module_id)
            alternatives.queryset = beside.exclude(pk=self.instance.pk)

    def clean_file(self) -> Any:
        suffixes = MEDIA.get(self.cleaned_data.get("kind", ""), ())
        return of_type(self.cleaned_data["file"], suffixes)

    def save(self, commit: bool = True) -> Material:  # noqa: FBT001, FBT002 - Django's own
        """Only for another file: one that has gone from the disk must not stop an edit of words."""
        if "file" in self.changed_data:
            self.instance.file_size = self.instance.file.size if self.instance.file else 0
        material: Material = super().save(commit)
        return material

    def clean_poster(self) -> Any:
        return of_type(self.cleaned_data["poster"], PICTURES)

    def clean_captions(self) -> Any:
        file = self.cleaned_data["captions"]
        if file and "captions" in self.changed_data:
            of_type(file, (".vtt",))
            check_captions(file.read())
            file.seek(0)
        return file


class MaterialRowForm(MeanwhileForm):
    """A material as one line on the page of its week."""

    class Meta:
        model = Material
        fields = ("position", "key", "kind", "title")
