"""What is wrong with a course folder, gathered so that one run names everything."""

from pathlib import Path

from django.utils.translation import gettext as _


class CourseFolderError(Exception):
    """`sentences` name the file, the line where there is one, and what to do."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


class Problems:
    """The sentences so far, for files below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sentences: list[str] = []

    def add(self, path: Path, line: int | None, sentence: str) -> None:
        name = path.relative_to(self.folder).as_posix()
        where = _("%(file)s, line %(line)d") % {"file": name, "line": line} if line else name
        self.sentences.append(f"{where}: {sentence}")

    def raise_any(self) -> None:
        """Raises CourseFolderError if anything was wrong."""
        if self.sentences:
            raise CourseFolderError(self.sentences)
