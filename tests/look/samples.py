"""A sample page of each frame, so that the look is tested without the rooms that use it."""

from types import SimpleNamespace

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import engines
from django.urls import include, path

PAGE = """
{% extends "joining.html" %}
{% block title %}A sample{% endblock %}
{% block step %}
<form class="narrow" method="post" novalidate>{% csrf_token %}
  <h1>A sample</h1>
  {{ form }}
  <input type="hidden" name="next" value="/">
  <div class="actions"><button class="btn" type="submit">Continue</button></div>
</form>
{% endblock %}
"""


class SampleForm(forms.Form):
    template = forms.CharField(widget=forms.HiddenInput, required=False)
    address = forms.EmailField(
        label="Your email address",
        help_text="We send you a code.",
        error_messages={"required": "Write your email address"},
    )
    hour = forms.ChoiceField(label="What time?", choices=[("19", "7 in the evening")])
    when = forms.ChoiceField(
        label="When?",
        choices=[("today", "Today"), ("yesterday", "Yesterday")],
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={"required": "Choose a day"},
    )
    wishes = forms.MultipleChoiceField(
        label="If you like",
        help_text="A box left empty means no.",
        choices=[("results", "You may tell me what you found.")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(
        label="I agree", help_text="We need this.", error_messages={"required": "Tick this to join"}
    )
    words = forms.CharField(label="A few words", widget=forms.Textarea, required=False)


def sample(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or None)
    if form.is_valid():
        messages.success(request, "Saved.")
        return redirect("portal:sample")
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"form": form, "step_number": 2, "step_total": 5}, request))


def framed(request: HttpRequest) -> HttpResponse:
    """A page as someone signed in to a demonstration of a study sees it."""
    study = SimpleNamespace(
        public_name="Sample study", institution="Sample University", contact_email="s@example.org"
    )
    return render(request, "404.html", {"study": study, "signed_in": True, "is_demo": True})


def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "monitoring/styleguide.html", {"staff_place": "styleguide"})


def error(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"{name}.html")


_PORTAL = [
    path("", sample, name="landing"),
    path("sample/", sample, name="sample"),
    path("framed/", framed, name="home"),
    path("help/", framed, name="help"),
    path("privacy/", framed, name="privacy"),
    path("accessibility/", framed, name="accessibility"),
    path("sign-out/", framed, name="sign_out"),
    path("sign-in/other-address/", framed, name="other_address"),
]
_MONITORING = [
    path("", guide, name="studies"),
    path("styleguide/", guide, name="styleguide"),
]
urlpatterns = [
    path("", include((_PORTAL, "portal"))),
    path("staff/", include((_MONITORING, "monitoring"))),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("error/<name>/", error),
]
