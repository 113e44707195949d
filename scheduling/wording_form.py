"""The words of a mail, as an editor writes them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms.rich_text import RichTextarea
from scheduling.models import Wording
from scheduling.models.wording import WORDS


class WordingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Wording
        fields = ("study", "kind", *WORDS)
        widgets = {"body": RichTextarea(kind="mail")}
        labels = {"body": _("Text")}
        help_texts = {
            "study": _("The words are used in this study, and in no other."),
            "kind": _("Which mail it is. Each kind has names in braces of its own."),
            "subject": _("Others may see it on a screen: say nothing of health."),
            "heading": _("The first line in the mail."),
            "button": _("What a press does, like this: Open my session."),
        }
