"""What was promised: the study, its documents, statements and arms, who may join, the tallies."""

from studies.models.arm import Arm
from studies.models.documents import ConsentStatement, Document
from studies.models.eligibility import EligibilityCriterion, ScreeningTally
from studies.models.study import Study

__all__ = [
    "Arm",
    "ConsentStatement",
    "Document",
    "EligibilityCriterion",
    "ScreeningTally",
    "Study",
]
