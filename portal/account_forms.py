"""allauth's forms for signing in, with our sentences."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from django.utils.translation import gettext_lazy as _

from portal.posted import NOT_TEXT

ADDRESS_MESSAGES = {
    **NOT_TEXT,
    "required": _("Type your email address."),
    "invalid": _("Check the address. It looks like name@example.org."),
    "max_length": _("That address is too long. Check it, or use another one."),
}
TYPE_THE_CODE = _("Type the code from the email.")


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages |= ADDRESS_MESSAGES


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages |= {**NOT_TEXT, "required": TYPE_THE_CODE}
