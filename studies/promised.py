"""What the information sheet says of a study from its own record, whatever its text says."""

from studies.models import Study


def emails(study: Study) -> dict[str, int]:
    """How many emails of each sort a person gets: `weeks`, `sure` in all, and `reminders` at most.

    Sure are the weeks', a welcome, a copy of what was agreed to, and a last one.
    """
    weeks = study.edition.modules.count()
    return {"weeks": weeks, "sure": weeks + 3, "reminders": weeks if study.nudges else 0}
