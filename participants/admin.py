"""Accounts of those who work here. Who takes part is not listed in the admin, to anybody."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from participants.addresses import as_kept
from participants.models import StudyResearcher, User

# allauth lists every address and second factor, participants' among them.
for identity in (EmailAddress, Authenticator):
    if admin.site.is_registered(identity):
        admin.site.unregister(identity)


class ResearcherInline(admin.TabularInline):  # type: ignore[type-arg]
    """The studies that someone may see, and what more they may. Superusers say so; others add a
    study without a further right, or end what there is, and change nothing: a right would go along.
    """

    model = StudyResearcher
    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if _is_superuser(request) else ("sees_identity", "sees_arm", "manages")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_email(self) -> str:
        return as_kept(self.cleaned_data["email"])


@admin.register(User)
class StaffAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """No account is deleted here: it ends by “may sign in” unticked."""

    form = AccountForm
    list_display = ("email", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
    filter_horizontal = ("groups", "user_permissions")
    inlines = (ResearcherInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        sees_a_study = Exists(StudyResearcher.objects.filter(user=OuterRef("pk")))
        return super().get_queryset(request).filter(Q(is_staff=True) | Q(sees_a_study))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """An address is changed by its owner, with a code; rights are given by superusers."""
        address = () if obj is None else ("email",)
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        return address if _is_superuser(request) else (*address, *rights)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True}

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's own
        if not change:
            obj.is_staff = obj.is_staff or not _is_superuser(request)
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser
