"""One of every mail that people are sent, taken from a real SMTP server, and ways to look at it."""

import html as html_escapes
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.db import connection
from django.test import Client

from scheduling import services
from scheduling.models import Kind, Prompt
from tests.factories.courses import published_edition
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import DAY, at, tick
from tests.services.smtp import Received, SmtpSink

PUBLIC_NAME = "Kinder to yourself: a trial of self-compassion"
# What each mail is called here, in the order of a person's weeks.
PROMPTS = (
    "consent_copy",
    "welcome",
    "session 1",
    "nudge 1",
    "session 2",
    "nudge 2",
    "session 3, offers",
    "session 4, offers",
    "farewell",
    "session 2, last week not sent",
    "session 3, late",
    "withdrawal",
)
CODES = ("code", "unknown address", "new address", "former address")
# Mails that lead into the weeks, by the one button; and those that one click stops.
LINKED = tuple(name for name in PROMPTS if name not in {"consent_copy", "withdrawal"})


def prompts_over(sink: SmtpSink) -> dict[str, Received]:
    """Every kind of prompt, and a session's mail with each of its notes."""
    study = StudyFactory(public_name=PUBLIC_NAME, edition=published_edition())
    ann = enrolled(study=study, user__email="ann@example.org")
    services.write_now(enrolment=ann, kind=Kind.CONSENT_COPY, now=MONDAY)
    for day in (0, 3, 6, 10, 13, 17, 20, 24, 27, 31, 34):  # she opens nothing
        tick(at("2026-01-05 20:00") + DAY * day)
    enrolled(study=study, user__email="bob@example.org", now=at("2026-03-02 09:00"))
    for moment in ("2026-03-02 09:00", "2026-03-12 19:30", "2026-03-20 20:00"):
        tick(at(moment))
    cat = enrolled(study=study, user__email="cat@example.org", now=at("2026-05-04 09:00"))
    services.leave(enrolment=cat, level="everything", reason="", now=at("2026-05-04 09:00"))
    tick(at("2026-05-04 09:00"))
    rows = {row.message_id: row for row in Prompt.objects.filter(state="sent")}
    return {
        _name(rows[mail.message["Message-ID"]], mail): mail
        for mail in sink.received
        if "bob" not in mail.rcpt_tos[0] or _note(mail)
    }


def codes_over(sink: SmtpSink) -> dict[str, Received]:
    """The mails of signing in and of moving to another address, asked for on the pages."""
    before = len(sink.received)
    dan = enrolled(user__email="dan@example.org")
    for address in ("dan@example.org", "nobody@example.org"):
        Client().post("/accounts/login/", {"login": address})
    client = Client()
    client.force_login(dan.user)
    client.post("/home/address/", {"email": "dan@new.example"})
    client.post("/home/address/code/", {"code": code_in(sink.received[-1])})
    return dict(zip(CODES, sink.received[before:], strict=True))


def code_in(mail: Received) -> str:
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.text(), flags=re.MULTILINE)
    assert found is not None, mail.text()
    return found[0]


def _name(row: Prompt, mail: Received) -> str:
    week = f" {row.occurrence}" if row.kind in {Kind.SESSION, Kind.NUDGE} else ""
    return f"{row.kind}{week}{_note(mail)}"


def _note(mail: Received) -> str:
    notes = {
        "Sorry, this comes late": ", late",
        "We could not send you last week’s email": ", last week not sent",
        "Perhaps these weeks are not the right ones": ", offers",
    }
    return "".join(note for words, note in notes.items() if words in flat(mail.text()))


def flat(text: str) -> str:
    """The words without line breaks or other space between them."""
    return " ".join(text.split())


def in_text(mail: Received) -> set[str]:
    """Every address in the plain part."""
    return set(re.findall(r"https?://[^\s<>\"]+?(?=[.,]?(?:\s|$))", mail.text()))


@dataclass
class Page:
    """The HTML part as a mail program has it."""

    tags: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    hrefs: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    words: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.tags.add(tag)
        self.page.attributes |= given.keys()
        if "href" in given:
            self.page.hrefs.append(given["href"])
            if "button" in given.get("class", "").split():
                self.page.buttons.append(given["href"])
        self._unseen += tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.page.words += f"{data} "


def page_of(mail: Received) -> Page:
    reader = _Reader()
    reader.feed(mail.text("html"))
    reader.close()
    reader.page.words = flat(html_escapes.unescape(reader.page.words))
    return reader.page


def everything() -> dict[str, list[str]]:
    """Every row of every table, for comparing: also sessions, the cache, and others' tables."""
    found = {}
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found
