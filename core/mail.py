"""Mail: decided in a transaction, sent by a task, kept in /mailbox where there is no mail server.

A message goes out at most once. A mail server that says no, or can't be reached, is asked again; a
connection that breaks while the message is on its way leaves it open whether it arrived, so it is not
sent again unless somebody decides so on the page of deliveries.
"""

import dataclasses
import datetime as dt
import smtplib
import time
import uuid
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import bell
from core.models import MailboxMessage, OutgoingMail

log = structlog.get_logger(__name__)

MAX_TRIES = 12
"""Tries after which a message counts as failed: spread over about a day."""

_SENDING_TAKES = dt.timedelta(minutes=10)
"""After this time a message that is `sending` has lost its worker."""

_ROUND_TAKES = 200.0
"""Seconds after which a round stops, well before its task would be killed in the middle of a message."""


class MailboxBackend(BaseEmailBackend):
    """Django's mail backend that delivers into the table behind `/mailbox`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep a copy for each recipient."""
        rows = [
            MailboxMessage(
                recipient=recipient,
                subject=message.subject[:400],
                text=str(message.body),
                html=_html(message),
            )
            for message in email_messages
            for recipient in message.recipients()
        ]
        MailboxMessage.objects.bulk_create(rows)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        for content, mimetype in message.alternatives:
            if mimetype == "text/html":
                return str(content)
    return ""


@dataclasses.dataclass(frozen=True)
class Letter:
    """A message to one recipient; `key` says what it is about, so that it is sent once."""

    key: str
    recipient: str
    subject: str
    text: str


def post(*, key: str, recipient: str, subject: str, text: str) -> None:
    """Decide to send a message, in the caller's transaction; the same key again changes nothing."""
    post_many([Letter(key, recipient, subject, text)])


def post_many(letters: Iterable[Letter]) -> None:
    """Decide to send many messages, each once, in the caller's transaction."""
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=letter.key,
                recipient=letter.recipient,
                subject=" ".join(letter.subject.split())[:200],
                text=letter.text,
            )
            for letter in letters
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    transaction.on_commit(lambda: bell.call("core.send_mail", "bulk"), robust=True)


def stuck() -> QuerySet[OutgoingMail]:
    """Return messages that wait for a decision: failed, or lost on their way. Newest first."""
    lost = Q(state=OutgoingMail.State.SENDING, next_at__lt=timezone.now() - _SENDING_TAKES)
    return OutgoingMail.objects.filter(lost | Q(state=OutgoingMail.State.FAILED)).order_by(
        "-created_at"
    )


@transaction.atomic
def retry(pk: uuid.UUID) -> bool:
    """Send a stuck message after all, as somebody has decided. Returns False if it isn't stuck."""
    changed = (
        stuck()
        .filter(pk=pk)
        .update(state=OutgoingMail.State.WAITING, tries=0, error="", next_at=timezone.now())
    )
    if changed:
        transaction.on_commit(lambda: bell.call("core.send_mail", "bulk"), robust=True)
    return bool(changed)


def send_waiting(limit: int = 100) -> int:
    """Send what waits, one after the other over one connection. Returns how many went out."""
    until = time.monotonic() + _ROUND_TAKES
    waiting = OutgoingMail.objects.filter(
        state=OutgoingMail.State.WAITING, next_at__lte=timezone.now()
    )
    ids = list(waiting.order_by("next_at").values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    sent = 0
    server = get_connection()
    try:
        for pk in ids:
            if time.monotonic() > until:
                break
            sent += _send_one(pk, server)
    finally:
        server.close()
    return sent


def _send_one(pk: uuid.UUID, server: BaseEmailBackend) -> bool:
    """Take the message first, then send it: a crash in between leaves it `sending`."""
    taken = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.WAITING).update(
        state=OutgoingMail.State.SENDING, next_at=timezone.now()
    )
    if not taken:
        return False
    mail = OutgoingMail.objects.get(pk=pk)
    try:
        server.open()
    except Exception as error:
        log.exception("mail_server_unreachable", mail=str(pk))
        _wait(mail, error)
        return False
    try:
        server.send_messages([_message(mail, server)])
    except smtplib.SMTPResponseException as error:
        _refused(mail, error, for_good=error.smtp_code >= 500)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        _refused(mail, error, for_good=all(code >= 500 for code in codes))
    except Exception as error:
        log.exception("mail_lost_on_its_way", mail=str(pk))
        _note(mail, error)
        server.close()
    else:
        mail.state, mail.sent_at = OutgoingMail.State.SENT, timezone.now()
        mail.save(update_fields=["state", "sent_at"])
        return True
    return False


def _message(mail: OutgoingMail, server: BaseEmailBackend) -> EmailMessage:
    """Return the message; its id is the row's, so that a mailbox shows a second copy as the same."""
    domain = urlsplit(settings.PUBLIC_URL).hostname or "tomoni.example"
    headers = {"Message-ID": f"<{mail.pk}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(
        mail.subject, mail.text, to=[mail.recipient], headers=headers, connection=server
    )


def _refused(mail: OutgoingMail, error: Exception, *, for_good: bool) -> None:
    """The server took nothing, so asking again can't send it twice."""
    log.warning("mail_refused", mail=str(mail.pk), tries=mail.tries + 1, for_good=for_good)
    if for_good:
        mail.state = OutgoingMail.State.FAILED
        mail.save(update_fields=["state"])
        _note(mail, error)
    else:
        _wait(mail, error)


def _wait(mail: OutgoingMail, error: Exception) -> None:
    mail.tries += 1
    over = mail.tries >= MAX_TRIES
    mail.state = OutgoingMail.State.FAILED if over else OutgoingMail.State.WAITING
    mail.next_at = timezone.now() + backoff(mail.tries)
    mail.save(update_fields=["tries", "state", "next_at"])
    _note(mail, error)


def _note(mail: OutgoingMail, error: Exception) -> None:
    mail.error = f"{type(error).__name__}: {error}"[:500]
    mail.save(update_fields=["error"])


def backoff(tries: int) -> dt.timedelta:
    """Return the pause after this many tries: 1, 2, 4 … minutes, at most 4 hours."""
    return dt.timedelta(minutes=min(2 ** max(tries - 1, 0), 240))
