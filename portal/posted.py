from django.http import HttpRequest, QueryDict

from scheduling.address_field import NOT_TEXT

__all__ = ["NOT_TEXT", "data_of"]


def data_of(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is an answer too, a GET is none."""
    return request.POST if request.method == "POST" else None
