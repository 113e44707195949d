"""What became of a person's plan each time that somebody changed it: how it came to stand so."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment
from scheduling.models.rhythm import Weekday
from studies.validators import validate_zone


class PlanChange(models.Model):
    """Append-only, and codes alone. Written by `scheduling.services`, with what it tells of.

    `at` is UTC. `weekday`, `local_time` and `zone` are the beat as it stands from then on, so that
    of before is in the row before. `until` is the day, by the person's calendar, to which a break
    was set.
    """

    class Kind(models.TextChoices):
        CHOSE = "chose", _("Chose a day")
        DAY = "day", _("Changed the day")
        PAUSE = "pause", _("Began or changed a break")
        RESUME = "resume", _("Ended the break")
        ANOTHER_WEEK = "another_week", _("Took another week")
        MAIL_OFF = "mail_off", _("Switched emails off")
        MAIL_ON = "mail_on", _("Switched emails on")

    class By(models.TextChoices):
        PERSON = "person", _("The person")
        STAFF = "staff", _("Staff, for the person")
        REPORT = "report", _("A report that a mail was called spam")

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="plan_changes", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    by = models.CharField(_("by"), max_length=6, choices=By)
    at = models.DateTimeField(_("at"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    local_time = models.TimeField(_("time"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a plan")
        verbose_name_plural = _("changes of plans")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["enrolment", "at"], name="plan_change_of_a_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pause", until__isnull=False)
                | (~Q(kind="pause") & Q(until__isnull=True)),
                name="plan_change_pause_iff_until",
                violation_error_message=_("A break, and nothing else, has a day until which."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.enrolment_id} by {self.by}"
