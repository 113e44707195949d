"""Wording is append-only; a prompt's history is never rewritten or removed."""

from frozen_rows import Guard

# As `scheduling.prompts.TRANSITIONS`; a test holds the two together.
_MOVES = (
    ("planned", "'sending', 'skipped', 'missed', 'cancelled'"),
    ("sending", "'sent', 'failed', 'unconfirmed', 'planned'"),
    ("unconfirmed", "'sent'"),
)
_ALLOWED = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state IN ({after}))" for before, after in _MOVES
)

GUARDS = [
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
        name="prompt_unsend",
        model="scheduling.Prompt",
        operation="UPDATE",
        when="OLD.state = 'sent' AND NEW.sent_at <> OLD.sent_at",
        message="When a prompt was sent cannot be changed.",
    ),
    Guard(
        name="prompt_moved",
        model="scheduling.Prompt",
        operation="UPDATE",
        when="OLD.state <> 'planned' AND NEW.due_at <> OLD.due_at",
        message="Only a planned prompt can be moved.",
    ),
]
