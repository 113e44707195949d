"""Why a file cannot serve."""

from django.utils.translation import gettext as _


class Refused(ValueError):
    """`str()` is a sentence for an editor: what is wrong, and what to do."""


class NotMeasurable(Refused):
    """Whatever its beginning says, this is no whole file of its type."""

    def __init__(self) -> None:
        super().__init__(
            _("This file is cut off or damaged. Copy it again, or export it once more.")
        )


class OfUnknownLength(NotMeasurable):
    """A whole file whose header says that its duration is not known, as streams are written."""

    def __init__(self) -> None:
        said = _(
            "This file does not say how long it lasts. Export it once more, as a finished file."
        )
        Refused.__init__(self, said)


class OfNoType(Refused):
    """None of the types that a course can hold."""

    def __init__(self) -> None:
        said = _("Whatever this file is called, it is of none of the types that can be used here.")
        super().__init__(said)


def cannot_be_played(codec: str) -> Refused:
    """A whole file, in a form that not every browser has."""
    said = _(
        "This file is in the form “%(codec)s”, which many browsers cannot play. Export it again: a "
        "film as MP4 with H.264, sound as M4A with AAC."
    )
    return Refused(said % {"codec": codec})
