"""The words of the mails. A change is a new version; nothing here can be altered or removed."""

from typing import Any

from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone

from scheduling.models import Wording


@admin.register(Wording)
class WordingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["study", "kind", "version", "subject", "created_at"]
    list_filter = ["study", "kind"]
    fields = ["study", "kind", "subject", "heading", "body", "button"]

    def has_change_permission(self, request: HttpRequest, obj: Wording | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Wording | None = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Wording,
        form: Any,
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        before = Wording.objects.filter(study=obj.study, kind=obj.kind)
        newest: Any = before.aggregate(newest=Max("version"))["newest"]
        obj.version = (newest or 0) + 1
        obj.created_at = timezone.now()
        obj.save()
