"""Where a person finds help now, by nation.

Outside every edition and document, because a wrong number must be correctable today: change it
here and in `content/self-compassion/finding-help.md` (a test compares the two, line by line), set
`PUT_TOGETHER_ON`, and deploy. `/help/`, the ways out of joining and every mail read this.

Sources stand beside the lines: pages of the services and of public bodies, in stored copies, with
the year that the page gives (“n. d.” where it gives none). No line was rung for it, and no menu
option is named that no such page names. `docs/running.md` says when to ring or open each.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PUT_TOGETHER_ON = date(2026, 11, 23)
REVIEW_BY = date(2027, 2, 23)


@dataclass(frozen=True)
class Line:
    """`number` is as people read it, `address` the link that dials, texts or opens it."""

    name: str | Promise
    number: str
    address: str
    hours: str | Promise = ""
    words: str | Promise = ""


_DAY_AND_NIGHT = gettext_lazy("Day and night, free")
_DAY_AND_NIGHT_ALONE = gettext_lazy("Day and night")
_ON_WEEKDAYS = gettext_lazy("On weekdays, free")

EMERGENCY = Line("999", "999", "tel:999")
# Ofcom 2023; RNID.
EMERGENCY_SIGNED = Line("999 BSL", "999bsl.co.uk", "https://999bsl.co.uk")
# The key for those who called 999 from a mobile and cannot speak: Independent Office for Police
# Conduct 2019; Department of Finance of Northern Ireland 2020.
SILENT_KEY = "55"

# samaritans.org, “Contact a Samaritan”, n. d.
SAMARITANS = Line(
    "Samaritans",
    "116 123",
    "tel:116123",
    _DAY_AND_NIGHT,
    gettext_lazy("About anything that troubles you. You do not have to be in crisis."),
)
# giveusashout.org, “FAQ”, November 2024.
SHOUT = Line(
    gettext_lazy("Shout, by text"),
    "85258",
    "sms:85258",
    _DAY_AND_NIGHT,
    gettext_lazy("Text the word SHOUT. No need to speak."),
)
# Childline in the Sunderland Echo, 2022; the bill: a leaflet of the NSPCC, n. d.
CHILDLINE = Line(
    "Childline",
    "0800 1111",
    "tel:08001111",
    _DAY_AND_NIGHT,
    gettext_lazy("For everyone under 19, about anything. The call is not shown on the phone bill."),
)
TO_TALK = (SAMARITANS, SHOUT)
FOR_YOUNG_PEOPLE = (CHILDLINE, SHOUT)

# Lifeline and the Public Health Agency, n. d.
LIFELINE = Line(
    gettext_lazy("Northern Ireland"),
    "0808 808 8000",
    "tel:08088088000",
    _DAY_AND_NIGHT,
    gettext_lazy("Lifeline."),
)
URGENT_BY_NATION = (
    # Trusts of the NHS (tewv, lpft, shsc), n. d. Some practices said “option 2”, and one of them
    # has taken it back: so no number of a menu.
    Line(
        gettext_lazy("England"),
        "111",
        "tel:111",
        _DAY_AND_NIGHT_ALONE,
        gettext_lazy("Then choose the mental health option."),
    ),
    # Welsh Government, October 2025.
    Line(gettext_lazy("Wales"), "111", "tel:111", _DAY_AND_NIGHT, gettext_lazy("Then press 2.")),
    # Scottish Government, “Mental health unscheduled care”, n. d.: names no number of a menu.
    Line(
        gettext_lazy("Scotland"),
        "111",
        "tel:111",
        _DAY_AND_NIGHT_ALONE,
        gettext_lazy("Then choose the mental health option."),
    ),
    LIFELINE,
)

# 0800 and 0808 are free from every phone in the UK since 2015 (Ofcom).
FEAR_AT_HOME = (
    # gov.uk 2019 (free, 24 hours); refuge.org.uk 2020, which says that it is for women.
    Line(
        gettext_lazy("England"),
        "0808 2000 247",
        "tel:08082000247",
        _DAY_AND_NIGHT,
        gettext_lazy("National Domestic Abuse Helpline, for women."),
    ),
    # Welsh Government, gov.wales/live-fear-free, n. d., and news of October 2020.
    Line(
        gettext_lazy("Wales"),
        "0808 80 10 800",
        "tel:08088010800",
        _DAY_AND_NIGHT,
        gettext_lazy("Live Fear Free, for everyone."),
    ),
    # Police Scotland and Safer Scotland (“anyone can call”), n. d.
    Line(
        gettext_lazy("Scotland"),
        "0800 027 1234",
        "tel:08000271234",
        _DAY_AND_NIGHT,
        gettext_lazy("Domestic Abuse and Forced Marriage Helpline, for everyone."),
    ),
    # Department of Justice, justice-ni.gov.uk, 2024 or later; for all genders: BBC 2023.
    Line(
        gettext_lazy("Northern Ireland"),
        "0808 802 1414",
        "tel:08088021414",
        _DAY_AND_NIGHT,
        gettext_lazy("Domestic and Sexual Abuse Helpline, for everyone."),
    ),
    # The service’s booklet “Talk it over”, n. d. (from everywhere in the UK); Scottish Government
    # 2010; Teignbridge District Council 2023. Hours differ from page to page, within weekdays.
    Line(
        gettext_lazy("Men"),
        "0808 801 0327",
        "tel:08088010327",
        _ON_WEEKDAYS,
        gettext_lazy("Men’s Advice Line, anywhere in the UK."),
    ),
)
# respectphoneline.org.uk, n. d.; Welsh Government, October 2020; weekdays: Make a Change, 2023.
OWN_ANGER = Line("Respect Phoneline", "0808 802 4040", "tel:08088024040", _ON_WEEKDAYS)

# BT’s price list and HM Revenue & Customs 2016, n. d.; the app’s 999 button: West Yorkshire Police.
RELAY_PREFIX = "18001"
RELAY_EMERGENCY = "18000"
RELAY_ADDRESS = "https://www.relayuk.bt.com"

IN_IRELAND = (
    # Houses of the Oireachtas, November 2025.
    Line(gettext_lazy("In an emergency"), "112", "tel:112", words=gettext_lazy("Or 999.")),
    # samaritans.org 2015; Irish Examiner 2019.
    Line("Samaritans", "116 123", "tel:116123", _DAY_AND_NIGHT),
    # The Health Service’s: Irish Examiner 2020, Dublin People 2022. One station named a word to
    # begin with, the service’s own pages were not found: so none is given.
    Line(gettext_lazy("By text"), "50808", "sms:50808", _DAY_AND_NIGHT),
)
ELSEWHERE_ADDRESS = "https://findahelpline.com"


def for_mail() -> list[tuple[str, str]]:
    """The short list at the foot of every mail, as (label, value); together 72 signs at most."""
    return [
        (_("In danger"), EMERGENCY.number),
        ("Samaritans", f"{SAMARITANS.number} ({_('day and night, free')})"),
        (_("By text"), _("SHOUT to %(number)s") % {"number": SHOUT.number}),
        (_("NHS, mental health"), _("111, then the mental health option")),
        (_("In Northern Ireland"), f"{LIFELINE.number} (Lifeline)"),
        (_("Outside the UK"), ELSEWHERE_ADDRESS.removeprefix("https://")),
    ]
