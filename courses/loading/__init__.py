"""Reads a course from a folder of text and media into an edition. See content/README.md."""

from courses.loading.load import Loaded, load_course, write_new_draft
from courses.loading.problems import CourseFolderError

__all__ = ["CourseFolderError", "Loaded", "load_course", "write_new_draft"]
