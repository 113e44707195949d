"""What was changed in the settings, in words: which part or version, from what to what."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField
from django.urls import reverse
from django.utils.translation import gettext as _

from monitoring.models import StaffAction
from monitoring.settings_pages.row_forms import ArmForm, CriterionForm, RowForm
from monitoring.settings_pages.section_form import fact
from monitoring.settings_pages.sections import SECTIONS
from studies.models import Document, Study

_Kind = StaffAction.Kind
_ROWS: dict[str, type[RowForm]] = {"eligibility": CriterionForm, "arms": ArmForm}
CHANGES = (_Kind.SETTINGS, _Kind.PUBLISH, _Kind.OPEN, _Kind.CLOSE)


def what(action: StaffAction, zone: str) -> str:
    """Of one of CHANGES; moments are in `zone`. Of what may name somebody it tells that it was
    changed, and no value: none is kept.
    """
    details = action.details
    if details.get("kind"):
        return _of_a_document(action)
    if details.get("to"):
        states = [Study.State(details[name]).label for name in ("from", "to")]
        return _("%(was)s → %(is)s") % dict(zip(("was", "is"), states, strict=True))
    if details.get("section") in SECTIONS:
        return "; ".join(_of_a_section(details, zone))
    return _of_rows(details)


def place(action: StaffAction, study: Study) -> str:
    """The address of the version that was published; empty where there is none to look at."""
    if action.kind != _Kind.PUBLISH:
        return ""
    where = [study.slug, action.details["kind"], action.details["version"]]
    return reverse("monitoring:settings_document", args=where)


def _of_a_document(action: StaffAction) -> str:
    details = action.details
    said = {
        "kind": Document.Kind(details["kind"]).label,
        "n": details.get("deleted_draft") or details["version"],
    }
    if details.get("deleted_draft"):
        return _("%(kind)s, draft %(n)s deleted") % said
    if action.kind != _Kind.PUBLISH:
        return _("%(kind)s, draft of version %(n)s written") % said
    if details.get("anew"):
        return _("%(kind)s, version %(n)s; people agree anew") % said
    return _("%(kind)s, version %(n)s") % said


def _of_a_section(details: dict[str, Any], zone: str) -> Iterator[str]:
    labels = SECTIONS[details["section"]].form.base_fields
    was, now = details.get("was", {}), details.get("is", {})
    for name in details["fields"]:
        label = str(labels[name].label).lower()
        if name in was and name in now:
            said = {
                "what": label,
                "was": _worded(name, was[name], zone),
                "is": _worded(name, now[name], zone),
            }
            yield _("%(what)s: %(was)s → %(is)s") % said
        else:
            yield _("%s: not kept, as it may name somebody") % label


def _worded(name: str, kept: str, zone: str) -> str:
    """As the settings page says it. What is `kept` is `str` of the field's value."""
    field = Study._meta.get_field(name)
    if field.is_relation:
        return kept
    value = field.to_python(None if kept == "None" else kept)  # type: ignore[union-attr]
    words = fact(Study(**{"default_zone": zone, name: value}), name)
    return _("“%s”") % words if isinstance(field, CharField) and value else words


def _of_rows(details: dict[str, Any]) -> str:
    section = details.get("section", "")
    named = {"eligibility": _("Who may join"), "arms": _("Arms"), "new": _("The study was made")}
    said = [
        *(_("%s added") % key for key in details.get("added", [])),
        *(_("%s removed") % key for key in details.get("removed", [])),
        *(_of_a_row(section, key, each) for key, each in details.get("changed", {}).items()),
    ]
    if not said and details.get("order"):
        said = [_("another order")]
    return f"{named.get(section, section)}{': ' if said else ''}{'; '.join(said)}"


def _of_a_row(section: str, key: str, changes: dict[str, list[Any]]) -> str:
    """`changes`: what each field was and became; nothing of a field that may name somebody."""
    labels = _ROWS[section].base_fields
    said = [
        _of_a_field(str(labels[name].label), *changes[name]) for name in labels if name in changes
    ]
    return f"{key} ({'; '.join(said)})"


def _of_a_field(label: str, *values: Any) -> str:
    if not values:
        return _("%s: not kept, as it may name somebody") % label
    was, now = ({True: _("Yes"), False: _("No")}.get(each, each) for each in values)
    words = _("%(what)s: “%(was)s” → “%(is)s”")
    return words % {"what": label, "was": was, "is": now}
