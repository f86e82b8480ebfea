"""What an organisation of the walk's world has around it: media, mail, programs."""

import datetime as dt
import io
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from core.mediafiles.actions import add_picture
from core.mediafiles.resumable import Announced, begin
from core.models import Caption, Delivery, MailboxMessage, OutgoingMail
from partners.apitokens.models import Token
from partners.models import Organisation, Person
from partners.webhooks.models import Try
from tests.partners.webhooks.factories import make_sending

_OF_ASSETS = (
    *("api_asset", "captions", "edit_captions", "export_captions", "save_captions"),
    *("remove_captions", "picture", "video", "retry_video"),
)
"""Doors to a picture or video by its id."""


def picture() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG")
    return out.getvalue()


def media(organisation: Organisation, people: dict[str, Person], mark: str) -> dict[str, Any]:
    """Give a rep a picture with captions, and let an author be in the middle of an upload."""
    rep = people["rep"]
    asset = add_picture(
        ContentFile(picture(), "face.png"),
        name=f"{mark}.png",
        alt=f"{mark}の写真",
        organisation_id=organisation.pk,
        uploaded_by=rep.pk,
    )
    Person.objects.filter(pk=rep.pk).update(picture_id=asset.pk)
    Caption.objects.create(
        asset=asset, language="ja", text=f"WEBVTT\n\n00:00.000 --> 00:01.000\n{mark}"
    )
    upload = begin(
        person_id=people["author"].pk,
        organisation_id=organisation.pk,
        announced=Announced(1000, name=f"{mark}.mp4"),
    )
    rendition = asset.renditions.first()
    assert rendition is not None
    return {
        "upload_id": upload.pk,
        "core:media": rendition.pk,
        **{f"core:{door}": asset.pk for door in _OF_ASSETS},
    }


def letters(mark: str) -> dict[str, Any]:
    """Leave a mail that failed, one in the mailbox, and a delivery that was parked."""
    mail = OutgoingMail.objects.create(
        key=str(uuid.uuid4()), recipient="x@example.com", subject=mark, text=mark, state="failed"
    )
    message = MailboxMessage.objects.create(recipient="x@example.com", subject="-", text="-")
    delivery = Delivery.objects.create(
        event="X", handler="nobody", queue="score", payload={}, state="parked"
    )
    return {
        "core:mailbox_message": message.pk,
        "core:retry_delivery": delivery.pk,
        "core:retry_mail": mail.pk,
    }


def programs(organisation: Organisation, people: dict[str, Person], mark: str) -> dict[str, Any]:
    """Let another system fail to hear news, and an administrator have a token."""
    sending = make_sending(organisation, name=f"{mark}顧客管理", state="failed")
    Try.objects.create(
        organisation=organisation,
        sending=sending,
        took_ms=5,
        status=500,
        error="status",
        excerpt=mark,
    )
    token = Token.objects.create(
        person=people["admin"],
        account=people["admin"].account,
        name=f"{mark}CRM夜間",
        prefix=uuid.uuid4().hex[:8],
        token_hash="-",
        scopes=["people:read"],
        epoch=0,
        expires_at=timezone.now() + dt.timedelta(days=30),
    )
    return {
        "endpoint_id": sending.endpoint_id,
        "sending_id": sending.pk,
        "token_id": token.pk,
    }
