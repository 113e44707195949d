"""What publishing a document means, in sentences for the page that asks first."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studies.models import Document

KEPT = gettext_lazy(
    "This version is published. It cannot be changed or deleted, because people may have read it "
    "or agreed to it. To change something, make a new version in the list of documents."
)


def words(document: Document) -> dict[str, Any]:
    """Title, button and sentences: what freezes, who is given it, and who must agree anew."""
    return {
        "title": _("Publish %s") % document,
        "button": _("Yes, publish version %d") % document.version,
        "sentences": [
            *(_statement(text) for text in document.statements.values_list("text", flat=True)),
            _("Once published, this text and its statements cannot be changed or deleted."),
            *_for_people(document),
        ],
    }


def _statement(text: str) -> str:
    return _("People agree to: “%s”") % text


def _for_people(document: Document) -> list[str]:
    """Before the first version nobody can have joined, and so nobody is asked anew."""
    earlier = Document.objects.in_force(document.study, document.kind)
    if earlier is None:
        return [_("It is the first version that people see.")]
    place = _("From then on people see it in the place of version %d, which is kept.")
    return [place % earlier.version, _agreement(document)]


def _agreement(document: Document) -> str:
    if not document.is_agreed_to:
        return _("Nobody is asked to agree anew.")
    if document.requires_new_consent:
        return _(
            "Everybody who has joined must agree anew: they are asked when they next come. "
            "Until they agree, their weeks stay open and nothing is recorded of them."
        )
    return _(
        "Those who have joined are not asked again. If they must be, go back and tick "
        "“People must agree anew” first."
    )
