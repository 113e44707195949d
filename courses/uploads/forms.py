"""The files of a material, held against each other and against its kind."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from courses.files import media_storage
from courses.inspection import Refused
from courses.inspection.captions import check_end, clock_time, cues_of
from courses.loading.attached import MEDIA
from courses.models import Material
from courses.uploads.fields import MediumField, UploadField, choose_from
from courses.uploads.kept import Kept, facts
from courses.uploads.words import paragraphs
from courses.webvtt import Cue

SAME = 1.0  # seconds that one film may differ from itself, exported anew


class FilesForm(forms.ModelForm):  # type: ignore[type-arg]
    """For a Material with the fields `file`, `captions`, `poster`, `transcript` and `chapters`; or
    with none of them, as that of a handout.

    `refused`: by field, the sentence for a file whose reading was broken off
    (`courses.uploads.handler`). `notes`, once cleaned: what another file brought with it.
    `theirs`: the labels of what another editor changed meanwhile, which stays.
    """

    refused: Mapping[str, str] = {}
    theirs: list[str]
    instance: Material

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: dict[str, Kept] = {}
        self.notes: list[str] = []
        for name, field in self.file_fields().items():
            field.widget.now = self._now(name)
        narrow(self.fields.get("file"), self.data.get("kind") or self.instance.kind)

    def file_fields(self) -> dict[str, UploadField]:
        fields = self.fields.items()
        return {name: field for name, field in fields if isinstance(field, UploadField)}

    def clean(self) -> dict[str, Any]:
        came = {name: self.cleaned_data.get(name) for name in self.file_fields()}
        self.kept = {name: file for name, file in came.items() if isinstance(file, Kept)}
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.refused.keys() & self.fields.keys():
            self.add_error(name, self.refused[name])
        if not self.refused:
            self._check_kind(cleaned)
            self._check_captions(cleaned)
        if not self.errors and "file" in self.fields:
            self._follow(cleaned)
            self._check_times(cleaned)
        return cleaned

    def _post_clean(self) -> None:
        """The row takes the names of what is in the storage already."""
        for name in self.kept.keys() & self.cleaned_data.keys():
            self.cleaned_data[name] = self.kept[name].name
        super()._post_clean()  # type: ignore[misc]

    def save(self, commit: bool = True) -> Material:  # noqa: FBT001, FBT002 - Django's own
        """Only for another file: one that has gone from the disk must not stop an edit of words."""
        medium = self.kept.get("file")
        if medium:
            self.instance.file_size, self.instance.duration = medium.size, medium.seconds
        elif "file" in self.changed_data:
            self.instance.file_size, self.instance.duration = 0, None
        material: Material = super().save(commit)
        return material

    def _now(self, name: str) -> str:
        stored = getattr(self.instance, name).name
        if not stored:
            return ""
        if name != "file":
            return facts(stored)
        return facts(stored, size=self.instance.file_size, seconds=self.instance.duration)

    def _check_kind(self, cleaned: dict[str, Any]) -> None:
        file, kind = cleaned.get("file"), cleaned.get("kind")
        if file and kind and (sentence := wrong_kind(file.name, kind)):
            self.add_error("file", sentence)

    def _check_captions(self, cleaned: dict[str, Any]) -> None:
        """They end within their medium, and are not those of another one."""
        medium, captions = self.kept.get("file"), cleaned.get("captions")
        if "captions" in self.kept:
            lasts = medium.seconds if medium else self.instance.duration
            try:
                check_end(self._cues(), lasts or float("inf"))
            except Refused as refused:
                self.add_error("captions", str(refused))
        elif captions and medium and self._is_another(medium):
            words = {"new": clock_time(medium.seconds or 0), "old": self._lasted()}
            said = _(
                "The new file lasts %(new)s, and these captions belong to the one before, which "
                "lasted %(old)s. Choose the captions of the new one too, or take these away."
            )
            self.add_error("captions", said % words)

    def _follow(self, cleaned: dict[str, Any]) -> None:
        """What stands beside a medium goes with it, unless it is written in this very step."""
        medium = self.kept.get("file")
        has_come = medium is not None and self._is_another(medium)
        has_gone = bool(self.instance.file) and (has_come or cleaned.get("file") is False)
        self._follow_words(cleaned, has_come=has_come, has_gone=has_gone)
        if has_gone and cleaned.get("chapters") and not self._is_written("chapters", cleaned):
            said = _("The parts belonged to the file before, and were taken away. Write new ones.")
            self._put(cleaned, "chapters", [], said)
        if has_come and cleaned.get("poster") and "poster" not in self.kept:
            self.notes.append(_("The still picture is that of the file before."))

    def _follow_words(self, cleaned: dict[str, Any], *, has_come: bool, has_gone: bool) -> None:
        """New captions bring them, and without captions they go."""
        is_written = self._is_written("transcript", cleaned)
        if "captions" in self.kept and (
            not cleaned.get("transcript") or (has_come and not is_written)
        ):
            said = _("The words that are spoken were taken from the new captions.")
            self._put(cleaned, "transcript", paragraphs(self._cues()), said)
        elif has_gone and cleaned.get("transcript") and not is_written:
            said = _(
                "The words that are spoken belonged to the file before, and were taken away. They "
                "come with its captions."
            )
            self._put(cleaned, "transcript", [], said)

    def _is_written(self, name: str, cleaned: dict[str, Any]) -> bool:
        """Whether the lines are others than those saved, whoever saved them last."""
        lines = self.fields[name].prepare_value
        return bool(lines(cleaned.get(name)) != lines(getattr(self.instance, name)))

    def _put(self, cleaned: dict[str, Any], name: str, value: list[Any], said: str) -> None:
        """What somebody else wrote there meanwhile does not stay, and is not said to."""
        cleaned[name] = value
        self.notes.append(said)
        label = str(self.fields[name].label)
        self.theirs[:] = [other for other in self.theirs if other != label]

    def _check_times(self, cleaned: dict[str, Any]) -> None:
        """Words and parts in the order of their times, and before the end: as folders have them."""
        medium, has_gone = self.kept.get("file"), cleaned.get("file") is False
        known = medium.seconds if medium else self.instance.duration
        lasts = float("inf") if has_gone or known is None else known
        for name in ("transcript", "chapters"):
            entries = cleaned.get(name) or []
            backwards = (each for last, each in pairwise(entries) if each["at"] < last["at"])
            if entry := next(backwards, None):
                said = _("This line is earlier than the one above it: %s")
            elif entry := next((each for each in entries if each["at"] >= lasts), None):
                said = _("This line begins when the film or sound has ended: %s")
            if entry:
                self.add_error(name, said % self.fields[name].prepare_value([entry]))

    def _is_another(self, medium: Kept) -> bool:
        before = self.instance.duration
        return before is None or abs((medium.seconds or 0) - before) > SAME

    def _lasted(self) -> str:
        return clock_time(self.instance.duration or 0)

    def _cues(self) -> list[Cue]:
        with media_storage().open(self.kept["captions"].name) as file:
            return cues_of(file)


def narrow(field: forms.Field | None, kind: str) -> None:
    """A field for a medium takes what one of that kind can be."""
    if isinstance(field, MediumField) and kind in MEDIA:
        field.narrow(MEDIA[kind])


def wrong_kind(name: str, kind: str) -> str:
    """Why a file of that name cannot be the medium of a material of that kind; empty if it can."""
    suffixes = MEDIA.get(kind, ())
    if PurePosixPath(name).suffix in suffixes:
        return ""
    if not suffixes:
        return _("A handout is read, and has no file. Take it away, or choose another kind.")
    about = {
        Material.Kind.VIDEO: _("A video has pictures."),
        Material.Kind.EXERCISE: _("An exercise is sound alone."),
    }
    return f"{about[Material.Kind(kind)]} {choose_from(suffixes)}"
