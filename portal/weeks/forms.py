"""Noting practice: what, and on which day, from two lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Material
from participants.models import Session
from scheduling import spoken

DAYS_BACK = 28
OWN = "own"


@dataclass(frozen=True)
class Practised:
    """`activity` as it reads in the list, with its week for the note's session."""

    session: Session
    material: Material | None
    activity: str


def practised_choices(
    sessions: Iterable[Session], materials: Iterable[Material]
) -> dict[str, Practised]:
    """By form value: each week's exercises and invitations, newest first; then one's own."""
    by_module: dict[int, list[Material]] = {}
    for material in materials:
        by_module.setdefault(material.module_id, []).append(material)
    newest_first = sorted(sessions, key=lambda session: -session.module.week)
    choices: dict[str, Practised] = {}
    for session in newest_first:
        choices |= _of_week(session, by_module.get(session.module_id, []))
    if newest_first:
        choices[OWN] = Practised(newest_first[0], None, _("Something of my own"))
    return choices


def _of_week(session: Session, materials: list[Material]) -> dict[str, Practised]:
    week = session.module.week
    exercises = {
        f"{week}/{material.key}": Practised(session, material, material.title)
        for material in materials
        if material.kind == Material.Kind.EXERCISE
    }
    invitations = {
        f"{week}/{number}": Practised(session, None, practice["what"])
        for number, practice in enumerate(session.module.practice, 1)
    }
    return exercises | invitations


class PracticeForm(forms.Form):
    """Cleaned: `uuid`, `activity` as a `Practised`, and `day`, a date on the person's own clock."""

    # Made with the page, so that a double click or a reload notes one practice.
    uuid = forms.CharField(required=False, widget=forms.HiddenInput)
    activity = forms.ChoiceField(
        label=gettext_lazy("What did you do?"),
        error_messages={
            "required": gettext_lazy("Choose what you did."),
            "invalid_choice": gettext_lazy("Choose what you did from the list."),
        },
    )
    day = forms.ChoiceField(
        label=gettext_lazy("When?"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid_choice": gettext_lazy("Choose a day from the list."),
        },
    )

    def __init__(self, data: Any = None, *, choices: dict[str, Practised], today: date) -> None:
        """`today` is the person's own date."""
        super().__init__(data, initial={"uuid": uuid4()}, prefix="practice")
        self.practised = choices
        opened = min((_opened_on(practised) for practised in choices.values()), default=today)
        self._choice("activity").choices = grouped(choices)
        self._choice("day").choices = _days(opened, today)

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_uuid(self) -> UUID:
        try:
            return UUID(self.cleaned_data["uuid"])
        except ValueError:
            return uuid4()

    def clean_activity(self) -> Practised:
        return self.practised[self.cleaned_data["activity"]]

    def clean_day(self) -> date:
        return date.fromisoformat(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        """A practice is no older than its week; one's own belongs to the week it fell in."""
        what, day = self.cleaned_data.get("activity"), self.cleaned_data.get("day")
        if what and day and self.data.get(self.add_prefix("activity")) == OWN:
            self.cleaned_data["activity"] = self._own_on(day)
        elif what and day and day < _opened_on(what):
            words = _("%(week)s opened on %(day)s. Choose that day or a later one.")
            week = spoken.week(what.session.module.week)
            self.add_error("day", words % {"week": week, "day": spoken.day(_opened_on(what))})
        return self.cleaned_data

    def _own_on(self, day: date) -> Practised:
        sessions = {what.session.module.week: what for what in self.practised.values()}
        fitting = [week for week, what in sessions.items() if _opened_on(what) <= day]
        session = sessions[max(fitting)].session
        return Practised(session, None, self.practised[OWN].activity)


def _opened_on(practised: Practised) -> date:
    return timezone.localtime(practised.session.opens_at).date()


def grouped(choices: dict[str, Practised]) -> list[Any]:
    """Under a heading a week where there are several weeks; one's own stands last, by itself."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for value, practised in choices.items():
        heading = "" if value == OWN else spoken.week(practised.session.module.week)
        groups.setdefault(heading, []).append((value, practised.activity))
    own = groups.pop("", [])
    if len(groups) == 1:
        return [*next(iter(groups.values())), *own]
    return [*groups.items(), *own]


def _days(opened: date, today: date) -> list[tuple[str, str]]:
    """From today back to the opening of the earliest week, and no further than a list can be."""
    count = min(DAYS_BACK, (today - opened).days + 1)
    days = [today - timedelta(days=back) for back in range(count)]
    names = [_("Today"), _("Yesterday"), *map(spoken.day, days[2:])]
    return [(day.isoformat(), name) for day, name in zip(days, names, strict=False)]
