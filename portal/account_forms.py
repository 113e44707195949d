"""allauth's forms for signing in, with our sentences."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from participants.addresses import as_kept
from portal import sign_in_codes
from portal.posted import NOT_TEXT
from scheduling.address_field import ADDRESS_MESSAGES, reachable

TYPE_THE_CODE = _("Type the code from the email.")


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages |= ADDRESS_MESSAGES
        self.fields["login"].validators = [
            reachable if validator is validate_email else validator
            for validator in self.fields["login"].validators
        ]

    def clean_login(self) -> str:
        return as_kept(super().clean_login())


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages |= {**NOT_TEXT, "required": TYPE_THE_CODE}

    def clean_code(self) -> str:
        """As allauth's, but what is expected is a digest."""
        code: str = self.cleaned_data["code"]
        if not sign_in_codes.fits(typed=code, kept=self.expected_code):
            raise get_adapter().validation_error("incorrect_code")
        return code
