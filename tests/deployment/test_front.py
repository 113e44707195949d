"""nginx before the web server: media, static files, sizes, and what the log says of it."""

import gzip
import http.client
import json
import re
import select
import socket
import ssl
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.db import connection
from django.utils import timezone

from tests.deployment.processes import Machine, wait_until
from tests.deployment.web import Answer, ask, cookie_of

TOKEN = f"17-0.{'S' * 43}"


@pytest.fixture
def person(front: Machine) -> Any:
    """In their first week."""
    from tests.factories.scheduling import enrolled

    return enrolled(now=timezone.now() - timedelta(days=10))


@pytest.fixture
def film(person: Any) -> Any:
    return person.edition.modules.get(week=1).materials.get(key="video")


def address(material: Any, what: str = "file") -> str:
    from django.urls import reverse

    return reverse("portal:media", args=[material.pk, what])


def content(material: Any) -> bytes:
    return Path(material.file.path).read_bytes()


@pytest.fixture
def cookie(person: Any) -> str:
    return cookie_of(person.user)


def test_a_film_comes_from_nginx_with_all_that_the_application_says(
    front: Machine, film: Any, cookie: str
) -> None:
    answer = ask(front, address(film), cookie=cookie)
    etag = f'"{Path(film.file.name).stem}"'

    assert (answer.status, answer.body) == (200, content(film))
    assert answer.headers["server"] == "nginx"
    assert answer.said("content-type", "etag", "accept-ranges", "cache-control", "vary") == {
        "content-type": "video/mp4",
        "etag": etag,
        "accept-ranges": "bytes",
        "cache-control": "private",
        "vary": "Cookie",
    }
    assert "last-modified" not in answer.headers
    assert "x-accel-redirect" not in answer.headers
    asked = Request(f"http://localhost:{front.ports['application']}{address(film)}")
    asked.add_header("Cookie", cookie)
    with urlopen(asked) as left_to_nginx:
        assert left_to_nginx.headers["X-Accel-Redirect"] == f"/protected/{film.file.name}"
        assert left_to_nginx.read() == b""
    page = ask(front, "/help/")
    for name in ("content-security-policy", "x-content-type-options", "x-frame-options"):
        assert answer.headers[name] == page.headers[name]
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=0-0", 0, 0), ("bytes=5-9", 5, 9), ("bytes=-7", -7, None)]
)
def test_a_part_of_a_film(
    front: Machine, film: Any, cookie: str, wanted: str, first: int, last: int | None
) -> None:
    whole = content(film)
    first = first % len(whole)
    last = len(whole) - 1 if last is None else last

    answer = ask(front, address(film), cookie=cookie, Range=wanted)

    assert (answer.status, answer.body) == (206, whole[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"


def test_a_part_beyond_the_end(front: Machine, film: Any, cookie: str) -> None:
    answer = ask(front, address(film), cookie=cookie, Range="bytes=9999999-")

    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{len(content(film))}"


def test_a_part_of_another_film_of_that_address_is_the_whole(
    front: Machine, film: Any, cookie: str
) -> None:
    etag = ask(front, address(film), "HEAD", cookie=cookie).headers["etag"]
    same = ask(front, address(film), cookie=cookie, Range="bytes=0-1", If_Range=etag)
    other = ask(front, address(film), cookie=cookie, Range="bytes=0-1", If_Range='"other"')

    assert (same.status, len(same.body)) == (206, 2)
    assert (other.status, other.body) == (200, content(film))


def test_a_film_that_the_browser_has_is_not_sent_again(
    front: Machine, film: Any, cookie: str
) -> None:
    first = ask(front, address(film), "HEAD", cookie=cookie)
    again = ask(front, address(film), cookie=cookie, If_None_Match=first.headers["etag"])

    assert (first.status, first.body) == (200, b"")
    assert first.headers["content-length"] == str(len(content(film)))
    assert (again.status, again.body) == (304, b"")


def test_a_film_is_saved_under_its_name(front: Machine, film: Any, cookie: str) -> None:
    answer = ask(front, f"{address(film)}?download", cookie=cookie)

    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.body == content(film)


def test_a_film_is_for_those_of_its_course_whose_week_is_open(
    front: Machine, film: Any, cookie: str
) -> None:
    from tests.factories.scheduling import enrolled

    stranger = ask(front, address(film))
    of_another = ask(front, address(film), cookie=cookie_of(enrolled(now=timezone.now()).user))
    coming = film.module.edition.modules.get(week=4).materials.get(key="video")

    assert (stranger.status, stranger.headers["location"].split("?")[0]) == (
        302,
        "/accounts/login/",
    )
    assert of_another.status == 404
    assert ask(front, address(coming), cookie=cookie).status == 403


@pytest.mark.parametrize("path", ["/protected/{}", "/protected/../protected/{}", "/media/{}"])
def test_nobody_asks_for_a_file_past_the_application(
    front: Machine, film: Any, cookie: str, path: str
) -> None:
    assert ask(front, path.format(film.file.name), cookie=cookie).status == 404


def test_static_files_come_compressed_and_stay_where_their_name_tells_of_their_content(
    front: Machine,
) -> None:
    manifest = json.loads((front.image / "var/static/staticfiles.json").read_text())["paths"]
    name = next(path for path in manifest.values() if path.endswith(".css"))
    plain = next(path for path in manifest if path.endswith(".css"))
    kept = ask(front, f"/static/{name}", Accept_Encoding="gzip")

    assert gzip.decompress(kept.body) == (front.image / "var/static" / name).read_bytes()
    assert kept.said("content-type", "content-encoding", "cache-control") == {
        "content-type": "text/css",
        "content-encoding": "gzip",
        "cache-control": "public, max-age=31536000, immutable",
    }
    assert ask(front, f"/static/{plain}").headers["cache-control"] == "public, max-age=60"
    assert ask(front, "/static/../manage.py").status == 404


def begin_to_send(machine: Machine, path: str, size: int) -> Answer:
    """The head of a request that announces so many bytes, and of these a few."""
    line = http.client.HTTPConnection("localhost", machine.ports["http"], timeout=20)
    try:
        line.putrequest("POST", path)
        line.putheader("Content-Length", str(size))
        line.putheader("Content-Type", "multipart/form-data; boundary=x")
        line.endheaders(b"--x\r\n")
        answer = line.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, said, answer.read())
    finally:
        line.close()


@pytest.mark.parametrize(
    ("path", "megabytes"), [("/admin/", 3000), ("/staff/", 26), ("/accounts/login/", 2)]
)
def test_what_is_too_large_is_refused_before_it_is_sent(
    front: Machine, path: str, megabytes: int
) -> None:
    answer = begin_to_send(front, path, megabytes * 1024 * 1024)

    assert answer.status == 413
    assert b"<h1>That file is too large</h1>" in answer.body
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src")


@pytest.mark.parametrize("megabytes", [3, 20])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_too_many_words_are_answered_with_a_page_though_few_of_them_were_read(
    front: Machine, kind: str, megabytes: int
) -> None:
    boundary = "; boundary=x" if "multipart" in kind else ""
    head = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n' if boundary else b"body="
    tail = b"\r\n--x--\r\n" if boundary else b""

    answer = ask(
        front,
        "/admin/courses/material/1/change/",
        "POST",
        cookie=f"csrftoken={'a' * 32}",
        body=head + b"x" * megabytes * 1024 * 1024 + tail,
        Content_Type=kind + boundary,
    )

    assert answer.status == 413
    assert b"<h1>That was too much to save at once</h1>" in answer.body


def begin_to_sign_in(machine: Machine, source: str) -> socket.socket:
    """From that address, at the admin's sign-in; the rest of it never comes."""
    line = socket.create_connection(
        ("127.0.0.1", machine.ports["http"]), source_address=(source, 0)
    )
    line.sendall(
        f"POST /admin/login/ HTTP/1.1\r\nHost: localhost:{machine.ports['http']}\r\n"
        f"Cookie: csrftoken={'a' * 32}\r\nContent-Length: 20000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode()
    )
    return line


def answered(lines: list[socket.socket]) -> list[socket.socket]:
    ready, _writable, _faulty = select.select(lines, [], [], 0)
    return ready


def test_strangers_who_send_slowly_keep_nobody_from_the_pages(front_alone: Machine) -> None:
    sources = ["127.0.0.1", "127.0.0.2"] * 12
    with ExitStack() as lines:
        held = [lines.enter_context(begin_to_sign_in(front_alone, source)) for source in sources]
        wait_until(lambda: len(answered(held)) == len(held) - 6, "more than six were taken in", 20)

        assert ask(front_alone, "/help/").status == 200
        assert ask(front_alone, "/admin/").status == 302


def test_while_the_web_server_is_away_a_page_says_so(front_alone: Machine) -> None:
    web = next(each for each in front_alone.running if each.name == "web")
    assert web.end() == 0

    answer = ask(front_alone, f"/go/{TOKEN}", Referer=f"{front_alone.url}/go/{TOKEN}")

    assert answer.status == 502
    assert b"<h1>Back in a few minutes</h1>" in answer.body
    assert b"tel:999" in answer.body
    assert TOKEN not in front_alone.seen() + front_alone.faults()
    assert begin_to_send(front_alone, "/admin/", 20 * 1024 * 1024).status == 502
    linked = re.findall(r'href="(/static/\S+)"', answer.body.decode())
    assert len(linked) == 5
    assert {ask(front_alone, path).status for path in linked} == {200}


@pytest.mark.parametrize(
    "path",
    [
        f"/go/{TOKEN}",
        f"/GO/{TOKEN}",
        f"/%67o/{TOKEN}",
        f"//go//{TOKEN}",
        f"/emails/stop/{TOKEN}",
        f"/emails/decline/{TOKEN}/",
        f"/help/../go/{TOKEN}?from=mail",
    ],
)
def test_no_log_of_nginx_says_a_token_or_who_came(front: Machine, path: str) -> None:
    ask(front, path)
    ask(front, "/help/", Referer=f"{front.url}{path}", User_Agent="A phone of somebody's")

    seen = front.seen()
    assert "/***" in seen
    assert re.findall(r" 127\.0\.0\.\d+ ", seen) == [" 127.0.0.0 "] * seen.count("\n")
    for told in (TOKEN, "A phone", "from=mail"):
        assert told not in seen + front.faults() + (front.logs / "proxy.log").read_text()


def ask_for_a_code(machine: Machine, forwarded_for: str) -> int:
    page = ask(machine, "/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body.decode())
    assert token is not None
    return ask(
        machine,
        "/accounts/login/",
        "POST",
        cookie=page.headers["set-cookie"].split(";")[0],
        body=f"csrfmiddlewaretoken={token[1]}&login=ann%40example.org".encode(),
        Content_Type="application/x-www-form-urlencoded",
        X_Forwarded_For=forwarded_for,
    ).status


def counts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache")
        [number] = cursor.fetchone()
    return int(number)


def test_nobody_chooses_the_address_by_which_their_tries_are_counted(front: Machine) -> None:
    assert ask_for_a_code(front, "203.0.113.1") == 302
    once = counts()
    assert once > 0

    assert ask_for_a_code(front, "203.0.113.2") == 302
    assert counts() == once


def test_what_a_server_before_nginx_says_of_the_line_is_passed_on(machine: Machine) -> None:
    machine.environment["SITE_URL"] = "https://localhost"
    machine.web()
    machine.proxy()

    plain = ask(machine, "/help/")
    encrypted = ask(machine, "/help/", X_Forwarded_Proto="https")

    assert (plain.status, plain.headers["location"]) == (
        301,
        f"https://localhost:{machine.ports['http']}/help/",
    )
    assert encrypted.status == 200
    assert "strict-transport-security" in encrypted.headers


@pytest.fixture
def certificate(machine: Machine) -> None:
    folder = machine.folder / "certificates"
    folder.mkdir()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def test_with_a_certificate_nginx_speaks_tls_and_sends_everybody_there(
    machine: Machine, certificate: None
) -> None:
    machine.environment["SITE_URL"] = f"https://localhost:{machine.ports['https']}"
    machine.web()
    machine.proxy("https")
    line = http.client.HTTPSConnection(
        "localhost", machine.ports["https"], context=ssl._create_unverified_context()
    )
    line.request("GET", "/help/")
    answer = line.getresponse()
    line.close()
    plain = ask(machine, f"/go/{TOKEN}")

    assert answer.status == 200
    assert (plain.status, plain.headers["location"]) == (301, f"https://localhost/go/{TOKEN}")
    assert TOKEN not in machine.seen() + machine.faults()
