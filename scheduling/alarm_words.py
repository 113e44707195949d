"""What the alarm mails say, in plain text: to the contact of a study, who may be no technician."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling import timetable, watch_words
from scheduling.models import Alarm
from scheduling.watch import Fault, MailHealth
from studies.models import Study


@dataclass(frozen=True, kw_only=True)
class Toll:
    """What a standstill did: so many mails went late, could not go, may have gone, are to go."""

    late: int
    lost: int
    unsure: int
    waiting: int

    @property
    def is_any(self) -> bool:
        return bool(self.late or self.lost or self.unsure)


@dataclass(frozen=True, kw_only=True)
class Words:
    subject: str
    text: str


def red(studies: list[Study], due: int, health: MailHealth) -> Words:
    """`due` is how many mails of these studies are due and have not gone."""
    zone = _zone(studies)
    since = health.red_since or health.now
    words = {"names": _names(studies), "when": _when(since, zone), "zone": zone.key}
    return Words(
        subject=_("Mail is not going out: %s") % studies[0].neutral_name,
        text=_paragraphs(
            _("Mail to the people of %(names)s is not going out as it should.") % words,
            _("Since %(when)s. All times here are in %(zone)s.") % words,
            _part(_("What is wrong"), watch_words.complaints(health, zone)),
            _part(_("What it means for participants"), [_due(due), *_meaning(health)]),
            _part(_("What to do"), _to_do(health)),
            _part(_("Where to look"), [_staff_pages(), _guide()]),
            _("This is said once. One more mail comes when all is well again."),
        ),
    )


def well(studies: list[Study], alarm: Alarm, toll: Toll) -> Words:
    zone = _zone(studies)
    words = {
        "names": _names(studies),
        "from": _when(alarm.began_at, zone),
        "to": _when(alarm.well_at or alarm.began_at, zone),
        "zone": zone.key,
    }
    # It may have gone in between, for less long than it takes to be well.
    stood = _("Mail stood still, at least at times, from %(from)s to %(to)s, %(zone)s time.")
    return Words(
        subject=_("Mail goes again: %s") % studies[0].neutral_name,
        text=_paragraphs(
            _("Mail to the people of %(names)s goes again.") % words,
            " ".join([stood % words, *_causes(alarm)]),
            _part(_("What became of the mails"), _became_of(toll)),
            _part(_("What to do"), _afterwards(toll)),
            _part(_("Where to look"), [_staff_pages()]),
        ),
    )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"


def _part(heading: str, sentences: list[str]) -> str:
    return "\n".join([heading, *(f"- {each}" for each in sentences)])


def _zone(studies: list[Study]) -> ZoneInfo:
    return ZoneInfo(timetable.known_or_utc(studies[0].default_zone))


def _names(studies: list[Study]) -> str:
    return ", ".join(each.neutral_name for each in studies)


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return watch_words.clock(moment.astimezone(zone))


def _due(due: int) -> str:
    if not due:
        return _("None of their mails is due yet. If this lasts, they will come late.")
    return ngettext(
        "%(due)d mail to them is due and has not gone.",
        "%(due)d mails to them are due and have not gone.",
        due,
    ) % {"due": due}


def _meaning(health: MailHealth) -> list[str]:
    said = [
        watch_words.meaning(),
        _("A session mail that is more than a day late says that it was us."),
        _(
            "Reminders wait for two days, session mails until a day before the next session. "
            "What is too late then is not sent, and recorded as a deviation."
        ),
        _("Weeks open at their time on the person’s own pages, mail or no mail."),
    ]
    if Fault.STOPPED in health.faults:
        said.append(_("Codes for signing in go through the same mail server, and may not come."))
    return said


def _to_do(health: MailHealth) -> list[str]:
    """For whoever runs the platform; the first step is to reach them."""
    steps = {
        Fault.STOPPED: _(
            "See whether the mail server is up and takes us: its name, user and password stand "
            "in EMAIL_URL. The sender looks again by itself, every few minutes."
        ),
        Fault.SILENT: _("Start what sends again: send_due, or Celery’s worker and beat."),
        Fault.OVERDUE: _("See whether Celery’s worker runs, and what its output says."),
        Fault.CLOCKS: _("Set the clocks of the application and the database by a time server."),
    }
    return [watch_words.first_step(), *(steps[fault] for fault in steps if fault in health.faults)]


def _staff_pages() -> str:
    return _("The staff pages: %s/staff/") % settings.SITE_URL


def _guide() -> str:
    return _("For whoever runs it: docs/running.md, under “When mail stands still”.")


def _causes(alarm: Alarm) -> list[str]:
    causes = {
        Fault.STOPPED: _("The mail server did not take our mail."),
        Fault.SILENT: _("The sender was not running."),
        Fault.OVERDUE: _("Mail was due and was not sent."),
        Fault.CLOCKS: _("The clocks of the application and the database differed."),
    }
    return [words for fault, words in causes.items() if fault in alarm.reason.split()]


def _became_of(toll: Toll) -> list[str]:
    said = [
        (toll.late, _late),
        (toll.lost, _lost),
        (toll.unsure, _unsure),
        (toll.waiting, _still_to_go),
    ]
    return [words(count) % {"count": count} for count, words in said if count] or [
        _("None came late, and none is lost.")
    ]


def _late(count: int) -> str:
    return ngettext("%(count)d was late.", "%(count)d were late.", count)


def _lost(count: int) -> str:
    return ngettext("%(count)d could not go.", "%(count)d could not go.", count)


def _unsure(count: int) -> str:
    return ngettext(
        "%(count)d may have arrived or not; it is not sent again by itself.",
        "%(count)d may have arrived or not; they are not sent again by themselves.",
        count,
    )


def _still_to_go(count: int) -> str:
    return ngettext(
        "%(count)d waits to be tried again.", "%(count)d wait to be tried again.", count
    )


def _afterwards(toll: Toll) -> list[str]:
    if toll.lost or toll.unsure:
        return [
            _("Look on the staff pages for those whose mail could not go, or may not have arrived.")
        ]
    if toll.waiting:
        return [_("Nothing: what waits goes by itself.")]
    return [_("Nothing: all that was due has been seen to.")]
