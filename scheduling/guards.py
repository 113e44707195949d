"""Wording is append-only; a prompt's history is never rewritten or removed."""

from frozen_rows import Guard

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
        name="prompt_unsend",
        model="scheduling.Prompt",
        operation="UPDATE",
        when="OLD.state = 'sent' AND (NEW.state <> 'sent' OR NEW.sent_at <> OLD.sent_at)",
        message="A sent prompt stays sent.",
    ),
]
