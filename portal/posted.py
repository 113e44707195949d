from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

# For a field's error_messages; else Django speaks of null characters.
NOT_TEXT = {
    "null_characters_not_allowed": _("Something in this is no text. Please type it once more.")
}


def data_of(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is an answer too, a GET is none."""
    return request.POST if request.method == "POST" else None
