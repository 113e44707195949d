"""What people agreed to stays as they read it."""

from frozen_rows import Guard
from frozen_rows.guard import Operation

_WRITES: tuple[Operation, ...] = ("INSERT", "UPDATE")
_PUBLISHED = "A published document cannot be changed. Make a new version."
_STATE = "(SELECT state FROM studies_document WHERE id = {row}.document_id) = 'published'"

_OPENS_WITH_DRAFT = (
    "NEW.state = 'recruiting' AND "
    "(SELECT state FROM courses_edition WHERE id = NEW.edition_id) <> 'published'"
)

_OF_A_SERVICE = "(SELECT purpose FROM studies_study WHERE id = NEW.study_id) <> 'research'"
_HAS_ARMS = (
    "NEW.purpose <> 'research' AND EXISTS (SELECT 1 FROM studies_arm WHERE study_id = NEW.id)"
)

GUARDS = [
    *(
        Guard(
            name=f"arm_{operation.lower()}_service",
            model="studies.Arm",
            operation=operation,
            when=_OF_A_SERVICE,
            message="Only a research study has arms.",
        )
        for operation in _WRITES
    ),
    Guard(
        name="study_update_arms",
        model="studies.Study",
        operation="UPDATE",
        when=_HAS_ARMS,
        message="A study that has arms is research.",
    ),
    *(
        Guard(
            name=f"study_{operation.lower()}_recruiting_draft",
            model="studies.Study",
            operation=operation,
            when=_OPENS_WITH_DRAFT,
            message="A study that recruits needs a published edition.",
        )
        for operation in _WRITES
    ),
    Guard(
        name="document_update_published",
        model="studies.Document",
        operation="UPDATE",
        when="OLD.state = 'published'",
        message=_PUBLISHED,
    ),
    Guard(
        name="document_delete_published",
        model="studies.Document",
        operation="DELETE",
        when="OLD.state = 'published'",
        message="A published document cannot be deleted.",
    ),
    Guard(
        name="statement_insert_published",
        model="studies.ConsentStatement",
        operation="INSERT",
        when=_STATE.format(row="NEW"),
        message=_PUBLISHED,
    ),
    Guard(
        name="statement_update_published",
        model="studies.ConsentStatement",
        operation="UPDATE",
        when=f"{_STATE.format(row='OLD')} OR {_STATE.format(row='NEW')}",
        message=_PUBLISHED,
    ),
    Guard(
        name="statement_delete_published",
        model="studies.ConsentStatement",
        operation="DELETE",
        when=_STATE.format(row="OLD"),
        message=_PUBLISHED,
    ),
]
