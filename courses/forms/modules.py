"""What an editor may write about a week."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.lines import PracticeField
from courses.forms.meanwhile import MeanwhileForm
from courses.forms.rich_text import RichTextarea, RichTextField
from courses.forms.row import RowForm
from courses.models import Module


class ModuleForm(MeanwhileForm):
    class Meta:
        model = Module
        fields = ("title", "aim", "introduction", "practice")
        field_classes = {"introduction": RichTextField, "practice": PracticeField}
        widgets = {
            "aim": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "introduction": RichTextarea(),
        }
        help_texts = {
            "title": _("The heading of the week’s page, and in its email."),
            "aim": _("One sentence below the heading: what the week is for."),
            "introduction": _("What stands before the video, the handout and the exercise."),
            "practice": _(
                "One line for each suggestion: when, a bar, and what. "
                "For example: Most days | Listen to the exercise."
            ),
        }


class ModuleRowForm(RowForm):
    """A week as one line on the page of its edition."""

    class Meta:
        model = Module
        fields = ("week", "title")
