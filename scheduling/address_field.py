"""Addresses that our mail can reach. Beside the field it says what is wrong, and what to do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from participants.addresses import as_kept

# For a field's error_messages; else Django speaks of null characters.
NOT_TEXT = {
    "null_characters_not_allowed": _("Something in this is no text. Please type it once more.")
}
ADDRESS_MESSAGES: dict[str, Any] = {
    **NOT_TEXT,
    "required": _("Type your email address."),
    "invalid": _("Check the address. It looks like name@example.org."),
    "max_length": _("That address is too long. Check it, or use another one."),
}
_OTHER_LETTERS = _(
    "Our emails cannot reach an address with letters like é or ü before the @. "
    "Please use another address."
)
_QUOTED = _(
    "Our emails cannot reach an address with spaces or quotation marks before the @. "
    "Please use another address."
)
_LOCAL_LENGTH = 64  # RFC 5321, 4.5.3.1.1


def reachable(address: str) -> None:
    """Django's rule, and less: what mail servers refuse, and domains that would become others.

    Before the @ only ASCII goes without SMTPUTF8, which few servers speak. After it letters of
    any kind go in their ASCII form, which must lead back to what was typed: ß would become ss.
    """
    name, at, domain = address.rpartition("@")
    if at and not name.isascii():
        raise ValidationError(_OTHER_LETTERS, code="other_letters")
    if any(each in name for each in '" \\'):
        raise ValidationError(_QUOTED, code="quoted")
    validate_email(address)
    if len(name) > _LOCAL_LENGTH:
        raise ValidationError(ADDRESS_MESSAGES["max_length"], code="max_length")
    if domain.startswith("[") or not _is_kept(domain.lower()):
        raise ValidationError(ADDRESS_MESSAGES["invalid"], code="invalid")


def _is_kept(domain: str) -> bool:
    return domain.isascii() or punycode(domain).encode("ascii").decode("idna") == domain


class AddressField(forms.EmailField):
    """Cleans to the address as accounts keep it."""

    default_validators = [reachable]
    default_error_messages = ADDRESS_MESSAGES

    def clean(self, value: Any) -> str:
        return as_kept(super().clean(value))
