"""Consent and use are append-only; deletion only where the person has asked for erasure."""

from frozen_rows import Guard, changed
from frozen_rows.guard import Operation

_ASKED = (
    "(SELECT erasure_requested_at FROM participants_enrolment WHERE id = OLD.enrolment_id) IS NULL"
)
_ASKED_BY_SESSION = (
    "(SELECT enrolment.erasure_requested_at FROM participants_enrolment enrolment "
    "JOIN participants_session session ON session.enrolment_id = enrolment.id "
    "WHERE session.id = OLD.session_id) IS NULL"
)
_ARM_OF_ANOTHER = (
    "NEW.arm_id IS NOT NULL AND "
    "(SELECT study_id FROM studies_arm WHERE id = NEW.arm_id) <> NEW.study_id"
)
_ALLOCATED = "EXISTS (SELECT 1 FROM participants_enrolment WHERE arm_id = OLD.id)"
_SHEET_OF_ANOTHER = (
    "NEW.information_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM studies_document "
    "WHERE id = NEW.information_id AND study_id = NEW.study_id AND kind = 'information')"
)
_JOINED = (
    "(SELECT consented_at FROM participants_enrolment WHERE id = NEW.enrolment_id) IS NOT NULL"
)
# Looked up by their keys alone, as a list of thousands brings many thousands of answers.
_STUDY_AGREED_TO = (
    "COALESCE((SELECT study_id FROM participants_enrolment "
    "WHERE id = NEW.enrolment_id AND consented_at IS NOT NULL), 0)"
)
_STUDY_OF_STATEMENT = (
    "(SELECT study_id FROM studies_document WHERE id = "
    "(SELECT document_id FROM studies_consentstatement WHERE id = NEW.statement_id))"
)
_STUDY_OF_DOCUMENT = "(SELECT study_id FROM studies_document WHERE id = NEW.document_id)"
_ENDED = (
    "EXISTS (SELECT 1 FROM participants_invitation "
    "WHERE enrolment_id = NEW.id AND ended_at IS NOT NULL)"
)
_WRITES: tuple[Operation, ...] = ("INSERT", "UPDATE")
_KEPT_FROM: tuple[Operation, ...] = ("UPDATE", "DELETE")
_FINAL = "{what} cannot be changed once recorded."
_KEPT = "{what} can be deleted only where the person has asked for erasure."


def _append_only(model: str, what: str, unasked: str) -> list[Guard]:
    name = model.rpartition(".")[2].lower()
    return [
        Guard(
            name=f"{name}_update",
            model=model,
            operation="UPDATE",
            when="1 = 1",
            message=_FINAL.format(what=what),
        ),
        Guard(
            name=f"{name}_delete",
            model=model,
            operation="DELETE",
            when=unasked,
            message=_KEPT.format(what=what),
        ),
    ]


GUARDS = [
    *_append_only("participants.ConsentAnswer", "A consent answer", _ASKED),
    *_append_only("participants.Play", "A playing", _ASKED_BY_SESSION),
    *_append_only("participants.Engagement", "An engagement", _ASKED_BY_SESSION),
    *(
        Guard(
            name=f"{model.lower()}_insert",
            model=f"participants.{model}",
            operation="INSERT",
            when=f"{_STUDY_AGREED_TO} <> {study}",
            message="Consent is that of somebody who agreed, to a document of their own study.",
        )
        for model, study in (
            ("ConsentAnswer", _STUDY_OF_STATEMENT),
            ("ConsentSignature", _STUDY_OF_DOCUMENT),
        )
    ),
    Guard(
        name="consentsignature_update",
        model="participants.ConsentSignature",
        operation="UPDATE",
        when="1 = 1",
        message=_FINAL.format(what="A signature"),
    ),
    Guard(
        name="enrolment_update_kept",
        model="participants.Enrolment",
        operation="UPDATE",
        when=f"{changed('code', 'study_id')} OR (OLD.consented_at IS NOT NULL AND "
        f"({changed('edition_id', 'consented_at', 'information_id')}))",
        message="An enrolment keeps its code, its study, its edition and when it was agreed to.",
    ),
    Guard(
        name="enrolment_update_person",
        model="participants.Enrolment",
        operation="UPDATE",
        when=f"NEW.user_id IS NOT NULL AND ({changed('user_id')})",
        message="An enrolment is its person’s, or nobody’s: it never becomes another’s.",
    ),
    Guard(
        name="enrolment_update_erased",
        model="participants.Enrolment",
        operation="UPDATE",
        when=f"OLD.erased_at IS NOT NULL AND ({changed('erased_at')})",
        message="An identity is erased once, and it stays known when.",
    ),
    Guard(
        name="enrolment_update_joined_after_ending",
        model="participants.Enrolment",
        operation="UPDATE",
        when=f"OLD.consented_at IS NULL AND NEW.consented_at IS NOT NULL AND {_ENDED}",
        message="An invitation that has ended is not taken. Joining later is a new enrolment.",
    ),
    Guard(
        name="enrolment_update_ended_without_saying_how",
        model="participants.Enrolment",
        operation="UPDATE",
        when=f"NEW.status = 'unjoined' AND OLD.status <> 'unjoined' AND NOT {_ENDED}",
        message="Whoever did not join had an invitation, which says how it ended.",
    ),
    Guard(
        name="enrolment_insert_unjoined",
        model="participants.Enrolment",
        operation="INSERT",
        when="NEW.status = 'unjoined'",
        message="Whoever did not join was invited before.",
    ),
    Guard(
        name="enrolment_update_unjoined",
        model="participants.Enrolment",
        operation="UPDATE",
        when="OLD.status = 'unjoined' AND NEW.status <> 'unjoined'",
        message="An invitation that has ended stays ended. Another is a new enrolment.",
    ),
    Guard(
        name="enrolment_update_left_before_joining",
        model="participants.Enrolment",
        operation="UPDATE",
        when="NEW.status = 'unjoined' AND OLD.status NOT IN ('invited', 'unjoined')",
        message="Whoever has joined is withdrawn, and not passed off as never having joined.",
    ),
    *(
        Guard(
            name=f"enrolment_{operation.lower()}_arm",
            model="participants.Enrolment",
            operation=operation,
            when=_ARM_OF_ANOTHER,
            message="A person is allocated to an arm of their own study.",
        )
        for operation in _WRITES
    ),
    Guard(
        name="arm_update_in_use",
        model="studies.Arm",
        operation="UPDATE",
        when=f"({changed('key', 'study_id')}) AND {_ALLOCATED}",
        message="An arm that people were allocated to keeps its key and its study.",
    ),
    *(
        Guard(
            name=f"enrolment_{operation.lower()}_information",
            model="participants.Enrolment",
            operation=operation,
            when=_SHEET_OF_ANOTHER,
            message="The sheet that was shown is an information sheet of the person’s own study.",
        )
        for operation in _WRITES
    ),
    Guard(
        name="enrolment_update_withdrawn",
        model="participants.Enrolment",
        operation="UPDATE",
        when="OLD.status = 'withdrawn' AND NEW.status <> 'withdrawn'",
        message="A withdrawal stands. Coming back is a new enrolment.",
    ),
    Guard(
        name="enrolment_delete",
        model="participants.Enrolment",
        operation="DELETE",
        when="1 = 1",
        message="An enrolment is never deleted: its identity is erased, and its code is counted.",
    ),
    Guard(
        name="invitation_update_kept",
        model="participants.Invitation",
        operation="UPDATE",
        when=f"{changed('enrolment_id', 'invited_at')} OR "
        f"(OLD.joined_at IS NOT NULL AND ({changed('joined_at')})) OR "
        f"(OLD.disowned_at IS NOT NULL AND ({changed('disowned_at')})) OR "
        f"(OLD.ended_at IS NOT NULL AND ({changed('ended_at', 'ending')}))",
        message="An invitation keeps to whom and when it was sent, taken, disowned or ended.",
    ),
    *(
        Guard(
            name=f"invitation_{operation.lower()}_{step}",
            model="participants.Invitation",
            operation=operation,
            when=when,
            message=message,
        )
        for operation in _WRITES
        for step, when, message in (
            (
                "joined",
                f"NEW.joined_at IS NOT NULL AND NOT ({_JOINED})",
                "An invitation is taken by agreeing.",
            ),
            (
                "ended",
                f"NEW.ended_at IS NOT NULL AND {_JOINED}",
                "An invitation that was taken does not end.",
            ),
        )
    ),
    Guard(
        name="invitation_delete",
        model="participants.Invitation",
        operation="DELETE",
        when="1 = 1",
        message="An invitation is never deleted: it ends, and its address goes.",
    ),
    *(
        Guard(
            name=f"donotinvite_{operation.lower()}",
            model="participants.DoNotInvite",
            operation=operation,
            when="1 = 1",
            message="Whoever asked not to be invited has said so for good.",
        )
        for operation in _KEPT_FROM
    ),
]
