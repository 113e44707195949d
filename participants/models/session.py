"""One week of one person: when it opens, when they opened it, whether they said it is done."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Module
from participants.models.enrolment import Enrolment


class SessionQuerySet(models.QuerySet["Session"]):
    def in_order(self) -> "SessionQuerySet":
        return self.select_related("module").order_by("module__week")

    def open(self, now: datetime) -> "SessionQuerySet":
        return self.filter(opens_at__lte=now)


class Session(models.Model):
    """`opens_at` (UTC) is the `due_at` of the prompt for that week; or earlier, where it was open
    when a break put off its mail.

    `took_part_at` is when the first thing that counts as taking part (docs/definitions.md) was
    recorded; of a playing that is when the report of it reached us.

    `playback_measurable` turns true with the first report from the page's own script; until then
    what was played in the week is unknown, which is not the same as nothing. `measurable_since` is
    when that was.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="sessions")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sessions")
    opens_at = models.DateTimeField(_("opens"))
    first_opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished, by own word"), null=True, blank=True)
    took_part_at = models.DateTimeField(_("first took part"), null=True, blank=True)
    playback_measurable = models.BooleanField(_("playback could be measured"), default=False)
    measurable_since = models.DateTimeField(_("measured since"), null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["enrolment", "module"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "module"],
                name="session_once_per_module",
                violation_error_message=_("This person has that week already."),
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(first_opened_at__isnull=False),
                name="session_finished_was_opened",
                violation_error_message=_("A week is opened before it is finished."),
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(took_part_at__isnull=False, took_part_at__lte=F("finished_at")),
                name="session_finished_took_part",
                violation_error_message=_("Whoever finished a week took part in it."),
            ),
        ]
        indexes = [
            # monitoring.people: how far each person is, out of the index alone.
            models.Index(
                fields=["enrolment", "opens_at", "first_opened_at", "took_part_at"],
                name="session_progress",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}, module {self.module_id}"

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now
