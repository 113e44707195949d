"""The mail as it comes off the wire."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError

from participants.inviting import Invitee
from participants.models import ConsentAnswer
from scheduling import links, rendering, services
from scheduling.decisions import Note
from scheduling.models import Kind, Prompt, Wording
from scheduling.values import Editions
from scheduling.variables import ALLOWED
from scheduling.wordings import default_words
from studies.models import Study
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import MONDAY, WordingFactory, enrolled
from tests.factories.studies import ServiceFactory
from tests.scheduling.lives import DAY, at, live, row, tick
from tests.services.beginnings import beginning
from tests.services.smtp import Received, SmtpSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_kinds(mail_over_smtp: SmtpSink) -> dict[str, Received]:
    return beginning(all_kinds_over, mail_over_smtp)


def all_kinds_over(sink: SmtpSink) -> dict[str, Received]:
    """One of each kind: from a person who opened nothing, from one who left at once, and from two
    who did not come by themselves.
    """
    ann = enrolled()
    services.invite(
        study=ann.study, invitees=[Invitee(address="eve@example.org")], by=None, now=MONDAY
    )
    services.write_now(enrolment=EnrolmentFactory(study=ann.study), kind=Kind.ELSEWHERE, now=MONDAY)
    services.write_now(enrolment=ann, kind=Kind.CONSENT_COPY, now=MONDAY)
    live(MONDAY, at("2026-02-06 21:00"), every=DAY)
    bob = enrolled(study=ann.study, now=at("2026-02-07 09:00"))
    services.leave(enrolment=bob, level="everything", reason="", now=at("2026-02-07 09:00"))
    tick(at("2026-02-07 09:00"))
    by_id = dict(Prompt.objects.filter(state="sent").values_list("message_id", "kind"))
    return {by_id[each.message["Message-ID"]]: each for each in sink.received}


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in {"href", "src"}]


def addresses(html: str) -> list[str]:
    parser = _Addresses()
    parser.feed(html)
    return parser.found


def test_every_kind_comes_in_two_parts_with_the_headers_it_needs(all_kinds) -> None:
    assert set(all_kinds) == set(Kind.values)
    for mail in all_kinds.values():
        message = mail.message
        assert message.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in message.iter_parts()] == [
            "text/plain",
            "text/html",
        ]
        assert message["From"] == "Weekly session <sessions@testserver>"
        assert message["Reply-To"] == "study@example.org"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Date"].datetime.tzinfo is not None
        assert mail.mail_from == "sessions@testserver"


def test_no_subject_speaks_of_what_it_is_about(all_kinds) -> None:
    assert {kind: mail.message["Subject"] for kind, mail in all_kinds.items()} == {
        "welcome": "Your dates for Weekly session",
        "consent_copy": "Your copy of what you agreed",
        "session": "Your Thursday session",
        "nudge": "Your session is here when you are",
        "farewell": "Thank you, and what stays open",
        "withdrawal": "You have left Weekly session",
        "invitation": "An invitation: Weekly session",
        "reminder": "Your invitation: Weekly session",
        "elsewhere": "Welcome to Weekly session: choose your day",
    }


def test_no_mail_fetches_anything_or_leads_elsewhere(all_kinds) -> None:
    for mail in all_kinds.values():
        html = mail.text("html")
        assert all(each.startswith("http://testserver/") for each in addresses(html))
        assert not re.search(r"<(img|script|link|iframe)\b|url\(|@import", html)


@pytest.mark.parametrize("kind", ["welcome", "session", "nudge", "farewell", "elsewhere"])
def test_a_mail_has_one_link_of_its_own_in_both_parts(all_kinds, kind: str) -> None:
    mail = all_kinds[kind]
    prompt = Prompt.objects.get(message_id=mail.message["Message-ID"])
    mine = links.go_url(prompt)
    assert re.findall(r"http://testserver/go/\S+", mail.text()) == [mine]
    assert {each for each in addresses(mail.text("html")) if "/go/" in each} == {mine}


@pytest.mark.parametrize("kind", ["welcome", "session", "nudge", "farewell"])
def test_one_click_stops_the_mail(all_kinds, kind: str) -> None:
    message = all_kinds[kind].message
    prompt = Prompt.objects.get(message_id=message["Message-ID"])
    assert message["List-Unsubscribe"] == f"<{links.stop_url(prompt.enrolment)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert links.stop_url(prompt.enrolment) in all_kinds[kind].text()


@pytest.mark.parametrize("kind", ["consent_copy", "withdrawal", "elsewhere"])
def test_what_cannot_be_stopped_offers_no_stopping(all_kinds, kind: str) -> None:
    assert all_kinds[kind].message["List-Unsubscribe"] is None
    assert "/emails/stop/" not in all_kinds[kind].text()


def test_every_mail_says_where_help_is_and_why_it_came(all_kinds) -> None:
    others = {
        "invitation": "gave us your address, to ask whether you would like to take part in",
        "reminder": "gave us your address, to ask whether you would like to take part in",
        "elsewhere": "told us that you agreed to take part in",
    }
    for kind, mail in all_kinds.items():
        for words in (mail.text(), mail.text("html")):
            flat = " ".join(words.split())
            why = others.get(kind, "You get this email because you joined")
            assert "116 123" in flat
            assert "http://testserver/help/" in flat
            assert f"{why} “Weekly session”" in flat
            assert "Answers to this email go to the study team." in flat


def test_the_text_reads_well_on_its_own(all_kinds) -> None:
    for mail in all_kinds.values():
        text = mail.text()
        assert not re.search(r"[{}<>]|&\w+;|\*\*|\n{4,}", text)
        long_lines = [line for line in text.splitlines() if len(line) > 72]
        assert all(line.startswith("http://testserver/") for line in long_lines)


def test_the_welcome_lists_the_dates(all_kinds) -> None:
    text = " ".join(all_kinds["welcome"].text().split())
    days = ["8 January", "15 January", "22 January", "29 January"]
    assert re.findall(r"Thursday (\d+ \w+) at 7 in the evening", text) == days
    assert "These are your 4 days (UK time):" in text


def test_the_farewell_says_until_when_the_weeks_stay_open(all_kinds) -> None:
    said = " ".join(all_kinds["farewell"].text().split())
    assert "Every week stays open for you until 29 January 2027" in said


def test_the_copy_says_which_statements_had_which_answer(mail_over_smtp: SmtpSink) -> None:
    ann = EnrolmentFactory(agreed=False)
    form = ann.study.documents.get(kind="consent")
    for statement in form.statements.all():
        ConsentAnswer.objects.create(
            enrolment=ann,
            statement=statement,
            agreed=statement.required,
            answered_at=at("2026-07-01 12:00"),
        )
    services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    text = mail_over_smtp.received[0].text()
    assert f"{form.title}, version 1" in text
    assert "Answered on 1 July 2026, 13:00" in text
    answers = re.findall(r"I agree to “(\w+)”\.\n(Yes|No)", text)
    assert answers == [
        ("read", "Yes"),
        ("free", "Yes"),
        ("watch", "Yes"),
        ("data", "Yes"),
        ("interview", "No"),
    ]


def test_who_agreed_elsewhere_reads_what_was_written_down(mail_over_smtp: SmtpSink) -> None:
    ann = EnrolmentFactory(agreed=False)
    for statement in ann.study.documents.get(kind="consent").statements.all():
        ConsentAnswer.objects.create(
            enrolment=ann,
            statement=statement,
            agreed=statement.required,
            answered_at=at("2026-07-01 11:00"),
            method=ConsentAnswer.Method.ELSEWHERE,
            recorded_by=UserFactory(),
            taken_by="A colleague",
        )
    services.write_now(enrolment=ann, kind="elsewhere", now=MONDAY)
    tick(MONDAY)
    text = mail_over_smtp.received[0].text()
    assert "You agreed on 1 July 2026 to take part" in " ".join(text.split())
    assert "Answered on 1 July 2026\n" in text
    assert "I agree to “interview”.\nNo" in text
    assert "A colleague" not in text


def test_a_service_copies_the_privacy_notice(mail_over_smtp: SmtpSink) -> None:
    ann = EnrolmentFactory(study=ServiceFactory())
    services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    text = mail_over_smtp.received[0].text()
    assert "I agree to “privacy”.\nYes" in text
    assert "Signed" not in text
    assert "go to the course team" in " ".join(text.split())


def test_a_name_cannot_add_a_header(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    Study.objects.update(neutral_name="Weekly\r\nBcc: everyone@example.org")
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    assert mail.rcpt_tos == [ann.user.email]
    assert mail.message["Bcc"] is None
    assert mail.message["Subject"] == "Your dates for Weekly Bcc: everyone@example.org"


def test_what_a_name_holds_is_never_read_as_html_or_markdown(mail_over_smtp: SmtpSink) -> None:
    enrolled()
    Study.objects.update(neutral_name="*A* <b>{week}</b>")
    WordingFactory(study=Study.objects.get(), kind="welcome", version=2, body="In {study}, **yes**")
    tick(MONDAY)
    html = mail_over_smtp.received[0].text("html")
    assert "In *A* &lt;b&gt;{week}&lt;/b&gt;, <strong>yes</strong>" in html


def test_a_new_wording_goes_out_from_then_on(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    tick(MONDAY)
    newer = WordingFactory(study=ann.study, kind="session", version=2, subject="{weekday}!")
    tick(at("2026-01-08 19:00"))
    assert mail_over_smtp.received[1].message["Subject"] == "Thursday!"
    assert row(ann, "session", 1).wording == newer


def test_sent_again_is_a_copy_and_history_stays(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    live(MONDAY, at("2026-01-08 21:00"))
    first = row(ann, "session", 1)
    later = at("2026-04-01 09:00")
    copy = services.send_again(prompt=first, now=later)
    tick(later)
    copy.refresh_from_db()
    assert (copy.copy, copy.state) == (1, "sent")
    assert copy.message_id != first.message_id
    newest = mail_over_smtp.to(ann.user.email)[-1]
    assert newest.message["Subject"] == "Your Thursday session"
    assert links.go_url(copy) in newest.text()
    assert links.read(links.token_for(copy), now=later + timedelta(days=59)).prompt == copy


@pytest.mark.parametrize("kind", Kind.values)
def test_the_default_words_pass_the_check_that_new_ones_must(kind: str) -> None:
    wording = Wording(kind=kind, **default_words(kind))
    wording.clean()
    assert set(ALLOWED) == set(Kind.values)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("subject", "Hello {name}", "There is no {name} here."),
        ("body", "A lone { brace", "stands alone"),
        ("body", "{study.contact_email}", "There is no {study.contact_email} here."),
        ("body", "{week!r}", "Write {week} with nothing but its name"),
        ("button", "{}", "There is no {} here."),
    ],
)
def test_a_variable_that_does_not_exist_is_refused_when_saved(
    field: str, text: str, said: str
) -> None:
    wording = Wording(kind="session", **{**default_words("session"), field: text})
    with pytest.raises(ValidationError) as refused:
        wording.clean()
    assert set(refused.value.message_dict) == {field}
    assert said in refused.value.message_dict[field][0]


def test_links_and_lists_in_a_wording_reach_both_parts(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    body = "See [our page](http://testserver/privacy/).\n\n- one\n- *two*\n\nEnd<br>."
    WordingFactory(study=ann.study, kind="welcome", version=2, body=body)
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    assert "See our page: http://testserver/privacy/." in mail.text()
    assert "- one\n\n- two" in mail.text()
    assert '<a href="http://testserver/privacy/" class="link"' in mail.text("html")
    assert "End&lt;br&gt;." in mail.text("html")


def test_a_domain_with_letters_beyond_ascii_goes_in_its_ascii_form(
    mail_over_smtp: SmtpSink,
) -> None:
    ann = enrolled(user__email="ann@bücher.example")
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    assert mail.rcpt_tos == ["ann@xn--bcher-kva.example"]
    assert mail.message["To"] == "ann@xn--bcher-kva.example"
    assert ann.user.email == "ann@bücher.example"


@pytest.mark.parametrize("kind", ["welcome", "session", "nudge", "farewell"])
@pytest.mark.parametrize("notes", [[], list(Note)])
def test_what_is_kept_for_many_says_the_same_as_what_is_written_for_one(
    monkeypatch: pytest.MonkeyPatch, kind: str, notes: list[Note]
) -> None:
    ann = enrolled()
    bob = enrolled(study=ann.study)
    wording = Wording.objects.in_use(ann.study.pk, kind)
    for each in (ann, bob):
        prompt = each.prompts.filter(kind=kind).first()
        kept = rendering.words_for(prompt, wording, frozenset(notes), Editions())
        with monkeypatch.context() as patch:
            # Written at once with this person's links, and nothing put in later.
            patch.setattr(rendering, "_GO", links.token_for(prompt))
            patch.setattr(rendering, "_STOP", links.stop_token_for(each))
            patch.setattr(rendering, "_made_once", lambda alike: rendering._made(alike, None))
            assert kept == rendering.words_for(prompt, wording, frozenset(notes), Editions())
        assert links.go_url(prompt) in kept.text
        assert links.stop_url(each) in kept.html


def test_two_people_with_the_same_day_never_see_each_others_links(mail_over_smtp: SmtpSink) -> None:
    people = [enrolled() for _each in range(3)]
    tick(MONDAY)
    tick(at("2026-01-08 19:00"))
    for person in people:
        mine = {f"/go/{links.token_for(each)}/" for each in person.prompts.all()}
        for mail in mail_over_smtp.to(person.user.email):
            found = set(re.findall(r"/go/[^/]+/", mail.text() + mail.text("html")))
            assert len(found) == 1
            assert found <= mine


def test_an_edition_that_is_no_longer_a_draft_is_read_once(django_assert_num_queries) -> None:
    published, draft = published_edition(), draft_edition()
    editions = Editions()
    assert editions.weeks_of(published.pk)[1].title == "The idea of week 1"
    with django_assert_num_queries(0):
        editions.weeks_of(published.pk)
    assert editions.weeks_of(draft.pk)[2].title == "The idea of week 2"
    draft.modules.filter(week=2).update(title="Anew")
    assert editions.weeks_of(draft.pk)[2].title == "Anew"
