from django.http import HttpRequest, QueryDict


def asked_of(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to that is seen first, then saved.

    What would change is asked for by address (`?show`), so that "back" and a reload find it again.
    """
    if request.method == "POST":
        return request.POST
    return request.GET if "show" in request.GET else None
