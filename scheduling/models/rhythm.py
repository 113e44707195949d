"""The day and hour a person chose, as they chose it: on their own clock."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment
from studies.validators import validate_zone


class Weekday(models.IntegerChoices):
    """ISO 8601 numbers."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Rhythm(models.Model):
    """The rule; the dates that follow from it stand in the prompts.

    `local_time` and the dates are on the clock and calendar of `zone` (an IANA name).
    `before_break` is where the next mail stood before the break of now, whose end brings nothing
    nearer than that.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="rhythm")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    local_time = models.TimeField(_("time"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    first_date = models.DateField(_("first date"))
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    before_break = models.DateField(_("before the break, next on"), null=True, blank=True)
    mail_off_since = models.DateTimeField(_("mail off since"), null=True, blank=True)

    class Meta:
        verbose_name = _("rhythm")
        verbose_name_plural = _("rhythms")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7),
                name="rhythm_weekday_iso",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=~Q(zone=""),
                name="rhythm_has_a_zone",
                violation_error_message=_("Choose where your clock is."),
            ),
        ]
        indexes = [
            # monitoring.people: those few whose next mail may not go as it is planned.
            models.Index(
                fields=["enrolment"],
                name="rhythm_changed",
                condition=Q(mail_off_since__isnull=False) | Q(paused_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.local_time:%H:%M} {self.zone}"

    def clean(self) -> None:
        """Nobody makes a date to the second."""
        if self.local_time.replace(second=0, microsecond=0) != self.local_time:
            raise ValidationError({"local_time": _("Choose a time in whole minutes.")})
