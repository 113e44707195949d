"""One week of an edition, with what there is to watch, read and do in it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from courses.admin.drafts import DraftInline, ListedAbove
from courses.admin.telling import as_read
from courses.forms import MaterialRowForm, ModuleForm
from courses.forms.rows import Positions
from courses.models import Material, Module


class MaterialInline(DraftInline, admin.TabularInline):  # type: ignore[type-arg]
    model = Material
    form = MaterialRowForm
    formset = Positions
    fields = ("position", "key", "kind", "title", "seen")
    read = ("position", "key", "kind", "title")
    show_change_link = True


@admin.register(Module)
class ModuleAdmin(ListedAbove):
    form = ModuleForm
    preview = "preview:week"
    fields = ("title", "aim", "introduction", "practice")
    read = ("title", "aim", "introduction_read", "practice_read")
    inlines = (MaterialInline,)

    @admin.display(description=gettext_lazy("introduction"))
    def introduction_read(self, module: Module) -> str:
        return as_read(module.introduction)

    @admin.display(description=gettext_lazy("what to practise"))
    def practice_read(self, module: Module) -> str:
        return "\n".join(f"{each['when']}: {each['what']}" for each in module.practice)
