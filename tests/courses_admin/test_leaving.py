"""Each page on which much is written asks before it is left; where nothing can be, none does."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Material
from tests.courses_admin.pages import address
from tests.factories.courses import draft_edition, published_edition
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db


def asks(page: str) -> bool:
    client: Client = staff_client(superuser=True)
    content = client.get(page).content.decode()
    return 'src="/static/js/leaving.js"' in content and "data-asks-before-leaving" in content


@pytest.mark.parametrize("kind", ["scheduling_wording", "studies_document"])
def test_a_page_for_new_words_asks(kind: str) -> None:
    assert asks(reverse(f"admin:{kind}_add"))


def test_a_draft_asks_and_what_is_published_does_not() -> None:
    draft, published = draft_edition(weeks=1), published_edition(weeks=1)
    handouts = Material.objects.filter(key="handout")

    assert asks(address(handouts.get(module__edition=draft)))
    assert not asks(address(handouts.get(module__edition=published)))
