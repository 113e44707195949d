"""A page in the place of Django's blank answer to an address that is not asked in this way."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

View = Callable[[HttpRequest], HttpResponse]


def with_a_page(get_response: View) -> View:
    """Django has no handler for a 405, so this is the least that reaches every view. Whatever does
    not ask for a page, as machines do, is answered as before.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        reads_pages = "text/html" in request.headers.get("Accept", "")
        if not isinstance(response, HttpResponseNotAllowed) or not reads_pages:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return answer
