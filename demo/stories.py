"""The invented people of the demonstration, as data. Names, addresses and lives are made up."""

from dataclasses import dataclass

DOMAIN = "demo.example"
PARTICIPANT = f"participant@{DOMAIN}"
RESEARCHER = f"researcher@{DOMAIN}"
EDITOR = f"editor@{DOMAIN}"


@dataclass(frozen=True, kw_only=True)
class Week:
    """What someone does in a week, in days after it opened. None: not at all."""

    opens: float | None = None
    watches: float = 0
    """Seconds of the video."""
    practises: tuple[int, ...] = ()
    """Days after opening on which practice is noted."""
    another_way: bool = False
    finishes: bool = False


@dataclass(frozen=True, kw_only=True)
class Story:
    """`began` is how many days ago the first week opened; below 0 it is still to come.

    `ends` names something that happened yesterday: mail_off, pauses, leaves, leaves_and_deletes.
    Without `chooses_day` the person has agreed and gone no further. `source` is where they heard of
    the study; a test person (`is_test`) is counted nowhere.
    """

    email: str
    began: int
    hour: int = 19
    zone: str = "Europe/London"
    weeks: tuple[Week, ...] = ()
    ends: str = ""
    chooses_day: bool = True
    source: str = "newsletter"
    is_test: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Someone invited, `days` ago, who has not joined. `declines`: they said no an hour ago."""

    email: str
    days: int
    declines: bool = False


WHOLE = Week(opens=0.1, watches=240, practises=(1, 3, 4), finishes=True)
A_LITTLE = Week(opens=1.2, watches=60, practises=(2,))
ON_PAPER = Week(opens=2, another_way=True)
UNOPENED = Week()


def _someone(number: int) -> str:
    return f"person-{number:02d}@{DOMAIN}"


STORIES = (
    Story(email=PARTICIPANT, began=8, weeks=(WHOLE,)),
    Story(email=_someone(2), began=-2, hour=8, source="facebook"),
    Story(email=_someone(3), began=1, hour=20, weeks=(UNOPENED,), source="facebook"),
    Story(email=_someone(4), began=3, hour=7, weeks=(A_LITTLE,), source="leaflet"),
    Story(email=_someone(5), began=10, hour=12, weeks=(WHOLE, ON_PAPER)),
    Story(email=_someone(6), began=22, hour=18, weeks=(UNOPENED, UNOPENED, UNOPENED, UNOPENED)),
    Story(email=_someone(7), began=16, hour=21, weeks=(WHOLE, A_LITTLE), ends="pauses"),
    Story(email=_someone(8), began=15, hour=9, weeks=(A_LITTLE, A_LITTLE), ends="mail_off"),
    Story(email=_someone(9), began=30, weeks=(WHOLE, WHOLE, ON_PAPER, WHOLE)),
    Story(email=_someone(10), began=12, weeks=(A_LITTLE, UNOPENED), ends="leaves"),
    Story(email=_someone(11), began=9, weeks=(A_LITTLE,), ends="leaves_and_deletes"),
    Story(
        email=_someone(12),
        began=9,
        hour=6,
        zone="Asia/Kolkata",
        weeks=(WHOLE, A_LITTLE),
        source="",
        is_test=True,
    ),
    Story(email=_someone(13), began=-3, chooses_day=False),
)

ASKED = (
    Asked(email=_someone(14), days=2),
    Asked(email=_someone(15), days=9),
    Asked(email=_someone(16), days=4, declines=True),
)
# How often the questions about who may join were answered, by source and the first one not met.
SCREENED = (
    ("newsletter", "", 14),
    ("newsletter", "adult", 1),
    ("facebook", "", 5),
    ("facebook", "adult", 3),
    ("leaflet", "", 2),
)
