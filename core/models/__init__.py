"""Tables of the ground floor."""

from core.models.mail import MailboxMessage, OutgoingMail
from core.models.media import Asset, Caption, Rendition
from core.models.notice import Notice
from core.models.outbox import Canary, Delivery
from core.models.ratelimit import RateWindow
from core.models.upload import Upload

__all__ = [
    "Asset",
    "Canary",
    "Caption",
    "Delivery",
    "MailboxMessage",
    "Notice",
    "OutgoingMail",
    "RateWindow",
    "Rendition",
    "Upload",
]
