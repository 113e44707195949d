"""What the alarm's mails say, and as what they go."""

import pytest

from scheduling import prompts, sender
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory
from tests.scheduling.alarm.steps import MINUTE, RED, WELL, go, minutes, stop, subjects
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def only(sink: SmtpSink, subject: str):
    (found,) = (each for each in sink.received if each.message["Subject"] == subject)
    return found


def test_a_study_whose_zone_is_no_more_is_told_in_utc(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    Study.objects.update(default_zone="Europe/Gone")
    stop()
    minutes(0, 30)
    assert subjects(mail_over_smtp) == [RED]
    said = "Since Mon 5 Jan, 09:00. All times here are in UTC.\n"
    assert said in mail_over_smtp.received[0].text()


def test_it_says_what_is_wrong_since_when_and_what_to_do(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    PromptFactory(enrolment__study=study, due_at=MONDAY)
    stop()
    minutes(0, 6)
    mail = only(mail_over_smtp, RED[1])
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.message.walk()] == ["text/plain"]
    assert mail.text() == (
        "Mail to the people of Four weeks is not going out as it should.\n"
        "\n"
        "Since Mon 5 Jan, 18:00. All times here are in Asia/Tokyo.\n"
        "\n"
        "What is wrong\n"
        "- The mail sender stopped on Mon 5 Jan, 18:00: AUTH 535 5.7.8.\n"
        "\n"
        "What it means for participants\n"
        "- 1 mail to them is due and has not gone.\n"
        "- Nothing is lost: what is due waits, and goes by itself once this is put right.\n"
        "- A session mail that is more than a day late says that it was us.\n"
        "- Reminders wait for two days, session mails until a day before the next session. "
        "What is too late then is not sent, and recorded as a deviation.\n"
        "- Weeks open at their time on the person’s own pages, mail or no mail.\n"
        "- Codes for signing in go through the same mail server, and may not come.\n"
        "\n"
        "What to do\n"
        "- Pass this on to whoever runs the platform.\n"
        "- See whether the mail server is up and takes us: its name, user and password stand in "
        "EMAIL_URL. The sender looks again by itself, every few minutes.\n"
        "\n"
        "Where to look\n"
        "- The staff pages: http://testserver/staff/\n"
        "- For whoever runs it: docs/running.md, under “When mail stands still”.\n"
        "\n"
        "This is said once. One more mail comes when all is well again.\n"
    )


def test_it_says_what_became_of_the_mails(study: Study, mail_over_smtp: SmtpSink) -> None:
    late = [PromptFactory(enrolment__study=study, due_at=MONDAY) for _each in range(2)]
    punctual = PromptFactory(enrolment__study=study, due_at=MONDAY + 28 * MINUTE)
    lost = PromptFactory(enrolment__study=study, due_at=MONDAY)
    unsure = PromptFactory(enrolment__study=study, due_at=MONDAY)
    elsewhere = PromptFactory(due_at=MONDAY)
    stop()
    minutes(0, 29)
    sender.resume()
    for prompt in [*late, punctual, elsewhere]:
        go(prompt, at=MONDAY + 30 * MINUTE)
    prompts.miss(lost, now=MONDAY + 30 * MINUTE)
    wording = WordingFactory(study=study, kind=unsure.kind, version=9)
    prompts.begin(unsure, wording=wording, message_id="<9@x>", now=MONDAY + 30 * MINUTE)
    prompts.unconfirmed(unsure, reason=Prompt.Reason.STUCK)
    minutes(30, 60)
    assert only(mail_over_smtp, WELL[1]).text() == (
        "Mail to the people of Four weeks goes again.\n"
        "\n"
        "Mail stood still, at least at times, from Mon 5 Jan, 18:00 to Mon 5 Jan, 18:30, "
        "Asia/Tokyo time. "
        "The mail server did not take our mail. Mail was due and was not sent.\n"
        "\n"
        "What became of the mails\n"
        "- 2 were late.\n"
        "- 1 could not go.\n"
        "- 1 may have arrived or not; it is not sent again by itself.\n"
        "\n"
        "What to do\n"
        "- Look on the staff pages for those whose mail could not go, or may not have arrived.\n"
        "\n"
        "Where to look\n"
        "- The staff pages: http://testserver/staff/\n"
    )


def test_it_says_that_nothing_came_late(study: Study, mail_over_smtp: SmtpSink) -> None:
    stop()
    minutes(0, 29)
    sender.resume()
    minutes(30, 60)
    text = only(mail_over_smtp, WELL[1]).text()
    assert "- None came late, and none is lost.\n" in text
    assert "- Nothing: all that was due has been seen to.\n" in text


def test_it_says_that_what_waits_goes_by_itself(study: Study, mail_over_smtp: SmtpSink) -> None:
    stop()
    minutes(0, 29)
    sender.resume()
    again = MONDAY + 90 * MINUTE
    PromptFactory(
        enrolment__study=study, due_at=MONDAY, attempts=1, reason="busy", next_attempt_at=again
    )
    minutes(30, 60)
    text = only(mail_over_smtp, WELL[1]).text()
    assert "- 1 waits to be tried again.\n" in text
    assert "- Nothing: what waits goes by itself.\n" in text


def test_every_server_can_carry_it(study: Study, mail_over_smtp: SmtpSink) -> None:
    Study.objects.update(neutral_name="Vier Wochen für dich", contact_email="team@exämple.ac.uk")
    stop()
    minutes(0, 5)
    (mail,) = mail_over_smtp.received
    assert (mail.mail_from, mail.rcpt_tos) == ("sessions@testserver", ["team@xn--exmple-cua.ac.uk"])
    assert mail.data.isascii()
    assert max(map(len, mail.data.split(b"\r\n"))) <= 76
    assert mail.message["Subject"] == "Mail is not going out: Vier Wochen für dich"
    assert "Mail to the people of Vier Wochen für dich is not going out" in mail.text()


def test_it_says_nothing_about_anybody(study: Study, mail_over_smtp: SmtpSink) -> None:
    late = PromptFactory(enrolment__study=study, due_at=MONDAY)
    stop()
    minutes(0, 29)
    sender.resume()
    go(late, at=MONDAY + 30 * MINUTE)
    minutes(30, 60)
    wire = b"".join(each.data for each in mail_over_smtp.received).decode()
    person = late.enrolment
    assert [word for word in (person.user.email, person.code) if word in wire] == []
