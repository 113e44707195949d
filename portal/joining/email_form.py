from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import AccountAdapter
from scheduling.address_field import AddressField


class EmailForm(forms.Form):
    """The address to write to. Limited as allauth limits asking for codes, known address or not."""

    email = AddressField(
        label=gettext_lazy("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise forms.ValidationError(str(AccountAdapter.error_messages["rate_limited"]))
        return email


class NewAddressForm(EmailForm):
    """For someone signed in, who moves to another address."""

    def __init__(self, *args: object, current: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["email"].label = gettext_lazy("Your new email address")
        self._current = current

    def clean_email(self) -> str:
        if self.cleaned_data["email"].lower() == self._current:
            raise forms.ValidationError(_("We write to that address already."))
        return super().clean_email()
