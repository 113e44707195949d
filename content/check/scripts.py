"""Scripts: whether they can be read, and whether the media were built from them as they are."""

from content.build.course import Medium
from content.build.lock import LOCK, LockError, Record, read_lock
from content.build.script import ScriptError
from content.check.material import Material
from courses.loading.attached import MEDIA, attached
from courses.loading.problems import Problems
from courses.loading.tables import read_text


def check_script(material: Material) -> None:
    """Notes every fault of the script or, if it has none, that it is not the medium's."""
    if material.kind not in MEDIA:
        return
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
    if lock is None:
        return
    built, now, script = lock.get(medium.name, {}), medium.record(), medium.text("script")
    if built.get("made_from") != now.pop("made_from"):
        said = f"{material.medium.name} was built from another wording of {script}."
        material.table.wrong("script", f"{said} Run make content.")
        return
    for field, digest in now.items():
        if built.get(field) != digest:
            material.is_replaced = material.is_replaced or field == "file"
            said = f"{medium.text(field)} is not the file that was built from {script}."
            material.table.wrong(field, f"{said} Run make content.")


def _lock(problems: Problems) -> dict[str, Record] | None:
    """What each medium was built from, or None with the problem noted."""
    path = problems.folder / LOCK
    try:
        lock = read_lock(problems.folder)
    except LockError as error:
        problems.add(path, error.line, error.sentence)
        return None
    if all(lock.values()):
        return lock
    said = "This record of what was built is from an older version. Run make content."
    problems.add(path, None, said)
    return None
