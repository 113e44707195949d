"""Being asked to take part; and the addresses that are not to be asked again."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment

_DAY_KNOWN = Q(weekday__isnull=False, local_time__isnull=False) & ~Q(zone="")
_DAY_UNKNOWN = Q(weekday__isnull=True, local_time__isnull=True, zone="")
_STANDS = Q(joined_at__isnull=True, ended_at__isnull=True)


class Invitation(models.Model):
    """How somebody came to be enrolled by staff; those who came by a public link have none.

    Made with its enrolment, which is `INVITED` while the invitation stands. `weekday` (1 is
    Monday), `local_time` and `zone` are the day agreed with the person, offered when they choose;
    all three are there, or none.
    """

    class Ending(models.TextChoices):
        DECLINED = "declined", _("Not them, or asked not to be invited")
        UNANSWERED = "unanswered", _("Not answered")
        WITHDRAWN_BY_STAFF = "withdrawn_by_staff", _("Taken back")
        NOT_SENT = "not_sent", _("Never sent: nobody could join any more")

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="invitation")
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday agreed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )
    local_time = models.TimeField(_("hour agreed"), null=True, blank=True)
    zone = models.CharField(_("time zone agreed"), max_length=64, blank=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    disowned_at = models.DateTimeField(
        _("said that they had not agreed"),
        null=True,
        blank=True,
        help_text=_("Of somebody entered as having agreed elsewhere."),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=20, choices=Ending, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=_DAY_KNOWN | _DAY_UNKNOWN,
                name="invitation_day_whole_or_none",
                violation_error_message=_("A day agreed has a weekday, an hour and a time zone."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__gte=1, weekday__lte=7),
                name="invitation_weekday_known",
                violation_error_message=_("Weekdays are counted from 1, Monday, to 7."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(
                    ended_at__isnull=False,
                    ending__in=["declined", "unanswered", "withdrawn_by_staff", "not_sent"],
                ),
                name="invitation_ended_says_how",
                violation_error_message=_("An invitation that ended says when, and how."),
            ),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True) | Q(ended_at__isnull=True),
                name="invitation_joined_or_ended",
                violation_error_message=_("Whoever joined has taken their invitation."),
            ),
            models.CheckConstraint(
                condition=Q(disowned_at__isnull=True) | Q(joined_at__isnull=False),
                name="invitation_disowned_was_joined",
                violation_error_message=_(
                    "Only who is said to have agreed can say that it is not so."
                ),
            ),
        ]
        indexes = [
            # participants.inviting: those that nobody has answered for 30 days.
            models.Index(fields=["invited_at"], name="invitation_standing", condition=_STANDS),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.enrolment_id}"


class DoNotInvite(models.Model):
    """An address whose owner asked not to be invited, or left a study with deletion: no study of
    this platform asks there.

    Only `digest` is kept, from which nobody can read the address: see `participants.do_not_invite`.
    """

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("address not to invite")
        verbose_name_plural = _("addresses not to invite")

    def __str__(self) -> str:
        return self.digest
