"""Whether a medium is what its name says, whole, and lasts as long as module.toml says."""

from content.check.material import Material
from courses.inspection import NotMeasurable, OfUnknownLength, Refused, inspect

FURTHEST = 1.0  # seconds that `duration` may be off
_BROKEN = "How long “{}” lasts cannot be read. Build it again, or copy it again."
_UNKNOWN = "“{}” does not say how long it lasts. Export it once more, as a finished file."


def check_media(material: Material) -> None:
    """Measures the medium, and notes where its name or `duration` disagrees with it."""
    if material.medium is None:
        return
    name, suffix = material.medium.name, material.medium.suffix.lower()
    try:
        with material.medium.open("rb") as file:
            inspected = inspect(file)
    except Refused as refused:
        material.table.wrong("file", _said(refused, name))
        return
    material.measured = inspected.seconds
    if inspected.suffix != suffix:
        said = f"“{name}” is {inspected.suffix} by its content. Name it so."
        material.table.wrong("file", said)
    elif inspected.seconds is not None:
        _check_duration(material, name, inspected.seconds)


def _said(refused: Refused, name: str) -> str:
    if isinstance(refused, OfUnknownLength):
        return _UNKNOWN.format(name)
    if isinstance(refused, NotMeasurable):
        return _BROKEN.format(name)
    return f"“{name}”: {refused}"


def _check_duration(material: Material, name: str, measured: float) -> None:
    declared = material.declared
    if material.is_replaced or declared is None:
        return  # of another medium, the duration would be another too
    if abs(declared - measured) > FURTHEST:
        lasts = f"{measured:.1f}"
        said = f"“duration” says {declared:.1f} s, but {name} lasts {lasts} s. Write {lasts}."
        material.table.wrong("duration", said)
