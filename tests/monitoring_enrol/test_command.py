"""`manage.py enrol STUDY FILE.csv`: everybody, or a sentence and nobody."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from monitoring.management.commands.enrol import Bar
from monitoring.models import StaffAction
from participants.models import ConsentAnswer, Enrolment
from studies.models import Study
from tests.factories.participants import UserFactory, invited
from tests.factories.studies import StudyFactory
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv

pytestmark = pytest.mark.django_db

Run = Callable[..., str]


@pytest.fixture
def run(study: Study, tmp_path: Path) -> Run:
    """What it says on stdout; `content` is the file's."""

    def run(content: bytes, *options: str, study: str = "calm", **streams: Any) -> str:
        file, out = tmp_path / "people.csv", io.StringIO()
        file.write_bytes(content)
        call_command("enrol", study, str(file), *options, stdout=out, **streams)
        return out.getvalue()

    return run


def test_everybody_in_the_file_is_invited(run: Run) -> None:
    assert run(csv("ann@example.org", "bob@example.org")) == "Invited: 2. Enrolled: 0.\n"
    assert set(Enrolment.objects.values_list("user__email", "status")) == {
        ("ann@example.org", "invited"),
        ("bob@example.org", "invited"),
    }
    action = StaffAction.objects.get()
    assert (action.kind, action.by, action.details["people"]) == ("invite", None, 2)


def test_who_answers_for_it_is_kept(run: Run, study: Study) -> None:
    by = UserFactory(researcher_of=study, researcher_of__manages=True)
    run(csv("ann@example.org"), "--by", by.email.upper())
    assert StaffAction.objects.get().by == by
    assert Enrolment.objects.get().invitation.invited_by == by


def test_dry_run_looks_at_all_of_it_and_saves_nothing(run: Run) -> None:
    assert run(csv("ann@example.org"), "--dry-run") == (
        "Every line is right. Nothing was saved.\nTo invite: 1. To enrol: 0.\n"
    )
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_every_fault_is_told_by_line_and_nothing_is_saved(
    run: Run, study: Study, options: list[str]
) -> None:
    invited(study=study, user__email="bob@example.org")
    said = io.StringIO()
    content = csv("ann", "bob@example.org", "carol@example.org", "carol@example.org")
    with pytest.raises(CommandError, match=r"Nothing was saved. Put right what is said above."):
        run(content, *options, stderr=said)
    assert said.getvalue().splitlines() == [
        "Line 2 (email): Check the address. It looks like name@example.org.",
        "Line 3 (email): This person has been invited already.",
        "Line 5 (email): The same person as in line 4.",
    ]
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--by", "nobody@example.org"], "nobody@example.org does not manage this study."),
        (["--by", "reader@example.org"], "reader@example.org does not manage this study."),
        (["--by", "other@example.org"], "other@example.org does not manage this study."),
        (["--by", "former@example.org"], "former@example.org does not manage this study."),
    ],
)
def test_who_does_not_manage_the_study_answers_for_nothing(
    run: Run, study: Study, options: list[str], sentence: str
) -> None:
    UserFactory(email="reader@example.org", researcher_of=study)
    UserFactory(
        email="other@example.org", researcher_of=StudyFactory(), researcher_of__manages=True
    )
    UserFactory(email="former@example.org", superuser=True, is_active=False)
    with pytest.raises(CommandError, match=sentence):
        run(csv("ann@example.org"), *options)
    assert not Enrolment.objects.exists()


def test_study_that_is_not_there_is_said_with_those_that_are(run: Run) -> None:
    with pytest.raises(CommandError, match=r"There is no study “loud”. There are: calm."):
        run(csv("ann@example.org"), study="loud")


@pytest.mark.parametrize(("name", "why"), [("nothing.csv", "No such file"), ("", "Is a directory")])
def test_file_that_cannot_be_read_is_said(
    study: Study, tmp_path: Path, name: str, why: str
) -> None:
    with pytest.raises(CommandError, match=f"cannot be read: {why}"):
        call_command("enrol", "calm", str(tmp_path / name))


def test_consent_taken_elsewhere_needs_who_enters_it_and_their_word(run: Run, study: Study) -> None:
    content = csv(agreed("ann@example.org"), header=ELSEWHERE)
    by = UserFactory(researcher_of=study, researcher_of__manages=True)
    assert run(content, "--dry-run").endswith("To invite: 0. To enrol: 1.\n")
    with pytest.raises(CommandError, match=r"Say with --by EMAIL who enters that."):
        run(content, "--eligibility-checked")
    with pytest.raises(CommandError, match=r"Add --eligibility-checked if this holds: Each person"):
        run(content, "--by", by.email)
    assert not Enrolment.objects.exists()

    assert run(content, "--by", by.email, "--eligibility-checked") == "Invited: 0. Enrolled: 1.\n"
    assert set(ConsentAnswer.objects.values_list("recorded_by", "method")) == {(by.pk, "elsewhere")}
    action = StaffAction.objects.get()
    assert action.kind == "enrol_elsewhere"
    assert action.why.startswith("Each person who agreed elsewhere was asked the questions")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_is_shown_how_far_it_is(run: Run) -> None:
    terminal = Terminal()
    run(csv(*(f"p{number}@example.org" for number in range(2500))), stderr=terminal)
    checked, saved = terminal.getvalue().strip().split("\n")
    assert checked.endswith(f"\r{'█' * 30} 2,500 / 2,500 checked")
    assert saved.endswith(f"\r{'█' * 30} 2,500 / 2,500 saved")


def test_elsewhere_nothing_is_said_of_how_far_it_is(run: Run) -> None:
    file = io.StringIO()
    run(csv("ann@example.org"), stderr=file)
    assert file.getvalue() == ""


def test_bar_grows_and_ends_where_everything_is_done() -> None:
    terminal = Terminal()
    bar = Bar(OutputWrapper(terminal), "checked")
    bar.EVERY = 0
    for count in (1, 2, 4):
        bar(count, 4)
    assert terminal.getvalue().split("\r")[1:] == [
        f"{'█' * 7}{'░' * 23} 1 / 4 checked",
        f"{'█' * 15}{'░' * 15} 2 / 4 checked",
        f"{'█' * 30} 4 / 4 checked\n",
    ]
