from typing import Any

from django import forms

from scheduling import zones


class ZoneSelect(forms.Select):
    """Each option carries the place's other names, by which zone.js finds the browser's own."""

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        """Also with a zone that is not offered, where it was chosen before: never another one."""
        chosen = [zones.as_offered(each) for each in value]
        offered = {each for _group, places in zones.grouped() for each, _label in places}
        self.choices = zones.grouped() + [
            (each, [(each, zones.label(each))])
            for each in chosen
            if each not in offered and zones.is_known(each)
        ]
        return super().optgroups(name, chosen, attrs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        others = zones.other_names().get(str(value))
        if others:
            option["attrs"]["data-also"] = " ".join(others)
        return option


class ZoneField(forms.CharField):
    """Cleans to the name of a time zone that the tz database knows, an old name to today's."""

    widget = ZoneSelect

    def clean(self, value: Any) -> str:
        if value and not zones.is_known(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return zones.as_offered(super().clean(value))
