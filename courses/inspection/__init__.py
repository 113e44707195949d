"""What a file is by its own bytes, whatever it is called, and how long it plays.

Nothing is decoded: what is looked at is what a browser looks at before it begins to play. Files are
read in places, so that a film of two gigabytes takes no more memory than a picture.
"""

from courses.inspection.look import Inspected, inspect, kind_of
from courses.inspection.refusals import NotMeasurable, OfNoType, OfUnknownLength, Refused

__all__ = [
    "Inspected",
    "NotMeasurable",
    "OfNoType",
    "OfUnknownLength",
    "Refused",
    "inspect",
    "kind_of",
]
