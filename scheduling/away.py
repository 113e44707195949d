"""Is the database away for a moment, so that the same may be done again?"""

from django.db import DatabaseError, InterfaceError, OperationalError

# "cached plan must not change result type": a migration changed a column meanwhile; and "prepared
# statement already exists": we were stopped before we noted it. A new connection prepares anew.
_PREPARE_ANEW = frozenset({"0A000", "42P05"})


def is_away(error: Exception) -> bool:
    """It does not answer, or two waited for each other. A refusal of what was asked is neither.

    Of a server that crashed, psycopg2 can only say that the line is cut: a bare `DatabaseError`.
    """
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    if getattr(error.__cause__, "pgcode", None) in _PREPARE_ANEW:
        return True
    return type(error) is DatabaseError and error.__cause__ is not None
