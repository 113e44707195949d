"""What the watch over the mail looks at: when the tick last ran, and whether the sender stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One row a name; `beat_at` (UTC) is by the application's clock."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    beat_at = models.DateTimeField(_("last beat"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name}: {self.beat_at:%Y-%m-%d %H:%M:%S}"


class MailSender(models.Model):
    """The one row that stops all sending. A wrong password must not fail a whole cohort.

    `refusal` and `refusals` count identical permanent refusals in a row; the third stops sending.
    """

    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True)
    refusal = models.CharField(_("last refusal"), max_length=60, blank=True)
    refusals = models.PositiveSmallIntegerField(_("identical refusals in a row"), default=0)

    class Meta:
        verbose_name = _("mail sender")
        verbose_name_plural = _("mail sender")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="mail_sender_is_one",
                violation_error_message=_("There is one mail sender."),
            ),
        ]

    def __str__(self) -> str:
        return f"stopped: {self.reason}" if self.stopped_at else "sending"
