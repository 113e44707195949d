"""What the watch over the mail looks at and writes down: heartbeat, sender, alarms."""

from datetime import datetime

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


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> "AlarmQuerySet":
        return self.filter(cleared_at__isnull=True)


class Alarm(models.Model):
    """One time of the mail standing still, from first notice until it was well for a while.

    All in UTC. `began_at` is since when, by what the rows say; `raised_at` when it was noticed;
    `well_at` when it was first seen well since, taken back when it was not for long; `cleared_at`
    when it was taken as over. `reason` holds the faults seen, by name, parted by spaces.
    """

    began_at = models.DateTimeField(_("stood still from"))
    raised_at = models.DateTimeField(_("noticed"))
    well_at = models.DateTimeField(_("stood still until"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("over"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=60)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(
                models.ExpressionWrapper(
                    models.Q(cleared_at__isnull=True), output_field=models.BooleanField()
                ),
                condition=models.Q(cleared_at__isnull=True),
                name="alarm_one_open",
                violation_error_message=_("There is one open alarm at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}, from {self.began_at:%Y-%m-%d %H:%M}"


class AlarmMailQuerySet(models.QuerySet["AlarmMail"]):
    def waiting(self, at: datetime) -> "AlarmMailQuerySet":
        """To be tried now, the first first. One that says “red” waits while all is well, and goes
        no more once that has lasted; one that says “well” waits while another alarm is open.
        """
        red = models.Q(says=AlarmMail.Says.RED, alarm__well_at__isnull=True)
        well = models.Q(says=AlarmMail.Says.WELL) & ~models.Exists(Alarm.objects.open())
        return self.filter(red | well, sent_at__isnull=True, next_try_at__lte=at).order_by("pk")


class AlarmMail(models.Model):
    """A mail to a study's contact about an alarm: one for each address and message.

    `next_try_at` (UTC) is moved on by whoever tries, before trying, so that no other does.
    `sent_at` is also set where the answer to the final dot is missing: it may have arrived.
    """

    class Says(models.TextChoices):
        RED = "red", _("Mail stands still")
        WELL = "well", _("Mail goes again")

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="mails")
    address = models.EmailField(_("to"))
    says = models.CharField(_("says"), max_length=4, choices=Says)
    made_at = models.DateTimeField(_("to be sent since"))
    next_try_at = models.DateTimeField(_("next try"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = AlarmMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm mail")
        verbose_name_plural = _("alarm mails")
        constraints = [
            models.UniqueConstraint(
                fields=["alarm", "address", "says"],
                name="alarm_mail_once",
                violation_error_message=_("This address is told that once."),
            ),
            models.CheckConstraint(
                condition=models.Q(says__in=["red", "well"]),
                name="alarm_mail_says_known",
                violation_error_message=_("An alarm mail says that mail stands still, or goes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.says} of alarm {self.alarm_id}"


class Bookmark(models.Model):
    """How far something has come, by its name, for whoever goes on.

    A walk through due prompts lies behind the row with this `next_attempt_at` (UTC) and key; the
    invitations planned so far end before this `next_attempt_at`, whatever the key.
    """

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    next_attempt_at = models.DateTimeField(_("next attempt of the last row"))
    prompt_id = models.BigIntegerField(_("last row"))

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")

    def __str__(self) -> str:
        return f"{self.name}: {self.next_attempt_at:%Y-%m-%d %H:%M:%S}, {self.prompt_id}"
