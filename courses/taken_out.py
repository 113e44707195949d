"""What cleaning takes out of what somebody wrote, in sentences for whoever wrote it."""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from courses.html import ATTRIBUTES, TAGS, sanitised

_SHOWN = 80
_PLAYED = {"audio", "embed", "iframe", "object", "video"}
_ASKED = {"button", "form", "input", "option", "select", "textarea"}
_Attributes = Sequence[tuple[str, str | None]]


def taken_out(html: str) -> list[str]:
    """One sentence for each sort of thing, in the order of the text; empty where all is kept."""
    reader = _Reader()
    reader.feed(_closed(html))
    reader.close()
    return list(dict.fromkeys([*reader.sentences, *_of_open_remark(html)]))


def _closed(html: str) -> str:
    """Without what is opened and never closed, of which the reader takes the square of its length.

    Sections in square brackets are remarks to a browser; the reader stops at most of them.
    """
    html = html[: _open_remark(html)].replace("<![", "<?[")
    return html[: html.rfind(">") + 1]


def _of_open_remark(html: str) -> list[str]:
    return [_("A hidden remark was taken out.")] if _open_remark(html) is not None else []


def _open_remark(html: str) -> int | None:
    """Where a remark begins that goes on to the end; None where none does."""
    at = html.find("<!--", html.rfind("-->") + 1)
    return None if at < 0 else at


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[str] = []

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        if tag not in TAGS:
            self.sentences.append(_about_tag(tag, dict(attrs)))
        elif tag == "a":
            self._look_at_link(dict(attrs).get("href"))
        self._look_at_attributes(tag, attrs)

    def handle_comment(self, data: str) -> None:
        self.sentences.append(_("A hidden remark was taken out."))

    def _look_at_link(self, address: str | None) -> None:
        if address is not None and "href=" not in sanitised(f'<a href="{escape(address)}">x</a>'):
            self.sentences.append(
                _(
                    "A link to “%s” was taken out; its words stayed. A link leads to a web page, "
                    "an email address or a telephone number."
                )
                % _short(address)
            )

    def _look_at_attributes(self, tag: str, attrs: _Attributes) -> None:
        # Those that the cleaning adds to each link, or that an editor adds to open a tab.
        kept = ATTRIBUTES.get(tag, set()) | {"href", "rel", "target"}
        refused = [name for name, _value in attrs if name not in kept]
        if any(name.startswith("on") for name in refused):
            self.sentences.append(_("Something that would run on the page was taken out."))
        if tag in TAGS and any(not name.startswith("on") for name in refused):
            self.sentences.append(
                _("Colours, sizes and other looks were taken out: all pages look alike.")
            )


def _about_tag(tag: str, attributes: dict[str, str | None]) -> str:
    if tag == "img":
        return _("A picture was taken out (%s). A text shows no pictures.") % _short(
            attributes.get("src") or _("without an address")
        )
    if tag in _PLAYED:
        return _("Something from elsewhere to play or show was taken out (%s).") % tag
    if tag in _ASKED:
        return _("Something to fill in or to press was taken out (%s).") % tag
    known = {
        "script": _("A script was taken out."),
        "style": _("Rules for how the page looks were taken out: all pages look alike."),
        "h1": _("A first-level heading became plain words: the page has its title there."),
    }
    other = _("Marks that a page does not keep were taken out (%s). Their words stayed.")
    return known.get(tag) or other % tag


def _short(address: str) -> str:
    return address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"
