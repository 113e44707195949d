"""Under which names the shared cache keeps its counts."""

from django.utils.crypto import salted_hmac


def digest(key: str, key_prefix: str, version: int) -> str:
    """The name's digest under SECRET_KEY: allauth counts by address, and a table of this platform's
    database says nobody's. A plain digest would, to whoever tries all four thousand million.
    """
    name = f"{key_prefix}:{version}:{key}"
    return salted_hmac("training_platform.cache", name, algorithm="sha256").hexdigest()
