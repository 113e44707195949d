"""The files of an export, in the order in which they are written."""

from monitoring.export.file import File
from monitoring.export.files.changes import CHANGES
from monitoring.export.files.consent import CONSENT
from monitoring.export.files.demographics import DEMOGRAPHICS
from monitoring.export.files.deviations import DEVIATIONS
from monitoring.export.files.engagement import ENGAGEMENT
from monitoring.export.files.enrolments import ENROLMENTS
from monitoring.export.files.erased import ERASED
from monitoring.export.files.plays import PLAYS
from monitoring.export.files.practice import PRACTICE
from monitoring.export.files.prompts import PROMPTS
from monitoring.export.files.screening import SCREENING
from monitoring.export.files.sessions import SESSIONS

FILES: tuple[File, ...] = (
    ENROLMENTS,
    CONSENT,
    DEMOGRAPHICS,
    SESSIONS,
    PLAYS,
    ENGAGEMENT,
    PRACTICE,
    PROMPTS,
    CHANGES,
    DEVIATIONS,
    ERASED,
    SCREENING,
)
