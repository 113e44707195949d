"""What is looked at before time is spent on building: all that would stop it in its midst."""

from collections.abc import Callable, Iterable

from content.build.course import CourseError, Medium
from content.build.duration import with_duration
from content.build.script import Fault, ScriptError


def refuse_faults(media: Iterable[Medium]) -> None:
    """Raises CourseError with every fault of every medium."""
    _raise_any([fault for medium in media for fault in _faults(medium)])


def refuse_too_long(media: Iterable[Medium], can_say: Callable[[str], bool]) -> None:
    """Raises CourseError with every sentence that the voice cannot say in one breath."""
    said = "This sentence is too long for the voice. Make it two."
    faults = []
    for medium in media:
        long = [say for say in medium.script().sentences if not can_say(say.text)]
        if long:
            error = ScriptError(medium.path("script"), [Fault(say.at, said) for say in long])
            faults.append(str(error))
    _raise_any(faults)


def _faults(medium: Medium) -> list[str]:
    faults = [
        f"{medium.module}: “{field}” is missing for {medium.name}. "
        "Name the file that is built from the script."
        for field in medium.unnamed()
    ]
    try:
        medium.script()
        with_duration(medium, 1.0)
    except UnicodeDecodeError:
        faults.append(f"{medium.path('script')}: This is not text in UTF-8. Save it as UTF-8.")
    except OSError as error:
        faults.append(f"{medium.path('script')}: This cannot be read: {error.strerror}.")
    except (ScriptError, CourseError) as error:
        faults.append(str(error))
    return faults


def _raise_any(faults: list[str]) -> None:
    if faults:
        raise CourseError("\n".join(faults))
