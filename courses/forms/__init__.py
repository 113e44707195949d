"""What an editor may write into a draft."""

from courses.forms.companions import CompanionForm
from courses.forms.materials import MaterialForm
from courses.forms.modules import ModuleForm

__all__ = ["CompanionForm", "MaterialForm", "ModuleForm"]
