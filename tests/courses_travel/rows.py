"""What an edition gives its people, to be compared: every word, and every file by its content."""

from typing import Any

from courses.html_tree import canonical
from courses.models import Edition, Material


def content_of(edition: Edition) -> dict[str, Any]:
    return {
        "weeks": [
            {
                **{name: getattr(module, name) for name in ("week", "title", "aim", "practice")},
                "introduction": canonical(module.introduction),
                "materials": [_material(each) for each in module.materials.all()],
            }
            for module in edition.modules.all()
        ],
        "beside": [(each.kind, each.title, canonical(each.body)) for each in _beside(edition)],
    }


def _beside(edition: Edition) -> Any:
    return edition.companions.all()


def _material(material: Material) -> dict[str, Any]:
    plain = (
        *("key", "kind", "title", "summary", "file_size", "transcript", "chapters", "duration"),
    )
    return {
        **{name: getattr(material, name) for name in plain},
        "body": canonical(material.body),
        "alternative_to": material.alternative_to and material.alternative_to.key,
        # Named by their content.
        "files": [material.file.name, material.captions.name, material.poster.name],
    }
