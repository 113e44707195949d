"""A person with a browser, joining: every step by the form that the page shows."""

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from participants.addresses import as_kept
from studies.models import Study

STATEMENTS = ("read", "free", "watch", "data")
THURSDAY_AT_SEVEN = {"weekday": "4", "local_time": "19:00", "zone": "Europe/London"}


class _Forms(HTMLParser):
    """What each form of a page would send if it were sent as it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action") or "", {}))
        if tag != "input" or not self.forms or not given.get("name"):
            return
        if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
            return
        self.forms[-1][1][str(given["name"])] = given.get("value", self._unset(given)) or ""

    @staticmethod
    def _unset(given: dict[str, str | None]) -> str:
        return "on" if given.get("type") == "checkbox" else ""


def form_of(response: Any) -> dict[str, str]:
    """The fields of the page's own form (not of "sign out", which stands above it)."""
    parser = _Forms()
    parser.feed(response.content.decode())
    own = [fields for action, fields in parser.forms if action != reverse("portal:sign_out")]
    return {name: value for name, value in own[0].items() if name != "csrfmiddlewaretoken"}


def text_of(response: Any) -> str:
    """The words of a page, without tags and runs of spaces."""
    body = response.content.decode().split('tabindex="-1">', 1)[-1].split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def newest_code(to: str) -> str:
    letter = [each for each in mail.outbox if each.to == [as_kept(to)]][-1]
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", str(letter.body), re.MULTILINE)
    assert found, letter.body
    return found.group()


class Joiner:
    def __init__(self, client: Client, study: Study, email: str = "ann@example.org") -> None:
        self.client, self.study, self.email = client, study, email

    def url(self, name: str, *args: str) -> str:
        return reverse(f"portal:{name}", args=[self.study.slug, *args])

    def get(self, name: str, *args: str) -> Any:
        return self.client.get(self.url(name, *args))

    def send(self, name: str, *args: str, **fields: str) -> Any:
        """Open the page, fill in `fields`, send it; the answer before any redirect."""
        address = self.url(name, *args)
        shown = self.client.get(address)
        assert shown.status_code == 200, (address, shown.status_code, shown.get("Location"))
        return self.client.post(address, form_of(shown) | fields)

    def read(self) -> Any:
        return self.send("join")

    def answer_all(self) -> Any:
        for criterion in self.study.criteria.order_by("position"):
            says = "yes" if criterion.admits_yes else "no"
            last = self.send("join_question", criterion.key, answer=says)
        return last

    def sign_in(self) -> Any:
        return self.sign_in_with_the_code(self.send("join_email", email=self.email)["Location"])

    def sign_in_with_the_code(self, page: str) -> Any:
        return self.client.post(page, {"code": newest_code(self.email)})

    def reach_agreement(self) -> Any:
        self.read()
        if self.study.criteria.exists():
            self.answer_all()
        return self.sign_in()

    def agree(self, **fields: str) -> Any:
        ticks = {f"statement-{key}": "on" for key in STATEMENTS}
        return self.send("join_agreement", **({"typed_name": "Ann Demo"} | ticks | fields))

    def reach_day(self) -> None:
        self.reach_agreement()
        self.agree()
        self.send("join_about")

    def choose_day(self, **fields: str) -> Any:
        return self.send("join_day", **(THURSDAY_AT_SEVEN | fields))

    def join(self) -> None:
        self.reach_day()
        self.choose_day()
