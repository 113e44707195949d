"""What an editor may write into a draft, and the sentences for what cannot be saved."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses import webvtt
from courses.html import sanitised
from courses.loading.attached import MEDIA, PICTURES
from courses.models import Companion, Material, Module


class ModuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Module
        fields = ("title", "aim", "introduction", "practice")

    def clean_introduction(self) -> str:
        return sanitised(self.cleaned_data["introduction"])

    def clean_practice(self) -> Any:
        sentence = _('Write a list like this: [{"when": "Most days", "what": "Listen."}]')
        return _list_of({"when": str, "what": str}, self.cleaned_data["practice"], sentence)


class CompanionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Companion
        fields = ("kind", "title", "body")

    def clean_body(self) -> str:
        return sanitised(self.cleaned_data["body"])


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
        return _of_type(self.cleaned_data["file"], suffixes)

    def save(self, commit: bool = True) -> Material:  # noqa: FBT001, FBT002 - Django's own
        """Only for another file: one that has gone from the disk must not stop an edit of words."""
        if "file" in self.changed_data:
            self.instance.file_size = self.instance.file.size if self.instance.file else 0
        material: Material = super().save(commit)
        return material

    def clean_poster(self) -> Any:
        return _of_type(self.cleaned_data["poster"], PICTURES)

    def clean_captions(self) -> Any:
        file = self.cleaned_data["captions"]
        if file and "captions" in self.changed_data:
            _of_type(file, (".vtt",))
            _check_captions(file.read())
            file.seek(0)
        return file

    def clean_transcript(self) -> Any:
        sentence = _('Write a list like this: [{"at": 0.0, "text": "Hello, and welcome."}]')
        return _list_of({"at": float, "text": str}, self.cleaned_data["transcript"], sentence)

    def clean_chapters(self) -> Any:
        sentence = _('Write a list like this: [{"at": 0.0, "title": "A tricky brain"}]')
        return _list_of({"at": float, "title": str}, self.cleaned_data["chapters"], sentence)


def _of_type(file: Any, suffixes: tuple[str, ...]) -> Any:
    if file and PurePosixPath(file.name).suffix.lower() not in suffixes:
        types = ", ".join(suffixes) or _("nothing")
        raise ValidationError(_("This file is of the wrong type. Here it can be: %s.") % types)
    return file


def _check_captions(content: bytes) -> None:
    try:
        webvtt.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValidationError(_("This is not text in UTF-8. Save it as UTF-8.")) from error
    except webvtt.CaptionsError as error:
        raise ValidationError(str(error)) from error


def _list_of(shape: dict[str, type], value: Any, sentence: str) -> Any:
    """`value`, if it is a list of objects with the keys and types of `shape`."""
    rows = value or []
    if not isinstance(rows, list) or not all(_fits(shape, row) for row in rows):
        raise ValidationError(sentence)
    return rows


def _fits(shape: dict[str, type], row: Any) -> bool:
    return (
        isinstance(row, dict)
        and row.keys() == shape.keys()
        and all(
            isinstance(row[key], (float, int) if kind is float else kind)
            and not isinstance(row[key], bool)
            for key, kind in shape.items()
        )
    )
