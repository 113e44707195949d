from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studies.models import EligibilityCriterion


class QuestionForm(forms.Form):
    """One eligibility question, answered yes or no."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the two, so that we know if you can join."),
            "invalid_choice": _("Choose one of the two, so that we know if you can join."),
        },
    )

    def __init__(self, *args: Any, criterion: EligibilityCriterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = self.fields["answer"]
        assert isinstance(answer, forms.ChoiceField)
        answer.label = criterion.question
        answer.help_text = criterion.hint
        answer.choices = [("yes", criterion.yes_label), ("no", criterion.no_label)]

    @property
    def says_yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")
