"""Keeps the tokens of mailed links out of the logs, whose readers must not be able to use one."""

import logging
import re

_TOKEN = re.compile(r"(/(?:go|emails/stop)/)[^/\s\"']+")


def masked(text: str) -> str:
    return _TOKEN.sub(r"\1***", text)


class MaskTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = masked(record.getMessage())
        record.args = None
        return True
