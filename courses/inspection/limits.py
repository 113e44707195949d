"""How large a file may be. The proxy in front lets in a little more: deploy/nginx/site.conf."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

_MB = 1024 * 1024
VIDEO = 2048 * _MB
AUDIO = 300 * _MB
PICTURE = 10 * _MB
CAPTIONS = 1 * _MB
MEDIA_LIMIT = {
    **dict.fromkeys((".mp4", ".webm"), VIDEO),
    **dict.fromkeys((".m4a", ".mp3", ".ogg"), AUDIO),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp"), PICTURE),
    ".vtt": CAPTIONS,
}


def too_large(suffix: str) -> str:
    """What is said of a larger file; for `suffix` as in MEDIA_LIMIT."""
    limit = MEDIA_LIMIT[suffix]
    advice = {
        VIDEO: _("Export the film with a smaller picture: 720 lines are enough."),
        AUDIO: _("Export the sound as M4A with 128 kilobits a second."),
        PICTURE: _("Save the picture smaller: 1280 pixels wide are enough."),
        CAPTIONS: _("Choose the captions as WebVTT; an hour of words needs a tenth of that."),
    }
    said = _("This file is larger than %(limit)s. %(advice)s")
    return said % {"limit": filesizeformat(limit), "advice": advice[limit]}
