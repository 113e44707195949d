"""Where editors change a course: one module for each kind of row."""

from courses.admin.courses import CourseAdmin
from courses.admin.editions import EditionAdmin
from courses.admin.materials import MaterialAdmin
from courses.admin.modules import ModuleAdmin

__all__ = ["CourseAdmin", "EditionAdmin", "MaterialAdmin", "ModuleAdmin"]
