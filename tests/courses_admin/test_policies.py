"""Each page of the admin has its policy: one for all, and what an editor or a frame needs beside it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from courses.models import Edition
from tests.courses_admin.pages import address, policy
from tests.factories.courses import draft_edition, published_edition
from tests.factories.scheduling import WordingFactory
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db

STRICT = {
    name: " ".join(sources)
    for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
}
EDITOR = {**STRICT, "style-src": "'self' 'unsafe-inline'"}
FRAMES = {**STRICT, "frame-src": "'self'"}
PREVIEW = {
    **STRICT,
    "sandbox": "allow-same-origin",
    "script-src": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
MAIL = {
    **STRICT,
    "sandbox": "",
    "script-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "'none'",
    "frame-ancestors": "'self'",
}


@pytest.fixture
def all_rights() -> Client:
    return staff_client(superuser=True)


def rows(edition: Edition) -> list[object]:
    module = edition.modules.first()
    return [edition, module, *module.materials.all()]


def test_pages_that_hold_an_editor_allow_styles_and_nothing_else(all_rights: Client) -> None:
    for row in rows(draft_edition(weeks=1)):
        assert policy(all_rights.get(address(row))) == EDITOR
    assert policy(all_rights.get("/admin/scheduling/wording/add/")) == EDITOR


def test_so_do_they_when_they_come_back_with_a_complaint(all_rights: Client) -> None:
    module = draft_edition(weeks=1).modules.get()

    assert policy(all_rights.post(address(module), {"title": ""})) == EDITOR


def test_what_is_published_needs_no_editor(all_rights: Client) -> None:
    for row in rows(published_edition(weeks=1)):
        page = all_rights.get(address(row))
        assert policy(page) == STRICT
        assert "ckeditor" not in page.content.decode()


def test_previews_run_nothing_and_send_nothing(all_rights: Client) -> None:
    edition = draft_edition(weeks=1)
    module, text = edition.modules.get(), edition.companions.first()
    for name, row in [("week", module), ("companion", text)]:
        frame = all_rights.get(reverse(f"preview:{name}", args=[row.pk]))
        page = all_rights.get(reverse(f"preview:{name}_page", args=[row.pk]))
        assert (policy(frame), frame.headers["X-Frame-Options"]) == (FRAMES, "DENY")
        assert (policy(page), page.headers["X-Frame-Options"]) == (PREVIEW, "SAMEORIGIN")


def test_mails_are_drawn_by_themselves(all_rights: Client) -> None:
    wording = WordingFactory()

    page = all_rights.get(f"/admin/scheduling/wording/{wording.pk}/change/")
    mail = all_rights.get(f"/admin/scheduling/wording/{wording.pk}/drawn/")

    assert policy(page) == FRAMES
    assert (policy(mail), mail.headers["X-Frame-Options"]) == (MAIL, "SAMEORIGIN")


def test_every_other_page_of_the_admin_is_as_strict_as_the_site(all_rights: Client) -> None:
    from django.contrib import admin

    lists = [
        f"admin:{each._meta.app_label}_{each._meta.model_name}_changelist"
        for each in admin.site._registry
    ]
    draft_edition(weeks=1)
    for page in [
        "/admin/",
        *map(reverse, lists),
        "/admin/courses/course/add/",
        "/admin/studies/study/add/",
    ]:
        assert (page, policy(all_rights.get(page))) == (page, STRICT)


def test_there_is_no_address_that_an_editor_could_upload_pictures_to(all_rights: Client) -> None:
    for path in ["/ckeditor5/image_upload/", "/admin/ckeditor5/image_upload/"]:
        assert all_rights.post(path).status_code == 404
