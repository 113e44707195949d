"""A material's page in the admin, as a browser sends it back."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from courses.models import Material


def address(material: Material) -> str:
    return reverse("admin:courses_material_change", args=[material.pk])


def file_address(material: Material, name: str = "file") -> str:
    return reverse("admin:courses_material_receive", args=[material.pk, name])


def fields_of(client: Client, material: Material) -> dict[str, Any]:
    """What stands in the page's fields; no file is chosen."""
    form = client.get(address(material)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    files = form.file_fields()
    words = {name: value for name, value in shown.items() if name not in files}
    return {name: "" if value is None else value for name, value in words.items()}


def save(client: Client, material: Material, **changes: Any) -> HttpResponse:
    """What is bytes goes as a file, called "chosen" with the field's usual ending."""
    return client.post(address(material), sent({**fields_of(client, material), **changes}))


def sent(data: dict[str, Any]) -> dict[str, Any]:
    """What is bytes becomes a file."""
    return {
        name: _file(name, value) if isinstance(value, bytes) else value
        for name, value in data.items()
    }


def send(
    client: Client, material: Material, content: bytes, name: str = "file", **more: Any
) -> HttpResponse:
    """Ahead of the form, as the page's script does."""
    data = {"kind": material.kind, name: _file(name, content), **more}
    return client.post(file_address(material, name), data)


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    ending = {"file": ".mp4", "captions": ".vtt", "poster": ".png"}[name]
    return SimpleUploadedFile(f"chosen{ending}", content)


def errors(response: HttpResponse) -> dict[str, list[str]]:
    """Of the page that came back; none where it was saved."""
    return dict(response.context["adminform"].form.errors) if response.context else {}
