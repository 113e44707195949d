"""The sentences for files that cannot be kept."""

from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courses import webvtt


def of_type(file: Any, suffixes: tuple[str, ...]) -> Any:
    if file and PurePosixPath(file.name).suffix.lower() not in suffixes:
        types = ", ".join(suffixes) or _("nothing")
        raise ValidationError(_("This file is of the wrong type. Here it can be: %s.") % types)
    return file


def check_captions(content: bytes) -> None:
    try:
        webvtt.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValidationError(_("This is not text in UTF-8. Save it as UTF-8.")) from error
    except webvtt.CaptionsError as error:
        raise ValidationError(str(error)) from error
