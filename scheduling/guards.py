"""Wording and changes of a plan are append-only; a prompt's history is never invented, rewritten or
removed.
"""

from frozen_rows import Guard, changed
from scheduling.models import Prompt

# As `scheduling.prompts.TRANSITIONS`; a test holds the two together.
_MOVES = (
    ("planned", "'sending', 'skipped', 'missed', 'cancelled'"),
    ("sending", "'sent', 'failed', 'unconfirmed', 'planned'"),
    ("unconfirmed", "'sent'"),
)
_ALLOWED = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state IN ({after}))" for before, after in _MOVES
)

# Whose prompt it is, and which one.
_IDENTITY = ("id", "enrolment_id", "kind", "occurrence", "copy")
_PLAN = ("due_at", "local_date", "local_time", "zone")
# What still happens to a row that has left its plan. All other columns are evidence by then.
_EVENTS = (
    "state", "reason", "sending_since", "sent_at", "settled_at", "bounced_at", "complained_at",
    "next_attempt_at",
)  # fmt: skip
_COLUMNS = tuple(field.column for field in Prompt._meta.concrete_fields)
_EVIDENCE = tuple(each for each in _COLUMNS if each not in (*_IDENTITY, *_PLAN, *_EVENTS))
_FINAL = "OLD.state IN ('sent', 'failed', 'skipped', 'missed', 'cancelled')"
# What is still heard of a mail that went.
_REPORTS = ("bounced_at", "complained_at")
_AFTER_THE_END = tuple(each for each in _EVENTS if each not in {"state", "reason", *_REPORTS})
_ASKED_FOR_ERASURE = (
    "(SELECT erasure_requested_at FROM participants_enrolment WHERE id = OLD.enrolment_id) "
    "IS NOT NULL"
)
_WHY = f"({changed('reason')}) AND NOT (NEW.reason = '' AND {_ASKED_FOR_ERASURE})"

GUARDS = [
    Guard(
        name="planchange_update",
        model="scheduling.PlanChange",
        operation="UPDATE",
        when="1 = 1",
        message="A change of a plan cannot be altered once recorded.",
    ),
    Guard(
        name="planchange_delete",
        model="scheduling.PlanChange",
        operation="DELETE",
        when="(SELECT erasure_requested_at FROM participants_enrolment "
        "WHERE id = OLD.enrolment_id) IS NULL",
        message="A change of a plan can be deleted only where the person has asked for erasure.",
    ),
    Guard(
        name="wording_update",
        model="scheduling.Wording",
        operation="UPDATE",
        when="1 = 1",
        message="A wording cannot be changed. Write a new version.",
    ),
    Guard(
        name="wording_delete",
        model="scheduling.Wording",
        operation="DELETE",
        when="EXISTS (SELECT 1 FROM scheduling_prompt WHERE wording_id = OLD.id)",
        message="A wording that was sent cannot be deleted.",
    ),
    Guard(
        name="prompt_delete",
        model="scheduling.Prompt",
        operation="DELETE",
        when="OLD.state <> 'planned'",
        message="A prompt that has left its plan cannot be deleted.",
    ),
    Guard(
        name="prompt_transition",
        model="scheduling.Prompt",
        operation="UPDATE",
        when=f"OLD.state <> NEW.state AND NOT ({_ALLOWED})",
        message="A prompt cannot go from that state to this one.",
    ),
    Guard(
        name="prompt_insert",
        model="scheduling.Prompt",
        operation="INSERT",
        when="NEW.state <> 'planned'",
        message="A prompt begins as planned.",
    ),
    Guard(
        name="prompt_identity",
        model="scheduling.Prompt",
        operation="UPDATE",
        when=changed(*_IDENTITY),
        message="A prompt keeps its person, its kind and its number.",
    ),
    Guard(
        name="prompt_moved",
        model="scheduling.Prompt",
        operation="UPDATE",
        # Neither with the step that leaves the plan, nor with one that comes back to it.
        when=f"(OLD.state <> 'planned' OR NEW.state <> 'planned') AND ({changed(*_PLAN)})",
        message="Only a planned prompt can be moved.",
    ),
    Guard(
        name="prompt_evidence",
        model="scheduling.Prompt",
        operation="UPDATE",
        when=f"OLD.state <> 'planned' AND ({changed(*_EVIDENCE)})",
        message="What was sent, and how often, cannot be changed.",
    ),
    Guard(
        name="prompt_message_id",
        model="scheduling.Prompt",
        operation="UPDATE",
        when=f"OLD.message_id <> '' AND ({changed('message_id')})",
        message="A prompt keeps its Message-ID.",
    ),
    Guard(
        name="prompt_final",
        model="scheduling.Prompt",
        operation="UPDATE",
        # Why goes where the person has asked for erasure: it may tell that they used a week.
        when=f"{_FINAL} AND ({changed(*_AFTER_THE_END)} OR ({_WHY}))",
        message="What became of a prompt, and when, cannot be changed.",
    ),
    Guard(
        name="prompt_bounced",
        model="scheduling.Prompt",
        operation="UPDATE",
        when=f"OLD.bounced_at IS NOT NULL AND ({changed('bounced_at')})",
        message="When a prompt bounced cannot be changed.",
    ),
    Guard(
        name="prompt_complained",
        model="scheduling.Prompt",
        operation="UPDATE",
        when=f"OLD.complained_at IS NOT NULL AND ({changed('complained_at')})",
        message="When a prompt was reported as spam cannot be changed.",
    ),
]
