"""The words of each kind of mail. A change is a new version, so a sent prompt names its words."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling import variables
from studies.models import Study


class Kind(models.TextChoices):
    """Every kind of mail that is a prompt. Sign-in codes are not: they are sent in the request."""

    WELCOME = "welcome", _("Welcome, with the dates")
    CONSENT_COPY = "consent_copy", _("Copy of what was agreed")
    SESSION = "session", _("Weekly session")
    NUDGE = "nudge", _("Gentle reminder")
    FAREWELL = "farewell", _("Last mail, after week four")
    WITHDRAWAL = "withdrawal", _("Withdrawal confirmed")


class WordingQuerySet(models.QuerySet["Wording"]):
    def in_use(self, study_id: int, kind: str) -> "Wording":
        """The newest version; raises `Wording.DoesNotExist` where the study has none."""
        return self.filter(study_id=study_id, kind=kind).order_by("-version")[:1].get()


class Wording(models.Model):
    """Append-only. `subject`, `heading`, `body` (Markdown) and `button` may hold {variables}."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="wordings")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=120)
    heading = models.CharField(_("heading"), max_length=120)
    body = models.TextField(_("text (Markdown)"))
    button = models.CharField(_("words on the button"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("written"))

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["study", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "kind", "version"],
                name="wording_version_once",
                violation_error_message=_("There is a wording with that version already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"

    def clean(self) -> None:
        """Refuses a {variable} that this kind of mail does not have, beside the field it is in."""
        found = {
            name: variables.problems(self.kind, getattr(self, name))
            for name in ("subject", "heading", "body", "button")
        }
        if any(found.values()):
            raise ValidationError({name: said for name, said in found.items() if said})
