"""Signatures after the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import datetime as dt
import secrets
from collections.abc import Iterable

from standardwebhooks import Webhook

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret, as a receiver writes it into its settings."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(
    *, message_id: str, at: dt.datetime, body: str, secrets: Iterable[str]
) -> dict[str, str]:
    """Return the headers that sign a body sent at this moment, with a signature for each secret."""
    second = at.astimezone(dt.UTC).replace(microsecond=0)
    signed = [Webhook(secret).sign(message_id, second, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(second.timestamp())),
        "webhook-signature": " ".join(signed),
    }
