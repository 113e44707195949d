"""The words of the mails. A change is a new version; nothing here can be altered or removed.

New words are looked at before they are saved: what they would be used for, and how they arrive.
What is saved is what was looked at, as the version it was then said to become.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.admin.policy import for_editors, with_frames
from courses.forms.plain import without_links
from scheduling import specimen, wording_look
from scheduling.models import Wording
from scheduling.models.wording import WORDS
from scheduling.services import WrittenMeanwhile, write_wording
from scheduling.wording_form import WordingForm
from scheduling.wording_look import Look
from studies.models import Study

_FIELDS = ["study", "kind", *WORDS]


@admin.register(Wording)
class WordingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["study", "kind", "version", "is_in_use", "subject", "created_at"]
    list_filter = ["study", "kind"]
    list_select_related = ["study"]
    form = WordingForm
    fields = tuple(_FIELDS)
    add_form_template = "admin/scheduling/wording/add_form.html"
    change_form_template = "admin/scheduling/wording/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wording]:
        others = Wording.objects.filter(study=OuterRef("study"), kind=OuterRef("kind"))
        newer = others.filter(version__gt=OuterRef("version"))
        rows: QuerySet[Wording] = super().get_queryset(request)
        return rows.annotate(is_newest=~Exists(newer))

    @admin.display(boolean=True, description=gettext_lazy("in use"))
    def is_in_use(self, wording: Wording) -> bool:
        newest: bool = wording.is_newest  # type: ignore[attr-defined]
        return newest

    def has_change_permission(self, request: HttpRequest, obj: Wording | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Wording | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        unsaved = self.admin_site.admin_view(self.specimen)
        saved = self.admin_site.admin_view(self.drawn)
        return [
            path("specimen/", unsaved, name="scheduling_wording_specimen"),
            path("<int:pk>/drawn/", saved, name="scheduling_wording_drawn"),
            *super().get_urls(),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?from=` takes the words of an earlier version to begin with."""
        earlier = self.get_object(request, request.GET.get("from", ""))
        if earlier is None:
            return {}
        return {"study": earlier.study_id, "kind": earlier.kind, **earlier.words}

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        form = self._form(request)
        if not form.is_valid():
            return self._page(request, form)
        look = wording_look.at(form.instance, now=timezone.now())
        seen = request.POST.get("seen", "")
        if "_save" in request.POST and wording_look.is_of(seen, form.instance):
            return self._saved(request, form, wording_look.version_of(seen))
        return self._page(request, form, look)

    def specimen(self, request: HttpRequest) -> HttpResponseBase:
        """The HTML alone, as a mail program would draw it."""
        form = self._form(request)
        if not form.is_valid():
            return self._page(request, form)
        return wording_look.drawn(request, specimen.of(form.instance).html)

    def drawn(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Words that were saved, as a mail program would draw them."""
        wording = self.get_object(request, str(pk))
        if wording is None:
            raise Http404
        if not self.has_view_permission(request, wording):
            raise PermissionDenied
        return wording_look.drawn(request, specimen.of(wording).html)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return with_frames(super().change_view(request, object_id, form_url, extra_context))

    def _form(self, request: HttpRequest) -> "ModelForm[Wording]":
        """Empty for a GET, which no form of this admin saves."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form_class = self.get_form(request)
        if request.method == "POST":
            form = form_class(request.POST)
        else:
            form = form_class(initial=self.get_changeform_initial_data(request))
        without_links(cast("ModelChoiceField[Study]", form.fields["study"]))
        form.fields["body"].help_text = wording_look.variables_of_each_kind()
        return form

    def _saved(
        self, request: HttpRequest, form: "ModelForm[Wording]", version: int
    ) -> HttpResponse:
        now = timezone.now()
        try:
            written = write_wording(wording=form.instance, version=version, now=now)
        except WrittenMeanwhile as other:
            look = wording_look.at(form.instance, now=now, other=other.newest)
            return self._page(request, form, look)
        if written is form.instance:
            self.log_addition(request, written, [{"added": {}}])
        messages.success(request, _("%s is saved, and is used from now on.") % written)
        return redirect("admin:scheduling_wording_changelist")

    def _page(
        self, request: HttpRequest, form: "ModelForm[Wording]", look: Look | None = None
    ) -> HttpResponse:
        fieldsets = [(None, {"fields": _FIELDS})]
        shown = helpers.AdminForm(form, fieldsets, {}, (), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": _("New words for a mail"),
            "adminform": shown,
            "errors": helpers.AdminErrorList(form, []),
            "media": self.media + shown.media,
            "inline_admin_formsets": [],
            "look": look,
            "begun_from": request.GET.get("from"),
        }
        response = self.render_change_form(request, context, add=True)
        return for_editors(response, context["media"])
