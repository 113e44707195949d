"""What a person agreed to: each statement of one exact version, and the typed name beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment
from studies.models import ConsentStatement, Document


class ConsentAnswer(models.Model):
    """Append-only. The statement belongs to a frozen document, and so fixes the words agreed to."""

    class Method(models.TextChoices):
        ONLINE = "online", _("Online, by the person")
        ELSEWHERE = "elsewhere", _("Elsewhere, entered by staff")

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="consent_answers"
    )
    statement = models.ForeignKey(
        ConsentStatement, on_delete=models.PROTECT, related_name="answers"
    )
    agreed = models.BooleanField(_("agreed"))
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.ONLINE)
    answered_at = models.DateTimeField(_("answered"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The member of staff who entered it; empty when the person did."),
    )
    taken_by = models.CharField(
        _("taken by"),
        max_length=200,
        blank=True,
        help_text=_("Who spoke with the person where consent was taken elsewhere."),
    )

    class Meta:
        verbose_name = _("consent answer")
        verbose_name_plural = _("consent answers")
        ordering = ["enrolment", "answered_at", "statement"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "statement"],
                name="consent_answer_once",
                violation_error_message=_("This statement has been answered already."),
            ),
            models.CheckConstraint(
                condition=Q(method="online", recorded_by__isnull=True, taken_by="")
                | Q(method="elsewhere", recorded_by__isnull=False, taken_by__regex=r"\S"),
                name="consent_elsewhere_names_who_entered_it",
                violation_error_message=_("Consent taken elsewhere names who took and entered it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.statement_id}: {self.agreed}"


class ConsentSignature(models.Model):
    """The typed name, kept apart from the answers and erased with identity."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="signatures")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    typed_name = models.CharField(_("typed name"), max_length=200)
    signed_at = models.DateTimeField(_("signed"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "document"],
                name="signature_once_per_document",
                violation_error_message=_("This document has been signed already."),
            ),
            models.CheckConstraint(
                condition=~Q(typed_name=""),
                name="signature_has_a_name",
                violation_error_message=_("Type your name to sign."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.document_id}"
