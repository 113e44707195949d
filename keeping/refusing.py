class CannotKeep(Exception):
    """Why there is no backup, or none is restored; `message` says so, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def why(error: Exception) -> str:
    """Of a disk or a database, without the full stop that our sentence has."""
    said = error.strerror if isinstance(error, OSError) else None
    return (said or str(error)).strip().removesuffix(".")
