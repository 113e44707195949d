"""How django-allauth behaves here: sign-in by emailed code, no open sign-up, our sentences."""

import logging
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import User
from portal import account_mail, sign_in_codes

logger = logging.getLogger(__name__)

TOO_MANY_CODES = gettext_lazy(
    "That was many codes in a short time. Please wait a few minutes, then try again."
)
TOO_MANY_TRIES = gettext_lazy(
    "That was too many tries, so that code no longer works. Please ask for a new one."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "That code does not fit. Use the newest one that we sent to this address."
        ),
        # Said by allauth of asking for codes; of typing one in, the code page itself speaks.
        "too_many_login_attempts": TOO_MANY_CODES,
        "rate_limited": TOO_MANY_CODES,
    }

    def generate_login_code(self) -> str:
        """allauth keeps it in the session, and gives it to the mail: see `portal.sign_in_codes`."""
        return sign_in_codes.digest_of(super().generate_login_code())

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People join by a study's own page."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff without an enrolment to the studies; everyone else home, which knows the rest."""
        user = request.user
        if isinstance(user, User) and user.works_here() and not user.enrolments.joined().exists():
            return reverse("monitoring:studies")
        return reverse("portal:home")

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        context = context | account_mail.surroundings()
        if isinstance(code := context.get("code"), sign_in_codes.Digest):
            context["code"] = code.code
        headers = account_mail.headers() | (headers or {})
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return account_mail.quoted(message)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the request: a code is no use later. When the mail server is down the page says so."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            self._say_that_no_mail_went(error)

    def send_where_nobody_may_be(self, prefix: str, email: str, context: dict[str, Any]) -> None:
        """Like `send_mail`, but an address refused for good is no failure: its owner left it."""
        try:
            super().send_mail(prefix, email, context)
        except SMTPRecipientsRefused as error:
            if any(code < 500 for code, _words in error.recipients.values()):
                self._say_that_no_mail_went(error)
            logger.warning("a notice was refused by the server of a former address")
        except (SMTPException, OSError) as error:
            self._say_that_no_mail_went(error)

    def _say_that_no_mail_went(self, error: Exception) -> NoReturn:
        # The kind alone: the words of such an error may hold the address.
        logger.error("an account mail could not be sent: %s", type(error).__name__)
        messages.error(
            self.request,
            _("We could not send the email just now. Please try again in a few minutes."),
        )
        raise ImmediateHttpResponse(redirect(self.request.get_full_path())) from error
