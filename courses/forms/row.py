"""A row in a table: what somebody else did to it is said there, its deleting included."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _

from courses.forms.meanwhile import MeanwhileForm, read
from courses.forms.whole import mark_of_whole


class RowForm(MeanwhileForm):
    """`is_gone`, which its table says: somebody else deleted the row. `asks`, once cleaned: the row
    is not to be deleted, or let go, before its editor has seen why.
    """

    is_gone = False
    asks = False

    def clean(self) -> dict[str, Any]:
        seen = read(self.cleaned_data.get("seen", ""))
        if self.is_gone:
            self._clean_gone(seen)
        elif self.instance.pk and self.cleaned_data.get(DELETION_FIELD_NAME):
            self._clean_ticked(seen)
        else:
            return super().clean()
        return self.cleaned_data

    def _clean_gone(self, seen: dict[str, str]) -> None:
        """There is nothing to choose by its hidden key, and no more of that is said."""
        self.errors.pop(self.instance._meta.pk.name, None)
        if any(self._is_written(name, mark) for name, mark in seen.items()):
            said = _(
                "Somebody else deleted this while you were writing. What you wrote stands here for "
                "you to copy. When you save again, it goes."
            )
            self._ask(said, seen="")

    def _is_written(self, name: str, mark: str) -> bool:
        if name not in self.fields:
            return False
        return name not in self.cleaned_data or self._mark(name, self.cleaned_data[name]) != mark

    def _clean_ticked(self, seen: dict[str, str]) -> None:
        if seen.get("whole") not in {None, mark_of_whole(self.instance)}:
            said = _(
                "Somebody else changed this since you opened the page. Look at it, and save once "
                "more if it is to be deleted all the same."
            )
            self._ask(said, seen=self._marks())

    def _ask(self, sentence: str, *, seen: str) -> None:
        self.asks = True
        self._send_back("seen", seen)
        raise ValidationError(sentence, code="meanwhile")

    def _marks(self) -> str:
        return f"{super()._marks()} whole:{mark_of_whole(self.instance)}"
