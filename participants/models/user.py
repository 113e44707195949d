"""Identity: an email address that signs in by code. All else about a person is elsewhere."""

from typing import Any

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account for `email`, kept in lower case. Without a password it signs in by code."""
        if not email:
            msg = "an account needs an email address"
            raise ValueError(msg)
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("email address"), unique=True)
    is_staff = models.BooleanField(_("works on studies or courses"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    address_changed_at = models.DateTimeField(_("address changed"), null=True, blank=True)
    # Since when mail to this address comes back; see `participants.addresses`.
    address_failed_at = models.DateTimeField(_("address fails since"), null=True, blank=True)
    # When its person last showed, by a code, or said that mail arrives there.
    address_heard_at = models.DateTimeField(_("address last known to work"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once_in_any_case",
                violation_error_message=_("There is an account with this address already."),
            ),
        ]
        indexes = [
            # monitoring.people: those few that mail comes back from.
            models.Index(
                fields=["id"],
                name="user_address_failed",
                condition=models.Q(address_failed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def works_here(self) -> bool:
        """Whether there are staff pages for them: a study's, a course's, or all."""
        return self.is_staff or self.is_superuser or self.studies_researched.exists()
