"""A mail once more; and one of which nobody knows whether it arrived, marked as sent."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.actions.deed import Asked, CannotBeDone, Deed, Done, Preview
from monitoring.actions.forms import ChoiceForm
from monitoring.actions.mails import known_to_be_sent, to_send_again, unconfirmed
from monitoring.actions.moved import in_a_break
from monitoring.models import StaffAction
from monitoring.person.found import rhythm_of, zone_of
from monitoring.person.told_mails import named
from participants.models import Enrolment, User
from scheduling import prompts, services, timetable
from scheduling.models import Prompt
from scheduling.prompts import IllegalTransition


class SendAgain(Deed):
    name = "send-again"
    kind = StaffAction.Kind.SEND_AGAIN
    words = gettext_lazy("Send a mail again")
    button = gettext_lazy("Send it again")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return bool(to_send_again(person))

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> ChoiceForm:
        return _choice(person, data, _("Which mail?"), to_send_again(person))

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        mail = _found(to_send_again(person), asked)
        sentences = [
            _("“%(mail)s” goes once more, within a minute, to the address we have of them.")
            % {"mail": named(mail)},
            _("What became of the earlier one stays as it is: %(state)s.")
            % {"state": mail.get_state_display()},
        ]
        if known_to_be_sent(mail):
            sentences.append(_("They may have had it already, and then get it twice."))
        rhythm = rhythm_of(person)
        if rhythm is not None and rhythm.mail_off_since is not None:
            sentences.append(_("Their emails are off. This one goes all the same."))
        elif in_a_break(person, now=now):
            sentences.append(_("They are having a break. This one goes all the same."))
        return Preview(sentences=sentences, shown=mail.pk)

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        """Two who do it in one moment come one after the other, and the second finds it done."""
        Enrolment.objects.select_for_update(no_key=True).get(pk=person.pk)
        mail = _found(to_send_again(person), asked)
        copy = services.send_again(prompt=mail, now=now)
        return Done(
            shown=mail.pk,
            words=_("“%(mail)s” goes within a minute.") % {"mail": named(copy)},
            details=_about(copy),
        )


class Settle(Deed):
    name = "settle"
    kind = StaffAction.Kind.SETTLE
    words = gettext_lazy("Mark an unconfirmed mail as sent")
    button = gettext_lazy("Mark it as sent")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return bool(unconfirmed(person))

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> ChoiceForm:
        return _choice(person, data, _("Which mail arrived?"), unconfirmed(person))

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        mail = _found(unconfirmed(person), asked)
        tried = timetable.local(mail.attempted_at or mail.due_at, zone_of(person))
        words = _("“%(mail)s” counts as sent from then on, at %(hour)s on %(day)s (%(zone)s).")
        what = {"mail": named(mail), "hour": f"{tried:%H:%M}", "zone": zone_of(person)}
        sentences = [
            words % {**what, "day": date_format(tried, "l j F")},
            _("Nothing goes out. If it did not arrive, send it again instead."),
        ]
        return Preview(sentences=sentences, shown=mail.pk)

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        mail = _found(unconfirmed(person), asked)
        try:
            settled = prompts.settle_by_staff(mail, now=now)
        except IllegalTransition as error:
            raise CannotBeDone(str(_NO_MORE)) from error
        if not settled:
            raise CannotBeDone(str(_NO_MORE))
        return Done(
            shown=mail.pk,
            words=_("“%(mail)s” counts as sent.") % {"mail": named(mail)},
            details=_about(mail),
        )


_NO_MORE = gettext_lazy("This has changed since the page was made. Please look again.")


def _choice(person: Enrolment, data: Any, label: str, mails: list[Prompt]) -> ChoiceForm:
    with timezone.override(zone_of(person)):
        choices = [(str(mail.pk), _told(mail)) for mail in mails]
    return ChoiceForm(data, label=label, choices=choices)


def _told(mail: Prompt) -> str:
    at = timezone.localtime(mail.sent_at or mail.attempted_at or mail.due_at)
    return _("%(mail)s: %(state)s, %(moment)s") % {
        "mail": named(mail),
        "state": mail.get_state_display(),
        "moment": date_format(at, "D j M, H:i"),
    }


def _found(mails: list[Prompt], asked: Asked) -> Prompt:
    for mail in mails:
        if str(mail.pk) == asked["one"]:
            return mail
    raise CannotBeDone(str(_NO_MORE))


def _about(mail: Prompt) -> dict[str, Any]:
    return {"mail": mail.kind, "week": mail.occurrence, "copy": mail.copy}
