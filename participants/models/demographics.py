"""Age, gender, ethnicity and education, each of which a person may pass over (paper, Table 1)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Answered(models.TextChoices):
    """Why a value is or is not there. An unasked question has no row, or `NOT_ASKED` in it."""

    NOT_ASKED = "not_asked", _("Not asked")
    SKIPPED = "skipped", _("Skipped")
    DECLINED = "declined", _("Prefer not to say")
    ANSWERED = "answered", _("Answered")


class Gender(models.TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    NON_BINARY = "non_binary", _("Non-binary")
    OWN_WORDS = "own_words", _("In my own words")


class Ethnicity(models.TextChoices):
    """The five harmonised groups of the Office for National Statistics (Census 2021)."""

    ASIAN = "asian", _("Asian or Asian British")
    BLACK = "black", _("Black, Black British, Caribbean or African")
    MIXED = "mixed", _("Mixed or multiple ethnic groups")
    WHITE = "white", _("White")
    ANOTHER = "another", _("Another ethnic group")
    OWN_WORDS = "own_words", _("In my own words")


class Education(models.TextChoices):
    NONE = "none", _("No qualifications")
    SCHOOL_16 = "school_16", _("School to age 16 (such as GCSEs)")
    SCHOOL_18 = "school_18", _("School or college to age 18 (such as A levels)")
    VOCATIONAL = "vocational", _("Apprenticeship or work qualification")
    DEGREE = "degree", _("Degree")
    POSTGRADUATE = "postgraduate", _("Postgraduate diploma or master’s degree")
    DOCTORATE = "doctorate", _("Doctorate")


def _answered_iff(name: str, empty: Q) -> models.CheckConstraint:
    answered = Q(**{f"{name}_answered": Answered.ANSWERED.value})
    return models.CheckConstraint(
        condition=(answered & ~empty) | (~answered & empty),
        name=f"demographics_{name}_iff_answered",
        violation_error_message=_("A question has a value exactly when it was answered."),
    )


def _answered_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}_answered__in": Answered.values}),
        name=f"demographics_{name}_answered_known",
        violation_error_message=_("Say whether the question was answered, skipped or declined."),
    )


def _one_of(name: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__in": ["", *choices.values]}),
        name=f"demographics_{name}_known",
        violation_error_message=_("Choose one of the answers."),
    )


def _own_words_only(name: str) -> models.CheckConstraint:
    """Words only beside “in my own words”; that choice may stand without, once they are erased."""
    return models.CheckConstraint(
        condition=Q(**{f"{name}_own_words": ""}) | Q(**{name: "own_words"}),
        name=f"demographics_{name}_own_words_only",
        violation_error_message=_("Own words go with the answer “In my own words”."),
    )


def _answered_field(label: "StrOrPromise") -> "models.CharField[str, str]":
    return models.CharField(label, max_length=12, choices=Answered, default=Answered.NOT_ASKED)


class Demographics(models.Model):
    """`age` is in whole years when asked.

    The `…_own_words` texts may identify a person, and are emptied when identity is erased.
    """

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.CASCADE, related_name="demographics"
    )
    age_answered = _answered_field(_("age: answered"))
    age = models.PositiveSmallIntegerField(_("age in years"), null=True, blank=True)
    gender_answered = _answered_field(_("gender: answered"))
    gender = models.CharField(_("gender"), max_length=12, choices=Gender, blank=True)
    gender_own_words = models.CharField(_("gender, in own words"), max_length=100, blank=True)
    ethnicity_answered = _answered_field(_("ethnicity: answered"))
    ethnicity = models.CharField(_("ethnicity"), max_length=12, choices=Ethnicity, blank=True)
    ethnicity_own_words = models.CharField(_("ethnicity, in own words"), max_length=100, blank=True)
    education_answered = _answered_field(_("education: answered"))
    education = models.CharField(
        _("highest education"), max_length=12, choices=Education, blank=True
    )

    class Meta:
        verbose_name = _("demographics")
        verbose_name_plural = _("demographics")
        constraints = [
            _answered_iff("age", Q(age__isnull=True)),
            _answered_iff("gender", Q(gender="")),
            _answered_iff("ethnicity", Q(ethnicity="")),
            _answered_iff("education", Q(education="")),
            *(_answered_known(name) for name in ("age", "gender", "ethnicity", "education")),
            _one_of("gender", Gender),
            _one_of("ethnicity", Ethnicity),
            _one_of("education", Education),
            _own_words_only("gender"),
            _own_words_only("ethnicity"),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__gte=18, age__lte=120),
                name="demographics_age_plausible",
                violation_error_message=_("Give your age in whole years, from 18 to 120."),
            ),
        ]

    def __str__(self) -> str:
        return f"demographics of {self.enrolment_id}"
