"""Pseudonymous codes such as K7P-4MD."""

import secrets

# No 0/O, 1/I/L, and no U: read aloud or copied by hand, a code stays itself.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_code() -> str:
    """Seven characters, `XXX-XXX`, from a space of 30⁶ ≈ 7 × 10⁸; the column is unique."""
    letters = [secrets.choice(ALPHABET) for _ in range(6)]
    return "".join(letters[:3]) + "-" + "".join(letters[3:])
