"""Scripts: whether they can be read, and whether the media were built from them as they are."""

import json

from content.build.course import LOCK, Medium, read_lock
from content.build.script import ScriptError
from content.check.material import Material
from courses.loading.attached import attached
from courses.loading.problems import Problems
from courses.loading.tables import read_text


def check_script(material: Material) -> None:
    """Notes every fault of the script or, if it has none, that it is not the medium's."""
    script = attached(material.table, "script", (".md",))
    if script is None or read_text(script, material.problems) is None:
        return
    medium = Medium(material.table.path.parent, material.table.data)
    for field in set(medium.unnamed()) & {"chapters", "poster"}:  # the loader asks for the rest
        said = f"“{field}” is missing. Name the file that is built from the script."
        material.table.wrong(None, said)
    try:
        medium.script()
    except ScriptError as error:
        for fault in error.faults:
            material.problems.add(script, fault.line, fault.sentence)
    else:
        _check_wording(medium, material)


def _check_wording(medium: Medium, material: Material) -> None:
    if not material.medium or not material.table.text("key"):
        return  # the loader has said it
    lock = _lock(material.problems)
    if lock is not None and lock.get(medium.name) != medium.fingerprint():
        script = material.table.text("script")
        said = f"{material.medium.name} was built from another wording of {script}."
        material.table.wrong("script", f"{said} Run make content.")


def _lock(problems: Problems) -> dict[str, str] | None:
    """What each medium was built from, or None with the problem noted."""
    try:
        return read_lock(problems.folder)
    except json.JSONDecodeError as error:
        said = "This cannot be read as JSON. Take it from the last commit, and run make content."
        problems.add(problems.folder / LOCK, error.lineno, said)
        return None
