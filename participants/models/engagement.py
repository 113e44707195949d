"""What a person did with the materials.

Each row names its session, hence its module and edition, and the app version that recorded it.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Material
from participants.models.session import Session


class MediaProgress(models.Model):
    """The parts of a medium that were really played: coverage, which never counts a second twice.

    `ranges` is a sorted list of [start, end] in seconds, none touching; `seconds` is their sum.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="media_progress")
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="+")
    ranges = models.JSONField(_("ranges played"), default=list)
    seconds = models.FloatField(_("seconds covered"), default=0)
    position = models.FloatField(_("where to resume, in seconds"), default=0)
    app_version = models.CharField(_("app version"), max_length=40)
    updated_at = models.DateTimeField(_("updated"))

    class Meta:
        verbose_name = _("media progress")
        verbose_name_plural = _("media progress")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "material"],
                name="media_progress_once",
                violation_error_message=_("There is a progress row for that medium already."),
            ),
            models.CheckConstraint(
                condition=Q(seconds__gte=0) & Q(position__gte=0),
                name="media_progress_not_negative",
                violation_error_message=_("Seconds are 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.material_id}: {self.seconds:.0f} s"


class Play(models.Model):
    """One playing, from “play” to “pause” or the end. Append-only; repeats are rows of their own.

    `uuid` is made by the browser, so that a report sent twice is one row. `seconds` of the medium
    were played, from `position`, at `speed`; `started_at` is UTC.
    """

    uuid = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="plays")
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started"))
    position = models.FloatField(_("from second"))
    seconds = models.FloatField(_("seconds played"))
    speed = models.FloatField(_("speed"), default=1)
    app_version = models.CharField(_("app version"), max_length=40)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("play")
        verbose_name_plural = _("plays")
        constraints = [
            models.CheckConstraint(
                condition=Q(seconds__gt=0, position__gte=0),
                name="play_has_length",
                violation_error_message=_("A playing lasts longer than 0 seconds."),
            ),
            models.CheckConstraint(
                condition=Q(speed__gt=0, speed__lte=4),
                name="play_speed_plausible",
                violation_error_message=_("A speed is above 0 and at most 4."),
            ),
        ]
        indexes = [
            # participants.playback: is there a playing of this person's at that moment already?
            models.Index(fields=["session", "started_at"], name="play_by_session_and_start"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.material_id}: {self.seconds:.0f} s"


class Engagement(models.Model):
    """Something else that a person did in a week. `material` is empty when it concerns the week."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened the week")
        READ = "read", _("Read the handout")
        READ_TRANSCRIPT = "read_transcript", _("Read the words of a medium")
        DOWNLOADED = "downloaded", _("Downloaded")
        PRINTED = "printed", _("Opened the printable page")
        ANOTHER_WAY = "another_way", _("Did this another way")

    uuid = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="engagements")
    material = models.ForeignKey(
        Material, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("at"))
    app_version = models.CharField(_("app version"), max_length=40)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagement")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "opened",
                        "read",
                        "read_transcript",
                        "downloaded",
                        "printed",
                        "another_way",
                    ]
                ),
                name="engagement_kind_known",
                violation_error_message=_("Choose one of the kinds of engagement."),
            ),
        ]
        indexes = [
            # monitoring, participants.measures: what happened in this session, by kind.
            models.Index(fields=["session", "kind"], name="engagement_by_session_and_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.kind}"
