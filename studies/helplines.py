"""Where a person finds help now, by nation.

Outside every edition and document, because a wrong number must be correctable today: change it
here, set `CHECKED_ON`, and deploy. `/help/`, the ways out of joining and every mail read this.
Sources: each service's own page; NHS urgent mental health help (111) for the four nations.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CHECKED_ON = date(2026, 11, 23)
CHECK_AGAIN_BY = date(2027, 2, 23)


@dataclass(frozen=True)
class Line:
    """`number` is as people read it, `address` the link that dials, texts or opens it."""

    name: str | Promise
    number: str
    address: str
    hours: str | Promise = ""
    words: str | Promise = ""


_DAY_AND_NIGHT = gettext_lazy("Day and night, free")

EMERGENCY = Line("999", "999", "tel:999")
EMERGENCY_SIGNED = Line("999 BSL", "999bsl.co.uk", "https://999bsl.co.uk")
SAMARITANS = Line(
    "Samaritans",
    "116 123",
    "tel:116123",
    _DAY_AND_NIGHT,
    gettext_lazy("About anything that troubles you. You do not have to be in crisis."),
)
SHOUT = Line(
    gettext_lazy("Shout, by text"),
    "85258",
    "sms:85258",
    _DAY_AND_NIGHT,
    gettext_lazy("Text the word SHOUT. No need to speak."),
)
CHILDLINE = Line(
    "Childline",
    "0800 1111",
    "tel:08001111",
    _DAY_AND_NIGHT,
    gettext_lazy("For everyone under 19, about anything. The call is not shown on the phone bill."),
)
TO_TALK = (SAMARITANS, SHOUT)
FOR_YOUNG_PEOPLE = (CHILDLINE, SHOUT)
URGENT_BY_NATION = (
    Line(
        gettext_lazy("England"),
        "111",
        "tel:111",
        words=gettext_lazy("Then choose option 2, for mental health."),
    ),
    Line(gettext_lazy("Wales"), "111", "tel:111", words=gettext_lazy("Then press 2.")),
    Line(
        gettext_lazy("Scotland"),
        "111",
        "tel:111",
        words=gettext_lazy("Then choose the mental health option."),
    ),
    Line(
        gettext_lazy("Northern Ireland"),
        "0808 808 8000",
        "tel:08088088000",
        words=gettext_lazy("Lifeline, day and night, free."),
    ),
)
RELAY_PREFIX = "18001"
RELAY_EMERGENCY = "18000"
RELAY_ADDRESS = "https://www.relayuk.bt.com"
ELSEWHERE_ADDRESS = "https://findahelpline.com"


def for_mail() -> list[tuple[str, str]]:
    """The short list at the foot of every mail, as (label, value)."""
    return [
        (_("In danger"), "999"),
        ("Samaritans", f"{SAMARITANS.number} ({_('day and night, free')})"),
        (_("By text"), _("SHOUT to %(number)s") % {"number": SHOUT.number}),
        (_("NHS, mental health"), _("111, option 2 (Northern Ireland: 0808 808 8000)")),
        (_("Outside the UK"), ELSEWHERE_ADDRESS.removeprefix("https://")),
    ]
