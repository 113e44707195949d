import logging

import pytest

from training_platform.masking import MaskTokens, masked


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /go/eyJwIjo3fQ:1abc:sig/ 200", "GET /go/***/ 200"),
        ("POST /emails/stop/abc.def-ghi/", "POST /emails/stop/***/"),
        (
            '"Referer: https://a.example/go/abc/again/"',
            '"Referer: https://a.example/go/***/again/"',
        ),
        ("GET /week/1/ 200", "GET /week/1/ 200"),
    ],
)
def test_masked_hides_tokens_and_nothing_else(line, kept):
    assert masked(line) == kept


def test_log_record_with_a_token_among_its_arguments_is_masked():
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s", ("/go/secret/",), None
    )

    assert MaskTokens().filter(record)
    assert record.getMessage() == "Not Found: /go/***/"
