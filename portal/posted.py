from django.http import HttpRequest, QueryDict


def data_of(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is an answer too, a GET is none."""
    return request.POST if request.method == "POST" else None
