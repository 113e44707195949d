"""Those who come to the admin's pages of courses."""

from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories.participants import UserFactory
from tests.monitoring.staff import signed_in, with_second_step


def editing(*rooms: str, only: tuple[str, ...] = ()) -> Client:
    """Staff with the rights on these rooms' rows; of them `only` those named."""
    user = with_second_step(UserFactory(staff=True))
    rights = Permission.objects.filter(content_type__app_label__in=rooms)
    user.user_permissions.set(rights.filter(codename__in=only) if only else rights)
    return signed_in(user)
