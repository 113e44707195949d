"""Lists of people, as files."""

from tests.factories.studies import RESEARCH_STATEMENTS


def csv(*lines: str, header: str = "email") -> bytes:
    return "".join(f"{line}\n" for line in (header, *lines)).encode()


STATEMENTS = ",".join(f"consent_{key}" for key in RESEARCH_STATEMENTS)
ELSEWHERE = f"email,consented_on,document_version,consent_taken_by,{STATEMENTS}"


def agreed(address: str, answers: str = "yes,yes,yes,yes,no", *, day: str = "2026-01-02") -> str:
    """A line below ELSEWHERE."""
    return f"{address},{day},1,Jo Smith,{answers}"
