"""Which members of staff may see which study. Rights are per study."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from studies.models import Study


class StudyResearcher(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="studies_researched",
    )
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="researchers")

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
