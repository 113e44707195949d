"""The fields of a form that take a file, and how they are drawn."""

from pathlib import PurePosixPath
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import FILE_INPUT_CONTRADICTION, Script
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from courses.inspection import OfNoType, Refused, inspect
from courses.inspection.limits import MEDIA_LIMIT, too_large
from courses.loading.attached import MEDIA, PICTURES, TIMED_TEXT
from courses.uploads.kept import NAMES, Kept, LetGo, from_token, keep


class Token(str):
    """What the form carried along of a file that came before."""

    __slots__ = ()


class UploadInput(forms.ClearableFileInput):
    """Says what is there and what has come; with JavaScript, sends a file as soon as it is chosen.

    `address` takes that file; without one, it goes with the form, as it does without JavaScript.
    """

    template_name = "courses/uploads/input.html"

    def __init__(self, suffixes: tuple[str, ...], attrs: dict[str, Any] | None = None) -> None:
        """`now` says what is there, and `kept` is what has come."""
        super().__init__(attrs)
        self.suffixes = suffixes
        self.address = ""
        self.now = ""
        self.kept: Kept | None = None

    class Media:
        css = {"all": ["css/uploads.css"]}
        js = [Script("js/uploads.js", type="module")]

    def token_name(self, name: str) -> str:
        return f"{name}-kept"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """A file that is chosen now counts for more than one that came before."""
        value = super().value_from_datadict(data, files, name)
        token = data.get(self.token_name(name))
        if not token or isinstance(value, UploadedFile) or value is FILE_INPUT_CONTRADICTION:
            return value
        return FILE_INPUT_CONTRADICTION if value is False else Token(token)

    def is_initial(self, value: Any) -> bool:
        return bool(self.now)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(
            now=self.now,
            kept=self.kept,
            token_name=self.token_name(name),
            address=self.address,
            largest=max(MEDIA_LIMIT[suffix] for suffix in self.suffixes),
            too_large=too_large(self.suffixes[0]),
            accept=",".join(self.suffixes),
        )
        return context


class UploadField(forms.FileField):
    """Cleans to a `Kept`; else, as every file field, to what there was, or to False."""

    types: ClassVar[tuple[str, ...]] = ()
    widget: UploadInput

    def __init__(self, **options: Any) -> None:
        """The admin would bring a widget of its own, and a length for a name that is not kept."""
        super().__init__(**{**options, "widget": UploadInput(self.types), "max_length": None})
        self.suffixes = self.types

    def narrow(self, suffixes: tuple[str, ...]) -> None:
        """To the types that this form, or this material, can take of those of the class."""
        self.suffixes = self.widget.suffixes = suffixes

    def choose(self) -> str:
        return choose_from(self.suffixes)

    def to_python(self, data: Any) -> Any:
        """Raises ValidationError for what cannot serve."""
        if data in self.empty_values:
            return None
        kept = self._of_token(data) if isinstance(data, Token) else self._received(data)
        self.widget.kept = kept
        return kept

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and data is not None

    def bound_data(self, _data: Any, initial: Any) -> Any:
        """The widget itself knows what came."""
        return initial

    def _received(self, upload: UploadedFile) -> Kept:
        try:
            inspected = inspect(upload)
        except OfNoType as refused:
            raise ValidationError(f"{refused} {self.choose()}") from refused
        except Refused as refused:
            raise ValidationError(str(refused)) from refused
        self._check_suffix(inspected.suffix)
        if (upload.size or 0) > MEDIA_LIMIT[inspected.suffix]:
            raise ValidationError(too_large(inspected.suffix))
        return keep(upload, inspected)

    def _of_token(self, token: Token) -> Kept:
        """It may have been given for another field."""
        try:
            kept = from_token(token)
        except LetGo as error:
            said = _(
                "The file that you chose was kept for a day, and has gone. Choose it once more."
            )
            raise ValidationError(said) from error
        self._check_suffix(PurePosixPath(kept.name).suffix)
        return kept

    def _check_suffix(self, suffix: str) -> None:
        if suffix not in self.suffixes:
            words = {"type": NAMES[suffix], "choose": self.choose()}
            raise ValidationError(_("This is a file of the type %(type)s. %(choose)s") % words)


class MediumField(UploadField):
    types = tuple(suffix for kind in MEDIA.values() for suffix in kind)


class CaptionsField(UploadField):
    types = TIMED_TEXT

    def choose(self) -> str:
        return _("Choose captions in the form WebVTT: their first word is WEBVTT.")


class PictureField(UploadField):
    types = PICTURES


def choose_from(suffixes: tuple[str, ...]) -> str:
    names = dict.fromkeys(NAMES[suffix] for suffix in suffixes)
    return _("Choose one of the type %s.") % get_text_list(list(names), _("or"))
