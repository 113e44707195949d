"""From a prompt and its wording to the subject, the HTML and the text that one person is sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduling import consent_copy, links, markdown, spoken, variables
from scheduling.decisions import ALWAYS, Note
from scheduling.models import Kind, Prompt, Rhythm, Wording
from scheduling.models.wording import LINKED
from scheduling.values import values_for
from studies import helplines

_WEEKLY = {Kind.SESSION, Kind.NUDGE}


@dataclass(frozen=True, kw_only=True)
class Words:
    subject: str
    html: str
    text: str


def words_for(prompt: Prompt, wording: Wording, notes: frozenset[Note]) -> Words:
    """Raises `KeyError` for a variable that has no value (refused when a wording is saved)."""
    agreement = _agreement(prompt)
    return written(prompt, wording, notes, values=values_for(prompt), agreement=agreement)


def written(
    prompt: Prompt,
    wording: Wording,
    notes: frozenset[Note],
    *,
    values: dict[str, str],
    agreement: consent_copy.Agreement | None,
) -> Words:
    """With `values` and `agreement` as given: also for a specimen, which is in no database."""
    context = {**_context(prompt, wording, notes, values), "agreement": agreement}
    return Words(
        subject=variables.fill(wording.subject, values),
        html=render_to_string("mail/prompt.html", context),
        text=render_to_string("mail/prompt.txt", context).strip() + "\n",
    )


def _context(
    prompt: Prompt, wording: Wording, notes: frozenset[Note], values: dict[str, str]
) -> dict[str, Any]:
    body = markdown.parsed(wording.body)
    before = [_note(each) for each in sorted(notes) if each != Note.OFFERS]
    return {
        "study_name": prompt.enrolment.study.neutral_name,
        "heading": variables.fill(wording.heading, values),
        "notes": before,
        "notes_text": [markdown.wrapped(each) for each in before],
        "words_html": body.as_html(values),
        "words_text": body.as_text(values),
        "offers": Note.OFFERS in notes,
        "helplines": helplines.for_mail(),
        "help_url": links.page_url("/help/"),
        "why": _why(prompt),
        "reply_note": _("Answers to this email go to the study team.")
        if prompt.enrolment.study.is_research
        else _("Answers to this email go to the course team."),
        **_addresses(prompt, variables.fill(wording.button, values), offers=Note.OFFERS in notes),
    }


def _addresses(prompt: Prompt, button: str, *, offers: bool) -> dict[str, Any]:
    """The one button, and the small links: only where there is something to open or to stop."""
    if prompt.kind not in LINKED:
        return {}
    addresses = {
        "button_url": links.go_url(prompt),
        "button_label": button,
        "link_note": True,
        "stop_url": links.stop_url(prompt.enrolment),
    }
    changes = {
        "day_url": links.page_url("/home/day/"),
        "pause_url": links.page_url("/home/pause/"),
    }
    if offers:
        return addresses | {f"offer_{name}": url for name, url in changes.items()}
    return addresses | (changes if prompt.kind in _WEEKLY else {})


def _note(note: Note) -> str:
    if note == Note.LATE:
        return _("Sorry, this comes late; that was us.")
    if note == Note.LAST_WEEK_CAME_BACK:
        return _(
            "Our last email to you came back, so that of last week did not reach you. "
            "That week is open on your pages too."
        )
    return _(
        "We could not send you last week’s email in time; that was us. "
        "That week is open on your pages too."
    )


def _why(prompt: Prompt) -> str:
    study = prompt.enrolment.study
    names = {"study": study.neutral_name, "institution": study.institution}
    rhythm: Rhythm | None = getattr(prompt.enrolment, "rhythm", None)
    if prompt.kind in ALWAYS or rhythm is None:
        return (
            _("You get this email because you joined “%(study)s”, run by %(institution)s.") % names
        )
    return _(
        "You get this email because you joined “%(study)s”, run by %(institution)s, "
        "and chose %(time)s on %(weekday)s."
    ) % {
        **names,
        "weekday": _plural_weekday(rhythm.weekday),
        "time": spoken.hour(rhythm.local_time),
    }


def _plural_weekday(number: int) -> str:
    """ "Thursdays": 5 January 2026 was a Monday."""
    return _("%(weekday)ss") % {"weekday": date_format(date(2026, 1, 4 + number), "l")}


def _agreement(prompt: Prompt) -> consent_copy.Agreement | None:
    if prompt.kind != Kind.CONSENT_COPY:
        return None
    return consent_copy.of(prompt.enrolment, zone=prompt.zone)
