"""Which members of staff may see which study. Rights are per study."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from studies.models import Study


class StudyResearcher(models.Model):
    """Sees the study's people by code, and figures. Each further right is given by itself."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="studies_researched",
    )
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="researchers")
    sees_identity = models.BooleanField(
        _("may look up who somebody is"),
        default=False,
        help_text=_("Name and email address, one person at a time. Each look is recorded."),
    )
    sees_arm = models.BooleanField(
        _("may see arms"),
        default=False,
        help_text=_("Not for those who are blind to who is in which arm of the study."),
    )
    manages = models.BooleanField(
        _("may manage"),
        default=False,
        help_text=_("Enrol people, act for them, change the study’s settings, and export."),
    )

    class Meta:
        verbose_name = _("researcher of a study")
        verbose_name_plural = _("researchers of studies")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "study"],
                name="researcher_once_per_study",
                violation_error_message=_("This person is a researcher of that study already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} / {self.study.slug}"
