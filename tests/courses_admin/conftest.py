"""Models are imported where they are used: this file may be read before Django is set up."""

import pytest
from django.test import Client

EDITORS = ("courses", "scheduling")


def an_editor() -> Client:
    from django.contrib.auth.models import Permission

    from tests.factories.participants import UserFactory
    from tests.monitoring.staff import signed_in, with_second_step

    user = with_second_step(UserFactory(staff=True))
    rights = Permission.objects.filter(content_type__app_label__in=EDITORS)
    user.user_permissions.set(rights)
    return signed_in(user)


@pytest.fixture
def editor(db: None) -> Client:
    """Staff with every right on courses and on the words of mails, and no other."""
    return an_editor()


@pytest.fixture
def other(db: None) -> Client:
    """A second one."""
    return an_editor()
