"""Mail: decided in a transaction, sent by a task, kept in /mailbox where there is no mail server."""

from collections.abc import Sequence

import structlog
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from core import bell
from core.models import MailboxMessage, OutgoingMail

log = structlog.get_logger(__name__)

MAX_TRIES = 5


class MailboxBackend(BaseEmailBackend):
    """Django's mail backend that delivers into the table behind `/mailbox`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep a copy for each recipient."""
        rows = [
            MailboxMessage(
                recipient=recipient,
                subject=message.subject[:400],
                text=message.body,
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


def post(*, key: str, recipient: str, subject: str, text: str) -> None:
    """Decide to send a message, in the caller's transaction; the same key again changes nothing."""
    created = OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                key=key, recipient=recipient, subject=" ".join(subject.split())[:200], text=text
            )
        ],
        ignore_conflicts=True,
    )
    if created:
        transaction.on_commit(lambda: bell.call("core.send_mail", "bulk"), robust=True)


def send_waiting(limit: int = 100) -> int:
    """Send what waits, one after the other. Returns how many went out."""
    sent = 0
    for pk in list(
        OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING)
        .order_by("created_at")
        .values_list("pk", flat=True)[:limit]
    ):
        sent += _send_one(pk)
    return sent


def _send_one(pk: object) -> bool:
    """Take the message first, then send: a crash in between leaves it `sending`, never sent twice."""
    taken = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.WAITING).update(
        state=OutgoingMail.State.SENDING
    )
    if not taken:
        return False
    mail = OutgoingMail.objects.get(pk=pk)
    try:
        EmailMessage(mail.subject, mail.text, to=[mail.recipient]).send()
    except Exception as error:
        mail.tries += 1
        mail.error = f"{type(error).__name__}: {error}"[:500]
        over = mail.tries >= MAX_TRIES
        mail.state = OutgoingMail.State.FAILED if over else OutgoingMail.State.WAITING
        mail.save(update_fields=["tries", "error", "state"])
        log.warning("mail_failed", mail=str(pk), tries=mail.tries)
        return False
    mail.state, mail.sent_at = OutgoingMail.State.SENT, timezone.now()
    mail.save(update_fields=["state", "sent_at"])
    return True
