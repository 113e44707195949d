"""One mail to one person: the plan, the outbox and the evidence in one row."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment
from scheduling.models.wording import Kind, Wording


class PromptQuerySet(models.QuerySet["Prompt"]):
    def planned(self) -> "PromptQuerySet":
        return self.filter(state=Prompt.State.PLANNED)

    def due(self, at: datetime | models.Expression) -> "PromptQuerySet":
        """Planned rows whose time has come, oldest plan first."""
        return self.planned().filter(next_attempt_at__lte=at).order_by("next_attempt_at", "pk")

    def never_attempted(self) -> "PromptQuerySet":
        return self.planned().filter(attempts=0)

    def of_kind(self, kind: str) -> "PromptQuerySet":
        return self.filter(kind=kind)


class Prompt(models.Model):
    """All transitions between states are made in `scheduling.prompts`.

    `due_at` (UTC) is the plan, with the local date, time and zone it was derived from.
    `next_attempt_at` (UTC) starts as `due_at` and moves with each back-off. `occurrence` is the
    week for sessions and nudges and 0 otherwise; `copy` is 0, or n for the nth “send again”.
    `attempted_at` is when it was last tried, and stays. `sent_at` is when the server took it or, of
    one settled later, when it was tried; `settled_at` is when we knew.
    `bounced_at` and `complained_at` are when we heard that it came back, or was called spam.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")
        SKIPPED = "skipped", _("Not needed")
        MISSED = "missed", _("Too late to send")
        CANCELLED = "cancelled", _("Cancelled")

    class Reason(models.TextChoices):
        """Why a row is in its state. Codes only: a server's reply may hold an address."""

        NONE = "", _("-")
        WITHDRAWN = "withdrawn", _("The person has withdrawn")
        MAIL_OFF = "mail_off", _("Mail is switched off")
        FINISHED = "finished", _("The week was finished already")
        OPENED = "opened", _("The week was opened already")
        NO_SESSION_MAIL = "no_session_mail", _("The session’s own mail was not sent")
        QUIET = "quiet", _("Two weeks unopened: no more reminders")
        ASKED_ANEW = "asked_anew", _("The person is asked to agree to a newer version")
        NUDGES_OFF = "nudges_off", _("The study sends no reminders")
        STUDY_CLOSED = "study_closed", _("The study is closed")
        STUDY_FULL = "study_full", _("Every place is taken")
        JOINED = "joined", _("The person has joined already")
        NOT_JOINED = "not_joined", _("The person has not agreed to take part")
        INVITATION_OVER = "invitation_over", _("The invitation has ended")
        NO_INVITATION = "no_invitation", _("The invitation’s own mail was not sent")
        NO_ADDRESS = "no_address", _("There is no address to write to")
        ADDRESS_FAILED = "address_failed", _("Mail to the address comes back")
        TOO_LATE = "too_late", _("The time for it had passed")
        PAUSED = "paused", _("There is a break")
        ADDRESS_REFUSED = "address_refused", _("The address was refused")
        MAIL_REFUSED = "mail_refused", _("The mail was refused")
        BUSY = "busy", _("The mail server asked to wait")
        NO_ANSWER = "no_answer", _("The mail server did not confirm")
        STUCK = "stuck", _("The sending process stopped")
        UNRENDERABLE = "unrenderable", _("The mail could not be written")

    # For these a mail was wanted and did not go; for the others of one that was passed by, it was
    # not needed.
    HELD_BACK = frozenset(
        {
            *(Reason.MAIL_OFF, Reason.STUDY_CLOSED, Reason.STUDY_FULL, Reason.NO_ADDRESS),
            *(Reason.ADDRESS_FAILED, Reason.PAUSED, Reason.NO_SESSION_MAIL),
        }
    )
    # Of these, somebody has to find another address.
    UNREACHABLE = frozenset({Reason.NO_ADDRESS, Reason.ADDRESS_FAILED})

    # No index of their own for these two, since each is written anew with every change of state:
    # the constraint on occasions begins with the person, and nothing is looked up by its words.
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="prompts", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=0)
    copy = models.PositiveSmallIntegerField(_("copy"), default=0)
    due_at = models.DateTimeField(_("due"))
    local_date = models.DateField(_("local date"))
    local_time = models.TimeField(_("local time"))
    zone = models.CharField(_("time zone"), max_length=64)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sending_since = models.DateTimeField(_("being sent since"), null=True, blank=True)
    attempted_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)
    complained_at = models.DateTimeField(_("reported as spam"), null=True, blank=True)
    settled_at = models.DateTimeField(_("reached its final state"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=120, blank=True)
    wording = models.ForeignKey(
        Wording,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="prompts",
        db_index=False,
    )

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind", "occurrence", "copy"],
                name="prompt_once_per_occasion_and_copy",
                violation_error_message=_("This person has that prompt already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "planned",
                        "sending",
                        "sent",
                        "failed",
                        "unconfirmed",
                        "skipped",
                        "missed",
                        "cancelled",
                    ]
                ),
                name="prompt_state_known",
                violation_error_message=_("That is not a state of a prompt."),
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False, wording__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="prompt_sent_iff_sent_at",
                violation_error_message=_(
                    "A sent prompt, and no other, says when and in which words."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="sending", sending_since__isnull=False)
                | (~Q(state="sending") & Q(sending_since__isnull=True)),
                name="prompt_sending_iff_since",
                violation_error_message=_("A prompt being sent, and no other, says since when."),
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | Q(state="sent"),
                name="prompt_bounced_was_sent",
                violation_error_message=_("Only a sent prompt can bounce."),
            ),
            models.CheckConstraint(
                condition=Q(complained_at__isnull=True) | Q(state="sent"),
                name="prompt_complained_was_sent",
                violation_error_message=_("Only a sent prompt can be reported as spam."),
            ),
        ]
        indexes = [
            # Prompt.objects.due(at): the tick, and each slice a sender reads.
            models.Index(
                fields=["next_attempt_at", "id"],
                name="prompt_due",
                condition=Q(state="planned"),
            ),
            # scheduling.housekeeping: rows ten minutes in “sending”; scheduling.watch counts them.
            models.Index(
                fields=["sending_since"],
                name="prompt_in_flight",
                condition=Q(state="sending"),
            ),
            # scheduling.watch: how many wait for someone to settle them.
            models.Index(
                fields=["attempted_at"],
                name="prompt_unconfirmed",
                condition=Q(state="unconfirmed"),
            ),
            # monitoring.people: what each person is written to next, out of the index alone. A row
            # that leaves its plan leaves no entry here, so sending writes nothing to it.
            models.Index(
                fields=["enrolment", "due_at", "kind", "copy", "local_date"],
                name="prompt_next_of_a_person",
                condition=Q(state="planned"),
            ),
            # monitoring.people: what became of the mails of this week, out of the index alone,
            # however many there were before. One entry more for each change of state.
            models.Index(
                fields=[
                    *("due_at", "enrolment", "kind", "state", "reason", "bounced_at"),
                    *("copy", "local_date"),
                ],
                name="prompt_of_a_week",
            ),
            # monitoring.people: whose mail was not sent, or may not have been.
            models.Index(
                fields=["enrolment", "state"],
                name="prompt_wants_a_look",
                condition=Q(state__in=["failed", "unconfirmed", "missed"]),
            ),
            # scheduling.bounces: the row that a provider's report is about.
            models.Index(
                fields=["message_id"],
                name="prompt_message_id",
                condition=~Q(message_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence}/{self.copy} of {self.enrolment_id}: {self.state}"

    @property
    def became(self) -> str:
        return became(self.state, self.reason)


def became(state: str, reason: str) -> str:
    """What became of a mail, in words."""
    if state == Prompt.State.SKIPPED and reason == Prompt.Reason.MAIL_OFF:
        return gettext("Emails off")
    if state == Prompt.State.SKIPPED and reason in Prompt.HELD_BACK:
        return gettext("Held back")
    return str(Prompt.State(state).label)
