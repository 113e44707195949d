"""What a person notes of their own practice. A minute counts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Material
from participants.models.session import Session


class PracticeLog(models.Model):
    """`practised_on` is a date in the person's own zone; logging later is as good (paper §4.1).

    `material` is the exercise practised; empty for an invitation of the week or something else.
    """

    uuid = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="practice")
    material = models.ForeignKey(
        Material, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    activity = models.CharField(
        _("activity"),
        max_length=300,
        help_text=_("The exercise’s title, or one of the week’s invitations, as it read then."),
    )
    practised_on = models.DateField(_("practised on"))
    noted_at = models.DateTimeField(_("noted"))
    app_version = models.CharField(_("app version"), max_length=40)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practice")
        ordering = ["-practised_on", "-noted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(activity=""),
                name="practice_says_what",
                violation_error_message=_("Choose what you did."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.practised_on}"
