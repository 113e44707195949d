"""From a prompt and its wording to the subject, the HTML and the text that one person is sent.

What differs from person to person is but little: most mails of a week are alike, except for the two
signed links. So the words are made once for all that are alike, and the links are put in.
"""

from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling import consent_copy, links, markdown, spoken, variables
from scheduling.consent_copy import Agreement
from scheduling.decisions import ALWAYS, Note
from scheduling.models import Kind, Prompt, Rhythm, Wording
from scheduling.models.wording import INVITING, LINKED
from scheduling.values import Editions, values_for
from studies import helplines

_WEEKLY = {Kind.SESSION, Kind.NUDGE}
# Of these the address came from others than its owner.
_NOT_BY_THEMSELVES = INVITING | {Kind.ELSEWHERE}
WITH_AGREEMENT = {Kind.CONSENT_COPY, Kind.ELSEWHERE}
# Where a person's own tokens will stand. Random, so that no wording can hold them.
_GO, _STOP = uuid4().hex, uuid4().hex


@dataclass(frozen=True, kw_only=True)
class Words:
    subject: str
    html: str
    text: str


@dataclass(frozen=True, kw_only=True)
class _Alike:
    """All that the words of a mail are made from, except what is one person's own.

    `values` are name and value; `weekday` and `local_time` are of the rhythm, None where it is not
    spoken of. `site` and `language` are read where the words are made, and told here so that mails
    which differ in them are not alike.
    """

    kind: str
    subject: str
    heading: str
    body: str
    button: str
    values: tuple[tuple[str, str], ...]
    notes: frozenset[Note]
    study_name: str
    institution: str
    is_research: bool
    weekday: int | None
    local_time: time | None
    site: str
    language: str | None


def words_for(
    prompt: Prompt, wording: Wording, notes: frozenset[Note], editions: Editions
) -> Words:
    """Raises `KeyError` for a variable that has no value (refused when a wording is saved)."""
    values = values_for(prompt, editions)
    return written(prompt, wording, notes, values=values, agreement=_agreement(prompt))


def written(
    prompt: Prompt,
    wording: Wording,
    notes: frozenset[Note],
    *,
    values: dict[str, str],
    agreement: Agreement | None,
) -> Words:
    """With `values` and `agreement` as given: also for a specimen, which is in no database."""
    alike = _alike(prompt, wording, notes, values)
    # An agreement holds the name that someone signed with: what is made of it is never kept.
    words = _made(alike, agreement) if agreement is not None else _made_once(alike)
    return _linked(words, prompt) if prompt.kind in LINKED else words


def _alike(
    prompt: Prompt, wording: Wording, notes: frozenset[Note], values: dict[str, str]
) -> _Alike:
    study = prompt.enrolment.study
    rhythm: Rhythm | None = getattr(prompt.enrolment, "rhythm", None)
    chosen = rhythm if prompt.kind not in ALWAYS else None
    return _Alike(
        kind=prompt.kind,
        subject=wording.subject,
        heading=wording.heading,
        body=wording.body,
        button=wording.button,
        values=tuple(values.items()),
        notes=notes,
        study_name=study.neutral_name,
        institution=study.institution,
        is_research=study.is_research,
        weekday=chosen.weekday if chosen is not None else None,
        local_time=chosen.local_time if chosen is not None else None,
        site=settings.SITE_URL,
        language=get_language(),
    )


def _agreement(prompt: Prompt) -> Agreement | None:
    if prompt.kind not in WITH_AGREEMENT:
        return None
    return consent_copy.of(prompt.enrolment, zone=prompt.zone)


def _linked(words: Words, prompt: Prompt) -> Words:
    go, person = links.token_for(prompt), prompt.enrolment
    is_new = prompt.kind in _NOT_BY_THEMSELVES
    stop = links.decline_token_for(person) if is_new else links.stop_token_for(person)
    return Words(
        subject=words.subject,
        html=words.html.replace(_GO, go).replace(_STOP, stop),
        text=words.text.replace(_GO, go).replace(_STOP, stop),
    )


@lru_cache(maxsize=256)
def _made_once(alike: _Alike) -> Words:
    return _made(alike, None)


def _made(alike: _Alike, agreement: Agreement | None) -> Words:
    values = dict(alike.values)
    context = _context(alike, agreement, values)
    return Words(
        subject=variables.fill(alike.subject, values),
        html=render_to_string("mail/prompt.html", context),
        text=render_to_string("mail/prompt.txt", context).strip() + "\n",
    )


def _context(alike: _Alike, agreement: Agreement | None, values: dict[str, str]) -> dict[str, Any]:
    body = markdown.parsed(alike.body)
    before = [_note(each) for each in sorted(alike.notes) if each != Note.OFFERS]
    return {
        "study_name": alike.study_name,
        "heading": variables.fill(alike.heading, values),
        "notes": before,
        "notes_text": [markdown.wrapped(each) for each in before],
        "words_html": body.as_html(values),
        "words_text": body.as_text(values),
        "agreement": agreement,
        "offers": Note.OFFERS in alike.notes,
        "helplines": helplines.for_mail(),
        "help_url": links.page_url("/help/"),
        "why": _why(alike),
        "reply_note": _("Answers to this email go to the study team.")
        if alike.is_research
        else _("Answers to this email go to the course team."),
        **_addresses(alike, variables.fill(alike.button, values)),
    }


def _addresses(alike: _Alike, button: str) -> dict[str, Any]:
    """The one button, and the small links: only where there is something to open or to stop."""
    if alike.kind not in LINKED:
        return {}
    addresses: dict[str, Any] = {"button_url": links.go_address(_GO), "button_label": button}
    if alike.kind in INVITING:
        return addresses | {"decline_url": links.decline_address(_STOP)}
    addresses["link_note"] = True
    if alike.kind == Kind.ELSEWHERE:
        return addresses | {"disown_url": links.decline_address(_STOP)}
    addresses["stop_url"] = links.stop_address(_STOP)
    changes = {
        "day_url": links.page_url("/home/day/"),
        "pause_url": links.page_url("/home/pause/"),
    }
    if Note.OFFERS in alike.notes:
        return addresses | {f"offer_{name}": url for name, url in changes.items()}
    return addresses | (changes if alike.kind in _WEEKLY else {})


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


def _why(alike: _Alike) -> str:
    names = {"study": alike.study_name, "institution": alike.institution}
    if alike.kind in _NOT_BY_THEMSELVES:
        return _who_said_so(alike) % {**names, "team": _team(alike)}
    if alike.weekday is None or alike.local_time is None:
        return (
            _("You get this email because you joined “%(study)s”, run by %(institution)s.") % names
        )
    return _(
        "You get this email because you joined “%(study)s”, run by %(institution)s, "
        "and chose %(time)s on %(weekday)s."
    ) % {
        **names,
        "weekday": _plural_weekday(alike.weekday),
        "time": spoken.hour(alike.local_time),
    }


def _who_said_so(alike: _Alike) -> str:
    """What somebody must be told who gave us no address themselves."""
    match alike.kind:
        case Kind.INVITATION:
            return _(
                "%(team)s gave us your address, to ask whether you would like to take part in "
                "“%(study)s”. You can ignore this email. Then we remind you once, and delete your "
                "address 30 days after the invitation."
            )
        case Kind.REMINDER:
            return _(
                "%(team)s gave us your address, to ask whether you would like to take part in "
                "“%(study)s”. You can ignore this email. We do not remind you again, and delete "
                "your address 30 days after the invitation."
            )
        case _:
            return _(
                "%(team)s told us that you agreed to take part in “%(study)s”, and gave us your "
                "address. If that was not you, please tell us below."
            )


def _team(alike: _Alike) -> str:
    team = _("The research team of %(name)s") if alike.is_research else _("The team of %(name)s")
    return team % {"name": alike.institution}


def _plural_weekday(number: int) -> str:
    """ "Thursdays": 5 January 2026 was a Monday."""
    return _("%(weekday)ss") % {"weekday": date_format(date(2026, 1, 4 + number), "l")}
