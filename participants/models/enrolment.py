"""The study's view of a person: a code, an edition, and the date of each step."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from courses.models import Edition
from participants.codes import new_code
from studies.models import Arm, Document, Study
from studies.models.documents import DocumentQuerySet

if TYPE_CHECKING:
    from participants.models.user import User


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def belonging_to(self, user: "User") -> "EnrolmentQuerySet":
        return self.filter(user=user)

    def joined(self) -> "EnrolmentQuerySet":
        """Those who agreed, whatever became of them later; not those who are only invited."""
        return self.filter(consented_at__isnull=False)

    def invited(self) -> "EnrolmentQuerySet":
        """Those whose invitation stands, and who have not agreed yet."""
        return self.filter(status=Enrolment.Status.INVITED)

    def current(self) -> "EnrolmentQuerySet":
        """Those who agreed and have not withdrawn, whether or not they have chosen a day."""
        return self.filter(status__in=[Enrolment.Status.JOINING, Enrolment.Status.ACTIVE])

    def active(self) -> "EnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.ACTIVE)

    def consenting(self) -> "EnrolmentQuerySet":
        """Those who agreed to the newest version that asks everyone anew, or to a later one."""
        agreed = Document.objects.agreed_to().filter(statements__answers__enrolment=OuterRef("pk"))
        asked = (
            Document.objects.agreed_to()
            .published()
            .filter(study=OuterRef("study"), requires_new_consent=True)
        )
        return self.alias(
            agreed_version=_newest_version(agreed),
            asked_version=Coalesce(_newest_version(asked), 0),
        ).filter(agreed_version__gte=F("asked_version"))

    def awaiting_erasure(self) -> "EnrolmentQuerySet":
        """Those who asked for deletion and whose identity is still here, oldest first."""
        return self.filter(erasure_requested_at__isnull=False, erased_at__isnull=True).order_by(
            "erasure_requested_at", "pk"
        )

    def counted(self) -> "EnrolmentQuerySet":
        """Those that count in a study's figures: they agreed, and are not test people."""
        return self.joined().filter(is_test=False)


def _newest_version(documents: DocumentQuerySet) -> Subquery:
    return Subquery(documents.order_by("-version").values("version")[:1])


class Enrolment(models.Model):
    """Made at the moment of consent (or, in a service, of acknowledging the privacy notice), or
    with an invitation; then `consented_at` is null until the person agrees, and nothing is recorded
    of them. `edition` is fixed with the agreement.

    `weeks_opened` and `weeks_taken_part` are how many of their `sessions` say when that was first;
    both are noted as it happens (docs/adr/0020).

    Identity can be erased: then `user` is null while the code, the dates and so the counts stay.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        UNJOINED = "unjoined", _("Did not join")
        JOINING = "joining", _("Joining")
        ACTIVE = "active", _("Taking part")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Withdrawal(models.TextChoices):
        """From least to most; see the table in docs/withdrawal.md."""

        TRAINING = "training", _("Stop the training, but go on answering questions")
        EVERYTHING = "everything", _("Stop everything; what was collected is kept")
        ERASURE = "erasure", _("Stop everything and delete what was collected")

    code = models.CharField(_("code"), max_length=7, unique=True, default=new_code, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="enrolments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrolments",
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="enrolments")
    source = models.SlugField(_("source"), blank=True)
    is_test = models.BooleanField(_("test person"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.JOINING)
    link_version = models.PositiveIntegerField(
        default=1, help_text=_("Raised to make every link mailed so far stop working.")
    )
    arm = models.ForeignKey(
        Arm, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    allocated_at = models.DateTimeField(_("allocated to an arm"), null=True, blank=True)
    consented_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    information = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The version of the information sheet that was shown when they agreed."),
    )
    demographics_at = models.DateTimeField(
        _("passed the questions about themselves"), null=True, blank=True
    )
    day_chosen_at = models.DateTimeField(_("chose a day"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    last_use_at = models.DateTimeField(_("last use"), null=True, blank=True)
    weeks_opened = models.PositiveSmallIntegerField(_("weeks opened"), default=0)
    weeks_taken_part = models.PositiveSmallIntegerField(_("weeks taken part in"), default=0)
    withdrawn_at = models.DateTimeField(_("withdrew"), null=True, blank=True)
    withdrawal = models.CharField(_("withdrawal"), max_length=12, choices=Withdrawal, blank=True)
    withdrawal_since = models.DateTimeField(
        _("at this level since"),
        null=True,
        blank=True,
        help_text=_("Later than the withdrawal, for those who went on to a later level."),
    )
    withdrawal_reason = models.TextField(_("reason, if given"), blank=True)
    erasure_requested_at = models.DateTimeField(_("asked for deletion"), null=True, blank=True)
    erased_at = models.DateTimeField(_("identity erased"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["study", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "user"],
                condition=Q(status__in=["invited", "joining", "active"]),
                name="enrolment_once_among_those_not_withdrawn",
                violation_error_message=_("You have joined this study already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["invited", "unjoined"], consented_at__isnull=True)
                | Q(status__in=["joining", "active", "withdrawn"], consented_at__isnull=False),
                name="enrolment_joined_iff_agreed",
                violation_error_message=_("A person has joined from the moment they agree."),
            ),
            models.CheckConstraint(
                condition=~Q(status="unjoined") | Q(erased_at__isnull=False),
                name="enrolment_unjoined_is_erased",
                violation_error_message=_("Of someone who did not join no address is kept."),
            ),
            models.CheckConstraint(
                condition=Q(arm__isnull=True, allocated_at__isnull=True)
                | Q(arm__isnull=False, allocated_at__isnull=False, consented_at__isnull=False),
                name="enrolment_allocated_says_when",
                violation_error_message=_("People who agreed are allocated to an arm, at a time."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["joining", "invited", "unjoined"], day_chosen_at__isnull=True
                )
                | Q(status="active", day_chosen_at__isnull=False)
                | Q(status="withdrawn"),
                name="enrolment_active_iff_day_chosen",
                violation_error_message=_("A person takes part from the moment they choose a day."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status="withdrawn",
                    withdrawn_at__isnull=False,
                    withdrawal__in=["training", "everything", "erasure"],
                )
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True, withdrawal="")),
                name="enrolment_withdrawn_says_when_and_how",
                violation_error_message=_("A withdrawal says when, and at which level."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawal="erasure", erasure_requested_at__isnull=False)
                | (~Q(withdrawal="erasure") & Q(erasure_requested_at__isnull=True)),
                name="enrolment_erasure_asked_iff_that_level",
                violation_error_message=_("Deletion is asked for by withdrawing with deletion."),
            ),
            models.CheckConstraint(
                condition=Q(consented_at__isnull=False, erasure_requested_at__isnull=True)
                | Q(
                    weeks_opened=0,
                    weeks_taken_part=0,
                    last_use_at__isnull=True,
                    last_seen_at__isnull=True,
                ),
                name="enrolment_use_is_of_who_agreed",
                violation_error_message=_(
                    "Use is noted of people who agreed and have not asked for deletion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(link_version__gte=1),
                name="enrolment_link_version_from_one",
                violation_error_message=_("Link versions are counted from 1."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(user__isnull=True),
                name="enrolment_erased_has_no_user",
                violation_error_message=_("An erased enrolment belongs to nobody."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(erased_at__isnull=False),
                name="enrolment_without_user_was_erased",
                violation_error_message=_("An enrolment belongs to a person until it is erased."),
            ),
        ]
        indexes = [
            # participants.erasure: those who asked for deletion and whose identity is still here.
            models.Index(
                fields=["erasure_requested_at"],
                name="enrolment_awaiting_erasure",
                condition=Q(erasure_requested_at__isnull=False, erased_at__isnull=True),
            ),
            # participants.measures.steps, and what monitoring.people.filters has to offer: counted
            # out of the index alone, which is a small one, since many people have the same.
            models.Index(
                fields=["study", "is_test", "status", "withdrawal", "arm", "source"],
                name="enrolment_counts",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def has_joined(self) -> bool:
        return self.consented_at is not None
