"""The arms of a research study. Who is in which is allocated elsewhere, and recorded here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from studies.models.study import Study


class Arm(models.Model):
    """For research alone (`studies.guards`). Its name is shown to those who may see arms."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="arms")
    key = models.SlugField(_("key"), help_text=_("As it stands in exports. Fixed once in use."))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("arm")
        verbose_name_plural = _("arms")
        ordering = ["study", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "key"],
                name="arm_key_once_per_study",
                violation_error_message=_("This study has an arm with that key already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
