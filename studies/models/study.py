"""The study: what it is called, what it delivers, its contacts, dates and policies."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Edition
from studies.validators import validate_seen, validate_zone


class StudyQuerySet(models.QuerySet["Study"]):
    def recruiting(self, now: datetime) -> "StudyQuerySet":
        """Studies that a person may join at this instant (capacity apart).

        Not on or after the last day of what is kept: whoever joined then would be erased on the
        next. By UTC's calendar, which does for a list of studies; `is_recruiting` asks their own.
        """
        return (
            self.filter(
                state=Study.State.RECRUITING, retention_until__gt=now.astimezone(UTC).date()
            )
            .filter(Q(recruiting_from__isnull=True) | Q(recruiting_from__lte=now))
            .filter(Q(recruiting_until__isnull=True) | Q(recruiting_until__gt=now))
        )


class Study(models.Model):
    class Purpose(models.TextChoices):
        RESEARCH = "research", _("Research study")
        SERVICE = "service", _("Service")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RECRUITING = "recruiting", _("Recruiting")
        CLOSED = "closed", _("Closed to new people")
        ARCHIVED = "archived", _("Archived")

    slug = models.SlugField(
        _("short name in addresses"),
        unique=True,
        help_text=_("People join at /join/ and this name. Fixed once the study has opened."),
    )
    public_name = models.CharField(_("public name"), max_length=200, validators=[validate_seen])
    neutral_name = models.CharField(
        _("neutral name"),
        max_length=80,
        validators=[validate_seen],
        help_text=_("For mail and calendars, which other people may see: say nothing of health."),
    )
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=Purpose, default=Purpose.RESEARCH
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    edition = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        related_name="studies",
        verbose_name=_("edition"),
        help_text=_("What new people are given. Those who joined earlier keep their edition."),
    )
    institution = models.CharField(_("run by"), max_length=200)
    ethics_reference = models.CharField(_("ethics reference"), max_length=100, blank=True)
    lead_name = models.CharField(_("lead"), max_length=200, blank=True)
    contact_email = models.EmailField(
        _("contact and reply-to address"),
        help_text=_("People see it on every page, and answers to any mail arrive here."),
    )
    complaints_contact = models.TextField(
        _("who to complain to"),
        help_text=_("A person or office outside the team, and how to reach them."),
    )
    default_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/London",
        validators=[validate_zone],
    )
    recruiting_from = models.DateTimeField(_("recruiting from"), null=True, blank=True)
    recruiting_until = models.DateTimeField(_("recruiting until"), null=True, blank=True)
    capacity = models.PositiveIntegerField(
        _("room for"),
        null=True,
        blank=True,
        help_text=_("How many people may join. Empty: no limit."),
    )
    nudges = models.BooleanField(
        _("gentle reminder"),
        default=True,
        help_text=_("One mail, three days after a session that has not been opened."),
    )
    access_months = models.PositiveSmallIntegerField(
        _("months of access after the last week"), default=12, help_text=_("12 or more.")
    )
    retention_until = models.DateField(
        _("data kept until"),
        help_text=_(
            "After this day names and addresses are erased: nobody can tell then whose data it is."
        ),
    )
    deletion_cutoff = models.DateField(
        _("deletion on request until"),
        help_text=_("After this day the data cannot be taken out again."),
    )

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["public_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["research", "service"]),
                name="study_purpose_known",
                violation_error_message=_("A study is research or a service."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "recruiting", "closed", "archived"]),
                name="study_state_known",
                violation_error_message=_("Choose draft, recruiting, closed or archived."),
            ),
            models.CheckConstraint(
                condition=Q(recruiting_from__isnull=True)
                | Q(recruiting_until__isnull=True)
                | Q(recruiting_until__gt=F("recruiting_from")),
                name="study_recruiting_window_ordered",
                violation_error_message=_("Recruiting must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(access_months__gte=12),
                name="study_access_a_year_at_least",
                violation_error_message=_("Earlier weeks stay open for 12 months or more."),
            ),
            models.CheckConstraint(
                condition=Q(deletion_cutoff__lte=F("retention_until")),
                name="study_deletion_before_retention_ends",
                violation_error_message=_(
                    "Deletion on request ends on or before the day data are kept until."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(purpose="research") | ~Q(ethics_reference="") | Q(state="draft"),
                name="study_research_names_its_ethics_approval",
                violation_error_message=_(
                    "A research study needs its ethics reference before it opens."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def is_research(self) -> bool:
        return self.purpose == self.Purpose.RESEARCH

    @property
    def agreement_kind(self) -> str:
        """The kind of document whose statements a person agrees to."""
        return "consent" if self.is_research else "privacy"

    @property
    def documents_needed(self) -> list[str]:
        """The kinds of document that must be in force before people join."""
        return ["information", "consent"] if self.is_research else ["privacy"]

    def day(self, now: datetime) -> date:
        """The date at this instant by the study's own calendar."""
        return now.astimezone(ZoneInfo(self.default_zone)).date()

    def is_recruiting(self, now: datetime) -> bool:
        """Whether a person may join now (capacity apart), by the study as it is stored."""
        stored = Study.objects.filter(pk=self.pk).first()
        return stored is not None and stored.admits(now)

    def admits(self, now: datetime) -> bool:
        """The same of the study as it was read."""
        return (
            self.state == self.State.RECRUITING
            and self.day(now) < self.retention_until
            and (self.recruiting_from is None or self.recruiting_from <= now)
            and (self.recruiting_until is None or now < self.recruiting_until)
        )
