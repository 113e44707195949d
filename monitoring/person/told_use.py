"""What is told of a person's use of the weeks: opened, played, read, practised, finished."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from monitoring.person.entries import OWN, Entry
from participants.models import Engagement, Enrolment, Play, PracticeLog, Session
from scheduling import spoken

# Of each sort, the newest so many: a timeline is to be read.
MOST = 300


def of(person: Enrolment, sessions: list[Session]) -> tuple[list[Entry], bool]:
    """And whether there is more than is told."""
    mine: dict[str, Any] = {"session__enrolment": person}
    engagements = list(
        Engagement.objects.filter(**mine)
        .select_related("session__module", "material")
        .order_by("-at")[:MOST]
    )
    plays = list(
        Play.objects.filter(**mine)
        .select_related("session__module", "material")
        .order_by("-started_at")[:MOST]
    )
    practice = list(
        PracticeLog.objects.filter(**mine)
        .select_related("session__module")
        .order_by("-noted_at")[:MOST]
    )
    told = [
        *(_engagement(each) for each in engagements),
        *(_play(each) for each in plays),
        *(_practice(each) for each in practice),
        *_finished(sessions),
    ]
    return told, any(len(rows) == MOST for rows in (engagements, plays, practice))


def _week(session: Session) -> str:
    return _("Week %(week)d") % {"week": session.module.week}


def _engagement(each: Engagement) -> Entry:
    title = each.material.title if each.material is not None else ""
    what = {"week": _week(each.session), "what": str(each.get_kind_display())}
    words = _("%(week)s: %(what)s") % {**what, "what": what["what"].lower()}
    return Entry(at=each.at, mark=OWN, what=words, detail=title)


def _play(each: Play) -> Entry:
    words = _("%(week)s: played “%(title)s”, %(length)s") % {
        "week": _week(each.session),
        "title": each.material.title,
        "length": spoken.clock(each.seconds),
    }
    details = [_("From %(place)s") % {"place": spoken.clock(each.position)}]
    if each.material.duration:
        details.append(_("of %(length)s") % {"length": spoken.clock(each.material.duration)})
    if each.speed != 1:
        details.append(_("at speed %(speed)s") % {"speed": f"{each.speed:g}"})
    return Entry(at=each.started_at, mark=OWN, what=words, detail=", ".join(details))


def _practice(each: PracticeLog) -> Entry:
    words = _("%(week)s: noted practice, “%(activity)s”") % {
        "week": _week(each.session),
        "activity": each.activity,
    }
    day = _("Practised on %(day)s") % {"day": date_format(each.practised_on, "j F")}
    return Entry(at=each.noted_at, mark=OWN, what=words, detail=day)


def _finished(sessions: list[Session]) -> Iterator[Entry]:
    for each in sessions:
        if each.finished_at is not None:
            words = _("%(week)s: finished, by own word") % {"week": _week(each)}
            yield Entry(at=each.finished_at, mark=OWN, what=words)
