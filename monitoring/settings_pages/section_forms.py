"""The study's own row, in five parts. Each form says what a change touches."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.models import Edition
from monitoring.settings_pages.moment_field import MomentField
from monitoring.settings_pages.section_form import SectionForm
from monitoring.settings_pages.words import RESERVED, Box
from scheduling.zone_field import ZoneSelect
from studies.models import Study

_YEARS = (2000, 2200)  # beyond them some zones' clocks cannot be computed


class NamesForm(SectionForm):
    fixed_once_open: tuple[str, ...] = ("slug", "purpose")
    on_record: tuple[str, ...] = ("public_name", "neutral_name", "slug", "purpose", "default_zone")

    class Meta:
        model = Study
        fields = ("public_name", "neutral_name", "slug", "purpose", "default_zone")
        widgets = {"purpose": forms.RadioSelect, "default_zone": ZoneSelect}
        error_messages = {
            "public_name": {"required": gettext_lazy("Write the public name.")},
            "neutral_name": {"required": gettext_lazy("Write a neutral name for mail.")},
            "slug": {
                "required": gettext_lazy("Write a short name, such as four-weeks."),
                "invalid": gettext_lazy("Use letters, digits and hyphens, such as four-weeks."),
                "unique": gettext_lazy(
                    "Another study has this short name. Choose a different one."
                ),
            },
            "default_zone": {"required": gettext_lazy("Choose a time zone.")},
        }

    def touches(self) -> list[str]:
        fixed = _("The short name in addresses and the purpose are fixed since the study opened.")
        return [
            *([fixed] if self.has_opened else []),
            _("The public name stands on every page, and over the information sheet."),
            _(
                "The neutral name is the sender’s name of every mail from now on, also of those "
                "that are planned. Mails that were sent, and dates that people saved in their own "
                "calendar, keep the old one."
            ),
            _(
                "Staff pages and the last day for deletion go by the time zone. Nobody’s own day "
                "and hour changes."
            ),
        ]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED:
            raise forms.ValidationError(_("That name is taken by a page. Choose a different one."))
        return slug

    def clean_purpose(self) -> str:
        purpose: str = self.cleaned_data["purpose"]
        if purpose != Study.Purpose.RESEARCH and self.instance.pk and self.instance.arms.exists():
            raise forms.ValidationError(_("This study has arms. Remove them first."))
        return purpose


class TeamForm(SectionForm):
    on_record: tuple[str, ...] = ("institution", "ethics_reference")
    may_wait: tuple[str, ...] = ("institution", "contact_email", "complaints_contact")

    class Meta:
        model = Study
        fields = (
            *("institution", "lead_name", "ethics_reference"),
            *("contact_email", "complaints_contact"),
        )
        widgets = {"complaints_contact": Box(attrs={"rows": 3})}
        error_messages = {
            "institution": {"required": gettext_lazy("Say who runs this.")},
            "contact_email": {
                "required": gettext_lazy("Give an address that people can write to."),
                "invalid": gettext_lazy("Write a whole address, such as study@example.org."),
            },
            "complaints_contact": {"required": gettext_lazy("Say who people can complain to.")},
        }

    def touches(self) -> list[str]:
        return [
            _(
                "Answers to any mail go to the contact address, from the next mail on; answers to "
                "earlier mails go to the earlier address. Keep that one open for a while."
            ),
            _("If mail stands still, the alarm is mailed to the contact address too."),
            _(
                "People see all of this on the information sheet and on every page, at once. If a "
                "document names it too, that needs a new version."
            ),
        ]


class RecruitingForm(SectionForm):
    on_record: tuple[str, ...] = ("recruiting_from", "recruiting_until", "capacity")

    class Meta:
        model = Study
        fields = ("recruiting_from", "recruiting_until", "capacity")
        field_classes = dict.fromkeys(("recruiting_from", "recruiting_until"), MomentField)
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("recruiting_from", "recruiting_until")
        } | {"capacity": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}
        help_texts = {
            "recruiting_from": gettext_lazy("Empty: from the moment that the study opens."),
            "recruiting_until": gettext_lazy("Empty: until the study is closed."),
        }
        error_messages = {
            name: {"invalid": gettext_lazy("Write a date and a time, such as 2027-05-04 09:00.")}
            for name in ("recruiting_from", "recruiting_until")
        } | {
            "capacity": {
                name: gettext_lazy("Write a whole number of people, 1 or more, or leave it empty.")
                for name in ("invalid", "min_value", "max_value")
            }
        }

    def touches(self) -> list[str]:
        full = ngettext(
            "%(number)d person has joined. With less room, nobody else can; who joined stays.",
            "%(number)d people have joined. With less room, nobody else can; who joined stays.",
            self.joined,
        )
        zone = _("The times are those of %(zone)s.")
        return [full % {"number": self.joined}, zone % {"zone": self.instance.default_zone}]

    def clean_capacity(self) -> int | None:
        capacity: int | None = self.cleaned_data["capacity"]
        if capacity == 0:
            raise forms.ValidationError(self.fields["capacity"].error_messages["min_value"])
        return capacity

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        begins, ends = told.get("recruiting_from"), told.get("recruiting_until")
        for name, moment in [("recruiting_from", begins), ("recruiting_until", ends)]:
            if moment and not _YEARS[0] <= moment.year <= _YEARS[1]:
                self.add_error(name, _("Write a year from %d to %d.") % _YEARS)
        if begins and ends and ends <= begins:
            self.add_error("recruiting_until", _("Recruiting must end after it begins."))
        return told


class WeeksForm(SectionForm):
    on_record: tuple[str, ...] = ("edition", "nudges", "access_months")

    class Meta:
        model = Study
        fields = ("edition", "nudges", "access_months")
        widgets = {"access_months": forms.TextInput(attrs={"inputmode": "numeric"})}
        labels = {
            "edition": gettext_lazy("Course"),
            "nudges": gettext_lazy("Send a gentle reminder"),
        }
        error_messages = {
            "edition": {
                name: gettext_lazy("Choose a published edition of a course.")
                for name in ("required", "invalid_choice")
            },
            "access_months": {
                name: gettext_lazy("Write a whole number of months, 12 or more.")
                for name in ("required", "invalid", "min_value", "max_value")
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = Edition.objects.published().select_related("course")
        self.fields["edition"].queryset = published  # type: ignore[attr-defined]

    def touches(self) -> list[str]:
        return [
            _(
                "People who join from now on are given the course chosen here. Who has joined "
                "keeps theirs."
            ),
            _(
                "The reminder is decided when it would go: switched off, it goes to nobody any "
                "more, also of those who joined earlier."
            ),
            _("Everybody sees until when their weeks stay open, and the last mail says so."),
        ]

    def clean_access_months(self) -> int:
        months: int = self.cleaned_data["access_months"]
        if months < 12:
            raise forms.ValidationError(_("Earlier weeks stay open for 12 months or more."))
        if self.joined and months < self.before["access_months"]:
            words = _(
                "People who joined were told %(months)d months. You can give more, not fewer."
            )
            raise forms.ValidationError(words % {"months": self.before["access_months"]})
        return months


class KeepingForm(SectionForm):
    on_record: tuple[str, ...] = ("deletion_cutoff", "retention_until")

    class Meta:
        model = Study
        fields = ("deletion_cutoff", "retention_until")
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("deletion_cutoff", "retention_until")
        }
        error_messages = {
            name: {
                code: gettext_lazy("Write a date, such as 2027-05-04.")
                for code in ("required", "invalid")
            }
            for name in ("deletion_cutoff", "retention_until")
        }

    def needs_why(self) -> bool:
        return bool(self.joined)

    def told_others(self) -> str:
        if not self.joined:
            return ""
        words = ngettext(
            "Until now %(number)d person who joined was told: deletion on request until "
            "%(asked)s, and data kept until %(kept)s.",
            "Until now %(number)d people who joined were told: deletion on request until "
            "%(asked)s, and data kept until %(kept)s.",
            self.joined,
        )
        return words % {
            "number": self.joined,
            "asked": date_format(self.before["deletion_cutoff"], "j F Y"),
            "kept": date_format(self.before["retention_until"], "j F Y"),
        }

    def touches(self) -> list[str]:
        to_tell = _("Nobody is mailed about it. If they are to know, that is for the team to tell.")
        return [
            *([f"{self.told_others()} {to_tell}"] if self.joined else []),
            _(
                "The information sheet says until when people can have what was collected deleted, "
                "and so do the pages on which they leave. Both change at once."
            ),
            _(
                "The day after data are kept, names and addresses are erased, whoever takes part "
                "then. Nobody can undo that."
            ),
        ]

    def clean_deletion_cutoff(self) -> Any:
        day = self.cleaned_data["deletion_cutoff"]
        if self.joined and day < self.before["deletion_cutoff"]:
            words = _(
                "People who joined were told that they can ask until %(day)s. "
                "You can choose a later day, not an earlier one."
            )
            told = date_format(self.before["deletion_cutoff"], "j F Y")
            raise forms.ValidationError(words % {"day": told})
        return day

    def clean_retention_until(self) -> Any:
        day = self.cleaned_data["retention_until"]
        if self.joined and day > self.before["retention_until"]:
            words = _(
                "People who joined were told that their data are kept until %(day)s. "
                "You can choose an earlier day, not a later one."
            )
            told = date_format(self.before["retention_until"], "j F Y")
            raise forms.ValidationError(words % {"day": told})
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        asked, kept = told.get("deletion_cutoff"), told.get("retention_until")
        if asked and kept and kept < asked:
            words = _("Deletion on request ends on or before the day data are kept until.")
            self.add_error("retention_until", words)
        return told
