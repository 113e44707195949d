"""What an editor may write into a draft."""

from courses.forms.companions import CompanionForm
from courses.forms.materials import MaterialForm, MaterialRowForm
from courses.forms.modules import ModuleForm, ModuleRowForm

__all__ = ["CompanionForm", "MaterialForm", "MaterialRowForm", "ModuleForm", "ModuleRowForm"]
