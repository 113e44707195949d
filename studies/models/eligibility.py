"""Who may join, and how many were asked: counts only, never a person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from studies.models.study import Study


class EligibilityCriterion(models.Model):
    """A yes-or-no question; `admits_yes` is the answer that lets a person in."""

    class WayOut(models.TextChoices):
        """What a person who is not let in is shown beside `declined_text`."""

        GENERAL = "general", _("Other places that can help")
        YOUNG = "young", _("Places for people under 18")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(_("key"), help_text=_("Names this question in the counts and exports."))
    question = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    why = models.TextField(
        _("why we ask"), blank=True, help_text=_("Shown when a person opens “Why do you ask?”.")
    )
    yes_label = models.CharField(_("words for yes"), max_length=120, default=_("Yes"))
    no_label = models.CharField(_("words for no"), max_length=120, default=_("No"))
    admits_yes = models.BooleanField(
        _("“yes” lets a person in"),
        default=True,
        help_text=_("Untick it where “no” is the answer that lets a person in."),
    )
    declined_text = models.TextField(
        _("what to say to someone who cannot join"),
        help_text=_("A kind sentence or two; places that can help stand below it."),
    )
    way_out = models.CharField(
        _("where they find help"), max_length=12, choices=WayOut, default=WayOut.GENERAL
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("eligibility criterion")
        verbose_name_plural = _("eligibility criteria")
        ordering = ["study", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "key"],
                name="criterion_key_once_per_study",
                violation_error_message=_("This study has a criterion with that key already."),
            ),
            models.UniqueConstraint(
                fields=["study", "position"],
                name="criterion_position_once_per_study",
                violation_error_message=_("This study has a criterion in that place already."),
            ),
            models.CheckConstraint(
                condition=Q(way_out__in=["general", "young"]),
                name="criterion_way_out_known",
                violation_error_message=_("Choose where a person who cannot join finds help."),
            ),
        ]

    def __str__(self) -> str:
        return self.question


class ScreeningTally(models.Model):
    """How many screenings, from one source on one day, met or did not meet the criteria.

    A screening is one outcome of the questions in one browser. It is not a person: whoever answers
    again elsewhere, or otherwise than before, is counted again, and nothing kept could tell.
    `unmet` is the key of the first criterion that was not met, and empty for those who met all.
    `day` is the date in the study's own time zone.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="screening_tallies")
    source = models.SlugField(_("source"), blank=True)
    day = models.DateField(_("day"))
    unmet = models.SlugField(_("criterion not met"), blank=True)
    count = models.PositiveIntegerField(_("screenings"), default=0)

    class Meta:
        verbose_name = _("screening tally")
        verbose_name_plural = _("screening tallies")
        ordering = ["study", "-day", "source", "unmet"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "source", "day", "unmet"],
                name="screening_tally_once",
                violation_error_message=_(
                    "There is a tally for that study, source, day and criterion."
                ),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.study.slug} {self.day} {self.source or '-'} {self.unmet or 'met'}: {self.count}"
        )
