class CannotKeep(Exception):
    """Why there is no backup, or none is restored; `message` says so, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
