"""Mail goes out at most once."""

import datetime as dt
import socket
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from core import mail
from core.models import MailboxMessage, OutgoingMail
from tests.concurrency.racing import race
from tests.core.broker import bells, quiet_broker

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture(autouse=True)
def mailbox(settings: Any) -> None:
    """Deliver as `./run` does; the test runner would only collect messages in memory."""
    settings.EMAIL_BACKEND = "core.mail.MailboxBackend"


def posted(key: str = "invite:1", recipient: str = "a@example.com") -> OutgoingMail:
    mail.post(key=key, recipient=recipient, subject="Hello\r\nBcc: x@example.com", text="Welcome")
    return OutgoingMail.objects.get(key=key)


class Server(socketserver.StreamRequestHandler):
    """A mail server of few words; `script` says how it answers."""

    script: dict[str, str] = {}
    received: list[str] = []

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].split(":")[0].upper()
            answer = self.script.get(
                word, {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 ok")
            )
            if answer == "hang up":
                return
            self.say(answer)
            if word == "DATA" and answer.startswith("354"):
                self.take()
            if word == "QUIT":
                return

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
            lines.append(line)
        self.received.append("".join(lines))
        answer = self.script.get("END", "250 taken")
        if answer == "hang up":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self.say(answer)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server(settings: Any) -> Iterator[type[Server]]:
    """A real mail server on a port of its own."""
    Server.script, Server.received = {}, []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_TIMEOUT = 2
        yield Server
        running.shutdown()


def due() -> None:
    OutgoingMail.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))


def test_a_message_lands_in_the_mailbox_once():
    posted()
    assert mail.send_waiting() == 1
    assert mail.send_waiting() == 0
    found = MailboxMessage.objects.get()
    assert (found.recipient, found.text) == ("a@example.com", "Welcome")
    assert found.subject == "Hello Bcc: x@example.com"


def test_the_same_news_is_one_message_and_rings_the_worker():
    posted()
    posted()
    assert OutgoingMail.objects.count() == 1
    assert ("core.send_mail", []) in bells("bulk")


def test_mail_of_a_transaction_that_failed_is_never_sent():
    with transaction.atomic():
        posted()
        transaction.set_rollback(True)
    assert mail.send_waiting() == 0
    assert not MailboxMessage.objects.exists()


def test_two_workers_at_once_send_it_once():
    posted()
    assert sorted(race([mail.send_waiting] * 6)) == [0] * 5 + [1]
    assert MailboxMessage.objects.count() == 1


def test_a_worker_that_dies_over_a_message_leaves_it_for_a_person_to_decide():
    row = posted()
    OutgoingMail.objects.update(state="sending", next_at=timezone.now() - dt.timedelta(hours=1))
    assert mail.send_waiting() == 0
    assert list(mail.stuck()) == [row]
    assert mail.retry(row.pk)
    assert not mail.retry(row.pk)
    assert mail.send_waiting() == 1


def test_a_message_that_is_being_sent_just_now_is_not_stuck():
    row = posted()
    OutgoingMail.objects.update(state="sending", next_at=timezone.now())
    assert not mail.stuck().exists()
    assert not mail.retry(row.pk)


def test_a_real_server_gets_it_with_the_row_s_id(server: type[Server]):
    row = posted()
    assert mail.send_waiting() == 1
    assert f"<{row.pk}@" in server.received[0]
    assert OutgoingMail.objects.get().state == "sent"


def test_a_server_that_is_away_is_asked_again_later(settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    posted()
    assert mail.send_waiting() == 0
    row = OutgoingMail.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.next_at > timezone.now()
    assert "Refused" in row.error
    assert mail.send_waiting() == 0


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_has_no_time_is_asked_again(server: type[Server], word: str):
    server.script = {word: "451 later"}
    posted()
    mail.send_waiting()
    assert OutgoingMail.objects.get().state == "waiting"
    server.script = {}
    due()
    assert mail.send_waiting() == 1


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA", "END"])
def test_a_server_that_says_no_for_good_is_not_asked_again(server: type[Server], word: str):
    server.script = {word: "550 no such person"}
    posted()
    mail.send_waiting()
    row = OutgoingMail.objects.get()
    assert row.state == "failed"
    assert "no such person" in row.error
    assert list(mail.stuck()) == [row]


def test_a_connection_that_breaks_after_the_message_is_never_sent_again_by_itself(server):
    server.script = {"END": "hang up"}
    posted()
    mail.send_waiting()
    server.script = {}
    due()
    assert mail.send_waiting() == 0
    assert len(server.received) == 1
    row = OutgoingMail.objects.get()
    assert row.state == "sending"
    assert "Disconnected" in row.error


def test_one_message_s_trouble_does_not_stop_the_others(server: type[Server]):
    posted("a", "a@example.com")
    posted("b", "b@example.com")
    server.script = {"RCPT": "550 no"}
    mail.send_waiting(limit=1)
    server.script = {}
    assert mail.send_waiting() == 1
    assert sorted(OutgoingMail.objects.values_list("state", flat=True)) == ["failed", "sent"]


def test_after_a_day_of_tries_a_message_has_failed(settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    posted()
    for _ in range(mail.MAX_TRIES):
        due()
        mail.send_waiting()
    assert OutgoingMail.objects.get().state == "failed"
    pauses = sum((mail.backoff(n) for n in range(1, mail.MAX_TRIES)), dt.timedelta())
    assert dt.timedelta(hours=12) < pauses < dt.timedelta(days=2)
