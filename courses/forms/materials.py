"""What an editor may write and put into a material, and the sentences for what cannot be saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from courses.forms.files import check_captions, of_type
from courses.forms.shapes import list_of
from courses.html import sanitised
from courses.loading.attached import MEDIA, PICTURES
from courses.models import Material


class MaterialForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Material
        fields = (
            *("position", "key", "kind", "title", "summary", "body", "alternative_to"),
            *("file", "duration", "captions", "poster", "transcript", "chapters"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alternatives = self.fields.get("alternative_to")
        if isinstance(alternatives, forms.ModelChoiceField):
            beside = Material.objects.filter(module=self.instance.module_id)
            alternatives.queryset = beside.exclude(pk=self.instance.pk)

    def clean_body(self) -> str:
        return sanitised(self.cleaned_data["body"])

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

    def clean_transcript(self) -> Any:
        sentence = _('Write a list like this: [{"at": 0.0, "text": "Hello, and welcome."}]')
        return list_of({"at": float, "text": str}, self.cleaned_data["transcript"], sentence)

    def clean_chapters(self) -> Any:
        sentence = _('Write a list like this: [{"at": 0.0, "title": "A tricky brain"}]')
        return list_of({"at": float, "title": str}, self.cleaned_data["chapters"], sentence)
