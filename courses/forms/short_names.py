"""Short names as a course's folder can hold them, so that whatever is written here can travel."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from courses.models import Course

_SMALL = re.compile(r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class ShortNameField(forms.SlugField):
    default_error_messages = {
        "invalid": _("Write it in small letters, digits and hyphens, like short-talk."),
    }
    default_validators = [
        RegexValidator(_SMALL, default_error_messages["invalid"], code="invalid"),
    ]


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Course
        fields: Any = "__all__"
        field_classes = {"slug": ShortNameField}
