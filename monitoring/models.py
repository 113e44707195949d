"""What staff did, and whose identity they looked at. Both are written once and kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment
from studies.models import Study


class StaffAction(models.Model):
    """Who did what, when and why; to one person, or (without `enrolment`) to the study.

    `details` holds codes, counts, dates and a study's own words, and never what names somebody.
    `by` is empty for what a command on the server did.
    """

    class Kind(models.TextChoices):
        SEND_AGAIN = "send_again", _("Sent again")
        SETTLE = "settle", _("Settled an unconfirmed mail")
        MOVE_DAY = "move_day", _("Changed the day")
        PAUSE = "pause", _("Began a break")
        RESUME = "resume", _("Ended a break")
        WITHDRAW = "withdraw", _("Withdrew on request")
        CHANGE_ADDRESS = "change_address", _("Changed the address")
        ALLOCATE = "allocate", _("Recorded the arm")
        TAKE_BACK = "take_back", _("Took an invitation back")
        SAID_NO = "said_no", _("Recorded that they do not want to be invited")
        INVITE = "invite", _("Invited")
        ENROL_ELSEWHERE = "enrol_elsewhere", _("Enrolled with consent taken elsewhere")
        EXPORT = "export", _("Exported")
        SETTINGS = "settings", _("Changed the settings")
        PUBLISH = "publish", _("Published a document")
        OPEN = "open", _("Opened the study")
        CLOSE = "close", _("Closed the study")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="staff_actions")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="staff_actions"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    why = models.TextField(_("why"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("action of staff")
        verbose_name_plural = _("actions of staff")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    enrolment__isnull=False,
                    kind__in=[
                        *("send_again", "settle", "move_day", "pause", "resume", "withdraw"),
                        *("change_address", "allocate", "take_back", "said_no"),
                    ],
                )
                | Q(
                    enrolment__isnull=True,
                    kind__in=[
                        *("invite", "enrol_elsewhere", "export"),
                        *("settings", "publish", "open", "close"),
                    ],
                ),
                name="staff_action_of_a_person_or_the_study",
                violation_error_message=_("An action is done to a person, or to the study."),
            ),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=True) | Q(why__regex=r"\S"),
                name="staff_action_says_why",
                violation_error_message=_("Say why, in a few words and without names."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class AccessLog(models.Model):
    """One look at who somebody is."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField(_("at"))
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("look at identity")
        verbose_name_plural = _("looks at identity")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.enrolment_id} at {self.at:%Y-%m-%d %H:%M}"
