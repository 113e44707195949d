"""Each mail that people are sent, byte by byte, as a mail server took it.

Parsing forgives much, so what mail programs and relays stumble over is looked for in the bytes.
"""

import re
import socket
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from django.test import Client

from scheduling import links
from scheduling.models import Prompt, Rhythm, Wording
from studies.models import Study
from tests.factories.scheduling import MONDAY, WordingFactory, enrolled
from tests.scheduling import wire
from tests.scheduling.lives import at, row, tick, told
from tests.services.beginnings import beginning
from tests.services.smtp import Received, SmtpSink

pytestmark = pytest.mark.django_db

Mails = dict[str, Received]
OF_EACH = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
OF_STOPPABLE = {"List-Unsubscribe", "List-Unsubscribe-Post"}


@pytest.fixture
def prompts(mail_over_smtp: SmtpSink) -> Mails:
    return beginning(wire.prompts_over, mail_over_smtp)


@pytest.fixture
def codes(mail_over_smtp: SmtpSink) -> Mails:
    return wire.codes_over(mail_over_smtp)


@pytest.fixture
def mails(prompts: Mails, codes: Mails) -> Mails:
    return prompts | codes


def header_block(mail: Received) -> bytes:
    return mail.data.split(b"\r\n\r\n", 1)[0]


def raw(mail: Received, header: str) -> str:
    """The header's own text, on one line."""
    found = re.search(
        rf"^{header}: ([^\r\n]*(?:\r\n [^\r\n]*)*)", header_block(mail).decode(), re.MULTILINE
    )
    assert found is not None
    return found[1].replace("\r\n", "")


def decoded(text: str) -> str:
    """By the older of Python's two decoders: the newer one sets spaces into long names."""
    return str(make_header(decode_header(text)))


def test_nothing_that_is_mailed_is_left_out(mails: Mails) -> None:
    assert set(mails) == {*wire.PROMPTS, *wire.CODES}


def test_a_mail_has_its_headers_once_each_and_no_others(mails: Mails) -> None:
    """No Bcc, no X-Mailer, nothing that counts or sorts people."""
    for name, mail in mails.items():
        wanted = set(OF_EACH)
        wanted |= {"Reply-To"} if name in wire.PROMPTS else set()
        wanted |= OF_STOPPABLE if name in wire.LINKED else set()
        assert sorted(mail.message.keys()) == sorted(wanted), name


def test_who_writes_to_whom_is_the_same_inside_and_on_the_envelope(mails: Mails) -> None:
    for name, mail in mails.items():
        assert parseaddr(mail.message["From"])[1] == mail.mail_from == "sessions@testserver"
        assert [mail.message["To"]] == mail.rcpt_tos
        assert mail.message["Auto-Submitted"] == "auto-generated"
        if name in wire.PROMPTS:
            assert mail.message["From"] == "Weekly session <sessions@testserver>"
            assert mail.message["Reply-To"] == "study@example.org"


def test_the_date_is_when_it_was_sent(prompts: Mails) -> None:
    for mail in prompts.values():
        sent = Prompt.objects.get(message_id=mail.message["Message-ID"])
        assert mail.message["Date"].datetime == sent.sent_at


def test_a_message_id_is_random_and_names_our_domain_alone(mails: Mails) -> None:
    identities = [mail.message["Message-ID"] for mail in mails.values()]
    assert len(set(identities)) == len(mails)
    for identity in identities:
        assert re.fullmatch(r"<[0-9a-f]{32}@testserver>", identity)
    assert not any(socket.getfqdn().encode() in mail.data for mail in mails.values())


def test_a_message_id_stays_over_attempts(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    mail_over_smtp.answer("DOT", "451 4.3.0 Try again", times=1)
    tick(MONDAY)
    welcome = row(ann, "welcome")
    first = welcome.message_id
    assert (told(welcome), welcome.attempts, bool(first)) == ("planned busy", 1, True)
    tick(at("2026-01-05 10:00"))
    assert (told(welcome), welcome.message_id) == ("sent", first)
    assert [mail.message["Message-ID"] for mail in mail_over_smtp.received] == [first]


def test_every_line_is_short_ends_in_crlf_and_has_seven_bits(mails: Mails) -> None:
    for name, mail in mails.items():
        assert mail.data.isascii(), name
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", mail.data), name
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", mail.data), name
        lines = mail.data.split(b"\r\n")
        assert max(map(len, lines)) <= 998
        head, body = mail.data.split(b"\r\n\r\n", 1)
        assert max(map(len, body.split(b"\r\n"))) <= 76, name
        too_long = [line for line in head.split(b"\r\n") if len(line) > 78]
        assert all(line.startswith(b"List-Unsubscribe: <http") for line in too_long), name


def test_a_mail_is_two_parts_the_plain_one_first_and_nothing_attached(mails: Mails) -> None:
    for mail in mails.values():
        assert mail.message.get_content_type() == "multipart/alternative"
        parts = list(mail.message.iter_parts())
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
        for part in parts:
            assert part.get_content_charset() == "utf-8"
            assert part["Content-Transfer-Encoding"] == "quoted-printable"
            assert part["Content-Disposition"] is None
        assert not mail.message.defects
        assert not any(part.defects for part in parts)


def test_what_machines_read_is_never_encoded_for_people(mails: Mails) -> None:
    """An encoded word is undone in a name or subject; a mail program cannot press one."""
    for name, mail in mails.items():
        for line in header_block(mail).replace(b"\r\n ", b" ").split(b"\r\n"):
            if line.partition(b":")[0] not in {b"From", b"Subject"}:
                assert b"=?" not in line, name


def test_one_click_has_the_form_that_mail_programs_look_for(prompts: Mails) -> None:
    for name in wire.LINKED:
        head = header_block(prompts[name])
        address = re.search(rb"^List-Unsubscribe: <(\S+)>\r$", head, flags=re.MULTILINE)
        assert address is not None
        assert address[1].decode() in prompts[name].text()
        assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head


def test_both_parts_lead_to_the_same_places_and_all_are_ours(mails: Mails) -> None:
    for name, mail in mails.items():
        hrefs = set(wire.page_of(mail).hrefs)
        assert hrefs == wire.in_text(mail), name
        assert all(each.startswith("http://testserver/") for each in hrefs), name
        everywhere = re.findall(r"[a-z]+://[^/\s]*/?", mail.text() + mail.text("html"))
        assert set(everywhere) == {"http://testserver/"}, name


def test_one_button_leads_into_the_weeks_where_there_is_one(mails: Mails) -> None:
    for name, mail in mails.items():
        mine = []
        if name in wire.LINKED:
            mine = [links.go_url(Prompt.objects.get(message_id=mail.message["Message-ID"]))]
        assert wire.page_of(mail).buttons == mine, name
        assert {each for each in wire.in_text(mail) if "/go/" in each} == set(mine)


def test_both_parts_say_the_same(mails: Mails) -> None:
    for name, mail in mails.items():
        page = wire.page_of(mail).words
        heading, *paragraphs = mail.text().strip().split("\n\n")
        assert wire.flat(heading) in page, name
        sentences = [
            sentence
            for paragraph in paragraphs
            if "http://" not in paragraph
            for sentence in re.split(r"(?<=[.!?]) ", wire.flat(paragraph))
            if sentence.endswith((".", "!", "?"))
        ]
        assert len(sentences) >= 2, name
        assert [each for each in sentences if each not in page] == [], name


def test_the_html_part_is_words_alone_and_light(mails: Mails) -> None:
    """No picture, pixel, script, form, remote font or sheet: opening it tells nobody."""
    tags = {"html", "head", "meta", "title", "style", "body", "div", "p", "h1", "br", "a", "strong"}
    attributes = {"lang", "charset", "name", "content", "style", "class", "role", "href"}
    for name, mail in mails.items():
        page, html = wire.page_of(mail), mail.text("html")
        assert page.tags <= tags, name
        assert page.attributes <= attributes, name
        assert not re.search(r"url\(|@import|@font-face|expression|\bon\w+=|<!--", html), name
        assert len(html.encode()) < 8_000, name
        assert len(mail.data) < 12_000, name


def test_the_plain_part_reads_well_on_its_own(mails: Mails) -> None:
    for name, mail in mails.items():
        text = mail.text()
        assert not re.search(r"[{}<>\t]|&#?\w+;|\*\*|\]\(|\n{4,}", text), name
        for line in text.splitlines():
            assert line == line.rstrip(), name
            assert len(line) <= 70 or re.fullmatch(r"http://testserver/\S+", line), line


def test_no_header_says_what_it_is_about_or_who_takes_part(mails: Mails) -> None:
    telling = r"compassion|research|trial|mental|therap|kinder|health|training|demo person"
    for name, mail in mails.items():
        shown = " ".join(f"{key}: {value}" for key, value in mail.message.items())
        assert not re.search(telling, shown, flags=re.IGNORECASE), name
        assert mail.message["To"].addresses[0].display_name == ""


def test_no_mail_but_the_agreements_copy_says_the_studys_name_or_who_signed(
    mails: Mails,
) -> None:
    for name, mail in mails.items():
        words = wire.flat(mail.text()) + wire.page_of(mail).words
        assert (wire.PUBLIC_NAME in words) == (name == "consent_copy"), name
        assert ("Demo Person" in words) == (name == "consent_copy"), name


@pytest.mark.parametrize(
    "name",
    [
        "Wöchentliche “Sitzung”, für alle, die dabei sein möchten 週に一度",
        "Ünder öne " * 7 + "the end",
        "One plain name, then a second, and a third; and a fourth, beyond a line's end",
        'With "marks", <brackets>; and @ commas',
    ],
)
def test_a_long_name_in_any_letters_is_read_back_whole(mail_over_smtp: SmtpSink, name: str) -> None:
    enrolled()
    Study.objects.update(neutral_name=name)
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    shown, address = parseaddr(raw(mail, "From"))
    assert (decoded(shown), address) == (name.strip(), "sessions@testserver")
    assert decoded(raw(mail, "Subject")) == f"Your dates for {name}".strip()
    words = re.findall(rb"=\?\S+\?=", header_block(mail))
    assert all(len(word) <= 75 for word in words)  # RFC 2047, 2


@pytest.mark.parametrize("field", ["neutral_name", "public_name", "institution"])
def test_no_name_can_begin_another_header_or_part(mail_over_smtp: SmtpSink, field: str) -> None:
    ann = enrolled()
    evil = "A\r\nBcc: all@example.org\r\n\r\n--x\r\n.\r\nB"
    Study.objects.update(**{field: evil})
    WordingFactory(study=ann.study, kind="welcome", version=2, subject="{study}", body="{study}")
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    assert mail.rcpt_tos == [ann.user.email]
    assert mail.message["Bcc"] is None
    assert set(mail.message.keys()) == OF_EACH | OF_STOPPABLE | {"Reply-To"}
    assert len(list(mail.message.iter_parts())) == 2


def test_lines_that_begin_with_a_dot_arrive_whole(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    Study.objects.update(neutral_name=".\n..two\n.")
    WordingFactory(study=ann.study, kind="welcome", version=2, body="{study}\n\n.end and {study}")
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    assert ".\n..two\n.\n\n.end and .\n..two\n.\n" in mail.text()
    assert ".<br>..two<br>.</p>" in mail.text("html")
    assert told(row(ann, "welcome")) == "sent"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\r"])
def test_no_line_end_in_a_name_reaches_the_wire_as_half_of_one(
    mail_over_smtp: SmtpSink, end: str
) -> None:
    """A server that takes a lone CR or LF for a line end would see the mail end at the dot."""
    ann = enrolled()
    Study.objects.update(
        institution=f"A{end}.{end}MAIL FROM:<b@example.org>{end}", neutral_name=f"B{end}.{end}C"
    )
    WordingFactory(study=ann.study, kind="welcome", version=2, subject="{study}", body="{study}")
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", mail.data)


@pytest.mark.parametrize("https", [False, True])
@pytest.mark.parametrize("multipart", [False, True])
def test_one_post_stops_the_mail_without_cookie_or_token(
    prompts: Mails, https: bool, multipart: bool
) -> None:
    """RFC 8058, 3.2: either form of a POST, no cookies, no redirect."""
    address = prompts["session 1"].message["List-Unsubscribe"].strip("<>")
    program = Client(enforce_csrf_checks=True)
    if multipart:
        response = program.post(address, {"List-Unsubscribe": "One-Click"}, secure=https)
    else:
        response = program.post(
            address,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
            secure=https,
        )
    assert response.status_code == 200
    assert not response.cookies
    stopped = Rhythm.objects.filter(mail_off_since__isnull=False)
    assert [each.enrolment.user.email for each in stopped] == ["ann@example.org"]


def test_a_scanner_that_fetches_every_link_changes_nothing_and_gets_in_nowhere(
    mails: Mails,
) -> None:
    addresses = sorted(set().union(*map(wire.in_text, mails.values())))
    assert len(addresses) > 12
    before = wire.everything()
    scanner = Client()
    for address in addresses:
        for _scan in range(10):
            for fetch in (scanner.get, scanner.head):
                assert fetch(address).status_code in {200, 302, 410}, address
    assert wire.everything() == before
    assert set(scanner.cookies) <= {"csrftoken"}
    assert scanner.get("/home/")["Location"].startswith("/accounts/login/")


def test_the_default_words_are_what_these_mails_say(prompts: Mails) -> None:
    sent = Prompt.objects.filter(state="sent").values_list("wording__version", flat=True)
    assert {*sent} == {1}
    assert Wording.objects.filter(version__gt=1).count() == 0
