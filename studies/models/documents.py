"""The documents a person reads and agrees to. Published, a version never changes again."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from courses.html import sanitised
from studies.models.study import Study


class DocumentQuerySet(models.QuerySet["Document"]):
    def published(self) -> "DocumentQuerySet":
        return self.filter(state=Document.State.PUBLISHED)

    def drafts(self) -> "DocumentQuerySet":
        return self.filter(state=Document.State.DRAFT)

    def agreed_to(self) -> "DocumentQuerySet":
        """Those whose statements people agree to in order to take part in their study."""
        return self.filter(
            Q(study__purpose=Study.Purpose.RESEARCH, kind=Document.Kind.CONSENT)
            | Q(study__purpose=Study.Purpose.SERVICE, kind=Document.Kind.PRIVACY)
        )

    def in_force(self, study: Study, kind: str) -> "Document | None":
        """The newest published version of this kind, or None."""
        return self.published().filter(study=study, kind=kind).order_by("-version").first()


class Document(models.Model):
    """One version of an information sheet, consent form, privacy notice or interview sheet.

    `body` is sanitised HTML. For research a person agrees to the consent form's statements; for a
    service they acknowledge those of the privacy notice.
    """

    class Kind(models.TextChoices):
        INFORMATION = "information", _("Information sheet")
        CONSENT = "consent", _("Consent form")
        PRIVACY = "privacy", _("Privacy notice")
        INTERVIEW = "interview", _("Interview information")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text (HTML)"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    requires_new_consent = models.BooleanField(
        _("people must agree anew"),
        default=False,
        help_text=_(
            "Whether those who agreed to an earlier version are asked again. Until they agree, "
            "nothing is recorded of them."
        ),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["study", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "kind", "version"],
                name="document_version_once",
                violation_error_message=_("This study has that version of the document already."),
            ),
            models.UniqueConstraint(
                fields=["study", "kind"],
                condition=Q(state="draft"),
                name="document_one_draft_per_kind",
                violation_error_message=_(
                    "There is a draft of this document already. Edit it, or delete it first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(requires_new_consent=False) | Q(kind__in=["consent", "privacy"]),
                name="document_anew_only_where_people_agree",
                violation_error_message=_(
                    "People agree to the consent form or privacy notice. Publish a new version "
                    "of that one to ask them anew."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["information", "consent", "privacy", "interview"]),
                name="document_kind_known",
                violation_error_message=_("Choose one of the kinds of document."),
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | Q(state="draft", published_at__isnull=True),
                name="document_published_at_iff_published",
                violation_error_message=_("A published document, and no other, says when."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(version)d") % {
            "title": self.title,
            "version": self.version,
        }

    def save(self, **options: Any) -> None:
        """Whoever wrote it, harmless HTML is all that is stored."""
        self.body = sanitised(self.body)
        super().save(**options)

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_agreed_to(self) -> bool:
        """Whether a person agrees to its statements, rather than just reading it."""
        return self.kind == self.study.agreement_kind


class ConsentStatement(models.Model):
    """One line to agree to. A required one must be ticked; an optional “no” is stored as no.

    `key` makes a column of lists, `consent_<key>`: in small letters, as spreadsheets and people do
    not keep to capitals, and not the name of a column that is there already.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="statements")
    key = models.SlugField(_("key"), help_text=_("Stays the same from version to version."))
    text = models.TextField(_("text"))
    required = models.BooleanField(_("required to take part"), default=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("consent statement")
        verbose_name_plural = _("consent statements")
        ordering = ["document", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "key"],
                name="statement_key_once_per_document",
                violation_error_message=_("This document has a statement with that key already."),
            ),
            models.UniqueConstraint(
                fields=["document", "position"],
                name="statement_position_once_per_document",
                violation_error_message=_("This document has a statement in that place already."),
            ),
            models.CheckConstraint(
                condition=Q(key=Lower("key")) & ~Q(key="taken_by"),
                name="statement_key_names_a_column",
                violation_error_message=_("A key is in small letters, and not “taken_by”."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
