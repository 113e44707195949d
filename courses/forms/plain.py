"""Fields of the admin without what an editor has no use for."""

from django.forms import ModelChoiceField

_LINKS = ("can_add_related", "can_change_related", "can_delete_related", "can_view_related")


def without_links(choice: ModelChoiceField) -> None:  # type: ignore[type-arg]
    """A choice alone: what there is to choose from is made and changed on pages of its own."""
    for link in _LINKS:
        setattr(choice.widget, link, False)
