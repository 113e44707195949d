"""Lists as an editor writes them: one line for each entry, in a plain field."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d{1,3})?)\s+(\S.*)", re.ASCII)
Entry = dict[str, Any]


class LinesField(forms.CharField):
    """A list of objects. Words of several lines are shown, and then kept, as one."""

    widget = forms.Textarea(attrs={"rows": 6, "cols": 80})

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **options: Any) -> None:
        """The first two are what a model's JSON field says of itself. It would also have what was
        shown sent along, hidden: `has_changed` needs none of that, and a transcript is long.
        """
        super().__init__(**{**options, "show_hidden_initial": False})

    def line(self, entry: Entry) -> str:
        raise NotImplementedError

    def entry(self, line: str) -> Entry | None:
        """None for a line that is none."""
        raise NotImplementedError

    def sentence(self) -> str:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(" ".join(self.line(entry).split()) for entry in value)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        entries = [self.entry(line) for line in lines]
        wrong = [line for line, entry in zip(lines, entries, strict=True) if entry is None]
        if wrong:
            raise ValidationError(f"{self.sentence()} {_('This line is another:')} {wrong[0]}")
        return entries

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = self.prepare_value(initial or [])
        return bool(shown.split() != str(data or "").split())


class PracticeField(LinesField):
    """`when` and `what`."""

    def line(self, entry: Entry) -> str:
        return f"{entry['when']} | {entry['what']}"

    def entry(self, line: str) -> Entry | None:
        when, _bar, what = (part.strip() for part in line.partition("|"))
        return {"when": when, "what": what} if when and what else None

    def sentence(self) -> str:
        return _("Write each on a line of its own, like this: Most days | Listen to the exercise.")


class TimedField(LinesField):
    """`at`, in seconds, and the words from there on."""

    key = "text"

    def line(self, entry: Entry) -> str:
        return f"{_clock(entry['at'])} {entry[self.key]}"

    def entry(self, line: str) -> Entry | None:
        match = _CLOCK.fullmatch(line)
        if match is None:
            return None
        hours, minutes, seconds, words = match.groups()
        at = int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
        return {"at": round(at, 3), self.key: words}

    def sentence(self) -> str:
        return _("Begin each line with its time, like this: 4:12 You can stop at any time.")


class ChaptersField(TimedField):
    key = "title"


def _clock(seconds: float) -> str:
    """4:12, 1:04:12 or 4:12.5, to the thousandth."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    hours, rest = divmod(whole, 3600)
    shown = f"{rest // 60}:{rest % 60:02}"
    if hours:
        shown = f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return f"{shown}.{thousandths:03}".rstrip("0") if thousandths else shown
