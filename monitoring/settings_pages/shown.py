"""What is saved replaces what was shown: whoever comes second is told, and loses nothing."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

FIELD = "shown"
_SALT = "monitoring.settings_pages.shown"
_LENGTH = 16


def digest_of(values: Any) -> str:
    """Of `values`, as they are in the database: whatever JSON can hold, with dates."""
    said = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True)
    return salted_hmac(_SALT, said).hexdigest()[:_LENGTH]


def is_as_shown(request: HttpRequest, values: Any) -> bool:
    """Whether the page that was sent had been made from these `values`."""
    return request.POST.get(FIELD) == digest_of(values)
