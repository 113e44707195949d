"""Models are imported where they are used: this file may be read before Django is set up."""

import pytest
from django.test import Client


@pytest.fixture
def editor(db: None) -> Client:
    """Staff with every right on courses, and no other."""
    from django.contrib.auth.models import Permission

    from tests.factories.participants import UserFactory
    from tests.monitoring.staff import signed_in, with_second_step

    user = with_second_step(UserFactory(staff=True))
    rights = Permission.objects.filter(content_type__app_label="courses")
    user.user_permissions.set(rights)
    return signed_in(user)
