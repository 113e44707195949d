"""Withdrawing somebody who asked for it; and ending an invitation."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from monitoring.actions.deed import Asked, CannotBeDone, Deed, Done, Preview
from monitoring.actions.forms import ChoiceForm, LeavingForm, LevelForm
from monitoring.models import StaffAction
from participants.models import Enrolment, User
from participants.withdrawal import CannotWithdraw, can_delete
from scheduling import services
from scheduling.models import Kind, Prompt
from scheduling.models.prompt import PromptQuerySet

Level = Enrolment.Withdrawal


class Withdraw(Deed):
    name = "withdraw"
    kind = StaffAction.Kind.WITHDRAW
    words = gettext_lazy("Withdraw them, on their request")
    button = gettext_lazy("Withdraw them")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return bool(_levels(person, now))

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> LevelForm:
        return LevelForm(data, levels=_levels(person, now))

    def saying(self, person: Enrolment, data: Any) -> LeavingForm:
        return LeavingForm(data)

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        level = Level(asked["level"])
        sentences = [str(level.label) + ".", *_consequences(level)]
        unsent = _dropped(person, level).count()
        if unsent:
            words = ngettext(
                "%(number)d planned mail will not go. Links in earlier mails stop working.",
                "%(number)d planned mails will not go. Links in earlier mails stop working.",
                unsent,
            )
            sentences.append(words % {"number": unsent})
        sentences.append(_("One email to them confirms it."))
        sentences.append(_("It cannot be taken back. Coming back means joining again."))
        return Preview(sentences=sentences, shown=[level.value, person.withdrawal])

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        level, before = Level(asked["level"]), person.withdrawal
        try:
            confirmation = services.leave(
                enrolment=person, level=level, reason=said["reason"], now=now
            )
        except CannotWithdraw as error:
            raise CannotBeDone(error.message) from error
        if confirmation is None:
            raise CannotBeDone(_("They have left at this level already."))
        return Done(
            shown=[level.value, before],
            words=_("They are withdrawn. One email to them confirms it."),
            details={"level": level.value},
        )


_BY_TEAM, _BY_THEM = "team", "them"


class TakeBack(Deed):
    """By the team; or by the person, who said so by another way than the mail's own button."""

    name = "take-back"
    kind = StaffAction.Kind.TAKE_BACK
    words = gettext_lazy("End the invitation")
    button = gettext_lazy("End the invitation")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return person.status == Enrolment.Status.INVITED

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> ChoiceForm:
        by_team = _("The team takes it back. They can be invited again.")
        by_them = _("They said themselves: do not invite me. No study here asks them again.")
        choices = [(_BY_TEAM, by_team), (_BY_THEM, by_them)]
        return ChoiceForm(data, label=_("Who ends it?"), choices=choices)

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        sentences = [
            _("The link in their invitation leads nowhere any more, and no reminder goes."),
            _("Their address is erased. The code stays, as one who did not join."),
            *_what_follows(said_no=asked["one"] == _BY_THEM),
        ]
        return Preview(sentences=sentences, shown=[person.code, asked["one"]])

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        said_no = asked["one"] == _BY_THEM
        end = services.decline_for if said_no else services.take_back
        if not end(enrolment=person, now=now):
            raise CannotBeDone(_("They have answered the invitation already."))
        return Done(
            shown=[person.code, asked["one"]],
            words=_("Their no is recorded.") if said_no else _("The invitation is taken back."),
            kind=StaffAction.Kind.SAID_NO if said_no else None,
        )


def _what_follows(*, said_no: bool) -> list[str]:
    if not said_no:
        return [_("Nobody is told. They can be invited again, or join by themselves.")]
    return [
        _("What other studies here have invited that address to ends too."),
        _("No study here can invite it again, nor can any list enter it, whoever uploads it."),
        _("For that a mark of it is kept, from which nobody can read the address."),
        _("Nobody is told. They can join by themselves, by a public link."),
        _("It cannot be taken back. Be sure that it was this person who said so."),
    ]


def _levels(person: Enrolment, now: datetime) -> list[Level]:
    """Those they have not reached yet. An erased person is nobody's any more."""
    if not person.has_joined or person.erased_at is not None:
        return []
    every = list(Level)
    begin = every.index(Level(person.withdrawal)) + 1 if person.withdrawal else 0
    left = every[begin:]
    return left if can_delete(person, now) else [each for each in left if each != Level.ERASURE]


def _dropped(person: Enrolment, level: Level) -> PromptQuerySet:
    """As `scheduling.services.leave` has it: a copy of what was agreed is owed, unless that is
    deleted.
    """
    planned = Prompt.objects.planned().filter(enrolment=person)
    return planned if level == Level.ERASURE else planned.exclude(kind=Kind.CONSENT_COPY)


def _consequences(level: Level) -> list[str]:
    if level == Level.TRAINING:
        return [
            _("No more sessions and reminders, and nothing more is recorded of their use."),
            _("What was collected is kept, and they may be asked questions later."),
        ]
    if level == Level.EVERYTHING:
        return [
            _("Nothing more is sent, asked or recorded."),
            _("What was collected is kept."),
        ]
    return [
        _("What they did and answered is deleted now, also from earlier times in this study."),
        _("Their address and name are deleted once the confirmation has gone."),
        _("No list takes them again, of any study here. They can join again by themselves."),
        _("What stays is the code, with the date of each step."),
    ]
