"""New words, looked at before they are saved."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from scheduling import preview, specimen, spoken, timetable, variables
from scheduling.models import Kind, Wording
from scheduling.preview import Use
from scheduling.rendering import Words
from scheduling.wordings import default_words
from studies.models import Study

# A mail's styles are inline, since mail programs drop everything else. It may load and run nothing.
_MAIL_POLICY = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [NONE],
    "sandbox": True,
    "frame-ancestors": [SELF],
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """`seen` comes back with the words when they are saved; `other` was written meanwhile.

    Words that are `in_use` already, as the version before `version`, need not be saved.
    """

    mail: Words
    version: int
    sentences: list[str]
    seen: str
    in_use: Wording | None = None
    other: Wording | None = None


def at(wording: Wording, *, now: datetime, other: Wording | None = None) -> Look:
    """`wording` is clean and not saved."""
    use = preview.of_wording(study=wording.study, kind=wording.kind)
    return Look(
        mail=specimen.of(wording),
        version=use.version,
        sentences=sentences(use, study=wording.study, now=now),
        seen=f"{use.version}-{_mark(wording)}",
        in_use=_the_same_in_use(wording, version=use.version - 1),
        other=other,
    )


def variables_of_each_kind() -> str:
    """HTML: which {variables} there are, kind by kind, and what stands in their place."""
    lines = [
        (kind.label, ", ".join(f"{{{name}}}" for name in sorted(variables.ALLOWED[kind])))
        for kind in Kind
    ]
    return format_html(
        "{}<br>{}<br>{}<br>{}",
        _("Each kind of mail has names in braces, which are filled in for each person:"),
        _lines(lines),
        _("In their place stands:"),
        _lines([(f"{{{name}}}", meaning) for name, meaning in variables.meanings().items()]),
    )


def _lines(rows: list[tuple[Any, str]]) -> str:
    return format_html_join(mark_safe("<br>"), "<strong>{}</strong>: {}", rows)


def is_of(seen: str, wording: Wording) -> bool:
    """Whether it was these very words that were looked at."""
    version, _separator, mark = seen.partition("-")
    return version.isdecimal() and version.isascii() and mark == _mark(wording)


def version_of(seen: str) -> int:
    return int(seen.partition("-")[0])


def sentences(use: Use, *, study: Study, now: datetime) -> list[str]:
    """What the words would be used for; the moment is on the study's clock."""
    kept = _("Emails that were sent, or are being sent, keep the words they had.")
    if use.next_at is None:
        return [_("No email that is planned now would use these words."), kept]
    used = ngettext(
        "%(count)d unsent email will use these words; it goes %(moment)s.",
        "%(count)d unsent emails will use these words; the next goes %(moment)s.",
        use.unsent,
    ) % {"count": use.unsent, "moment": _moment(use.next_at, study, now)}
    return [used, _("One that turns out not to be needed is not sent."), kept]


def drawn(request: HttpRequest, html: str) -> HttpResponseBase:
    """As a mail program draws it; in a frame of ours, or by itself."""

    @xframe_options_sameorigin
    @csp_replace(_MAIL_POLICY)
    def page(_request: HttpRequest) -> HttpResponseBase:
        return HttpResponse(html)

    return page(request)


def _moment(when: datetime, study: Study, now: datetime) -> str:
    if when <= now:
        return _("now")
    zone = timetable.known_or_utc(study.default_zone)
    with timezone.override(ZoneInfo(zone)):
        local = timezone.localtime(when)
        return _("%(day)s, %(time)s (%(zone)s)") % {
            "day": spoken.day(local.date()),
            "time": date_format(local, "H:i"),
            "zone": spoken.zone(zone),
        }


def _the_same_in_use(wording: Wording, *, version: int) -> Wording | None:
    """Where a study has no words of its own, the default ones are in use, as version 1."""
    rows = Wording.objects.filter(study=wording.study, kind=wording.kind, version=version)
    newest = rows.first() or Wording(kind=wording.kind, version=1, **default_words(wording.kind))
    return newest if wording.says_the_same_as(newest) else None


def _mark(wording: Wording) -> str:
    parts = [str(wording.study_id), wording.kind, *wording.words.values()]
    return sha256("\0".join(parts).encode()).hexdigest()
