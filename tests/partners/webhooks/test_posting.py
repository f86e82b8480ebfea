"""One POST: to a checked address only, bound in time and size, with TLS checked against the name."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from partners.webhooks import posting
from partners.webhooks.posting import Answer, How, post
from tests.partners.webhooks.receiver import Receiver, listening

HERE = ipaddress.ip_address("127.0.0.1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Another system on this machine."""
    with listening() as found:
        yield found


def sent(url: str, seconds: float = 5, **how: Any) -> Answer:
    return post(url, body=b'{"a":1}', headers={"webhook-id": "1"}, how=How(seconds, True, **how))


def test_a_body_arrives_as_it_is_and_the_answer_is_kept(receiver: Receiver):
    receiver.answer(201, body="受け取りました".encode())
    answer = sent(receiver.url + "?a=1")
    assert (answer.status, answer.is_good, answer.excerpt) == (201, True, "受け取りました")
    (got,) = receiver.got
    assert (got.path, got.body) == ("/in?a=1", b'{"a":1}')
    assert got.headers["host"] == receiver.url.split("/")[2]


@pytest.mark.parametrize(
    ("status", "error"),
    [(200, ""), (204, ""), (302, "redirect"), (400, "status"), (410, "gone"), (500, "status")],
)
def test_only_2xx_is_a_success(receiver: Receiver, status: int, error: str):
    receiver.answer(status)
    answer = sent(receiver.url)
    assert (answer.status, answer.error, answer.is_good) == (status, error, not error)


def test_a_redirect_is_not_followed(receiver: Receiver):
    with listening() as other:
        receiver.answer(307, Location=other.url)
        assert sent(receiver.url).error == "redirect"
        assert not other.got


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to",
    ["http://169.254.169.254/latest/meta-data/", "//169.254.169.254/", "https://[fd00:ec2::254]/"],
)
def test_nobody_is_led_to_a_clouds_own_address(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, status: int, to: str
):
    asked: list[str] = []
    connect = socket.create_connection

    def noted(place: tuple[str, int], *rest: Any) -> socket.socket:
        asked.append(place[0])
        return connect(place, *rest)

    monkeypatch.setattr(socket, "create_connection", noted)
    receiver.answer(status, Location=to)
    assert sent(receiver.url).error == "redirect"
    assert set(asked) == {"127.0.0.1"}


def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver):
    receiver.answer(500, body=b"x\0" * 5_000_000)
    assert len(sent(receiver.url).excerpt) == 500
    assert "\0" not in sent(receiver.url).excerpt


@pytest.mark.parametrize(
    ("written", "seconds"), [("120", 120.0), ("soon", None), ("-1", None), ("9" * 30, None)]
)
def test_a_wish_for_time_is_read(receiver: Receiver, written: str, seconds: float | None):
    receiver.answer(503, Retry_After=written)
    assert sent(receiver.url).retry_after == seconds


def test_a_receiver_that_does_not_answer_is_given_up_in_time(receiver: Receiver):
    receiver.hold = threading.Event()
    answer = sent(receiver.url, seconds=0.2)
    assert (answer.status, answer.error) == (None, "timeout")


def test_a_receiver_that_sends_a_byte_now_and_then_is_given_up_in_time():
    over = threading.Event()

    def drip(server: socket.socket) -> None:
        line, _ = server.accept()
        with line:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
                if over.wait(0.02):
                    return
                try:
                    line.sendall(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        answer = sent(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=0.4)
        over.set()
    assert answer.error == "timeout"


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_a_line_that_breaks_is_told(said: bytes):
    def hang_up(server: socket.socket) -> None:
        line, _ = server.accept()
        with line:
            line.recv(10_000)
            line.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=hang_up, args=(server,), daemon=True).start()
        assert sent(f"http://127.0.0.1:{server.getsockname()[1]}/").error == "broken"


def test_nobody_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert sent(f"http://127.0.0.1:{port}/").error == "unreachable"


@pytest.mark.parametrize("found", [OSError, UnicodeError, []])
def test_a_name_that_leads_nowhere_is_told(found: Any):
    def resolve(*_: Any) -> Any:
        if isinstance(found, list):
            return found
        raise found

    assert sent("https://hooks.example.com/", resolve=resolve).error == "unresolved"


@pytest.mark.parametrize(
    "inside", ["10.0.0.5", "169.254.169.254", "100.64.1.1", "::ffff:10.0.0.5", "fd00::1"]
)
def test_a_name_that_leads_inside_is_refused_after_it_was_resolved(
    inside: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("It connected"))
    both = [ipaddress.ip_address("93.184.215.14"), ipaddress.ip_address(inside)]
    answer = sent("https://hooks.example.com/", resolve=lambda *_: both)
    assert (answer.status, answer.error) == (None, "private")


def test_this_machine_is_refused_outside_of_development(receiver: Receiver):
    here = How(5, loopback=False, resolve=lambda *_: [HERE])
    for url in (receiver.url, "https://hooks.example.com/", "https://127.0.0.1/"):
        assert not post(url, body=b"", headers={}, how=here).is_good
    assert post("https://hooks.example.com/", body=b"", headers={}, how=here).error == "private"
    assert not receiver.got


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(certificate: Path):
    asked = []

    def rebinding(host: str, port: int) -> Any:
        asked.append((host, port))
        return [HERE] if len(asked) == 1 else [ipaddress.ip_address("10.0.0.5")]

    with listening(_tls(certificate)) as receiver:
        url = receiver.url.replace("127.0.0.1", "hooks.example.com")
        answer = sent(url, resolve=rebinding, tls=_trusting(certificate))
    assert answer.is_good
    assert [host for host, _ in asked] == ["hooks.example.com"]
    assert receiver.got[0].headers["host"] == url.split("/")[2]


def test_a_certificate_of_another_name_is_refused(certificate: Path):
    with listening(_tls(certificate)) as receiver:
        url = receiver.url.replace("127.0.0.1", "other.example.com")
        answer = sent(url, resolve=lambda *_: [HERE], tls=_trusting(certificate))
        assert (answer.status, answer.error) == (None, "tls")
        assert not receiver.got


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path):
    with listening(_tls(certificate)) as receiver:
        url = receiver.url.replace("127.0.0.1", "hooks.example.com")
        assert sent(url, resolve=lambda *_: [HERE]).error == "tls"


def test_the_next_address_is_tried_where_one_takes_nobody(receiver: Receiver):
    away = ipaddress.ip_address("127.9.9.9")
    url = receiver.url.replace("127.0.0.1", "localhost")
    assert sent(url, resolve=lambda *_: [away, HERE]).is_good


def test_the_resolver_gives_addresses():
    assert HERE in posting.resolve("localhost", 80)


def _tls(certificate: Path) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return lambda line: context.wrap_socket(line, server_side=True)


def _trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key with a certificate for hooks.example.com, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.com")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example.com")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
