"""What an editor may write into a draft."""

from courses.forms.companions import CompanionForm
from courses.forms.materials import MaterialForm, MaterialRowForm
from courses.forms.modules import ModuleForm, ModuleRowForm
from courses.forms.short_names import CourseForm

__all__ = [
    "CompanionForm",
    "CourseForm",
    "MaterialForm",
    "MaterialRowForm",
    "ModuleForm",
    "ModuleRowForm",
]
