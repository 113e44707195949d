"""What staff do for a person: seen first, then done, with a reason that stays on record."""
