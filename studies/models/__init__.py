"""What was promised: the study, its documents and statements, who may join, and the tallies."""

from studies.models.documents import ConsentStatement, Document
from studies.models.eligibility import EligibilityCriterion, ScreeningTally
from studies.models.study import Study

__all__ = [
    "ConsentStatement",
    "Document",
    "EligibilityCriterion",
    "ScreeningTally",
    "Study",
]
