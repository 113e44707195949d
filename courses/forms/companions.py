"""What an editor may write beside the weeks."""

from courses.forms.rich_text import RichTextarea, RichTextField
from courses.forms.row import RowForm
from courses.models import Companion


class CompanionForm(RowForm):
    class Meta:
        model = Companion
        fields = ("kind", "title", "body")
        field_classes = {"body": RichTextField}
        widgets = {"body": RichTextarea()}
