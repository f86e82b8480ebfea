"""A small world for the walk through all doors: a client, a partner, and a rival full of canaries."""

import dataclasses
import datetime as dt
import io
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from core.access import ROLES
from core.mediafiles.actions import add_picture
from core.mediafiles.resumable import Announced, begin
from core.models import Caption, Delivery, MailboxMessage, OutgoingMail
from core.scope import CLIENT, scoped
from courses.assignments.actions.assigning import Wish, assign
from courses.assignments.targets import Target
from courses.catalog.models import Module, Term
from courses.posts.actions.posting import shelf
from courses.posts.models import Post
from courses.quizzes.models import BankFile, BankItem
from partners.apitokens.models import Token
from partners.models import Organisation, Person
from partners.webhooks.models import Try
from sales.actions import Count, record_activities
from sales.imports.models import Import, Match, Name
from sales.models import Product, Source
from tests.analytics.associations.factories import found, ready_report
from tests.courses.factories import hand_in, make_module, version_of
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.partners.webhooks.factories import make_sending

CANARY = "カナリア"
_REPS = Target("role", role="rep")
_OF_ASSETS = (
    *("api_asset", "captions", "edit_captions", "export_captions", "save_captions"),
    *("remove_captions", "picture", "video", "retry_video"),
)
"""Doors to a picture or video by its id."""


@dataclasses.dataclass(frozen=True)
class Side:
    """One organisation with a person for each role, and the ids that belong to it."""

    organisation: Organisation
    people: dict[str, Person]
    ids: dict[str, Any]


def picture() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "PNG")
    return out.getvalue()


def build() -> tuple[Side, Side, Side]:
    """Make the client, a partner, and its rival, all of whose texts hold the canary."""
    client = make_client(is_demo=True)
    with scoped(CLIENT):
        module = make_module()
        Term.objects.create(word="稟議", reading="りんぎ", meaning="承認を順に集める決め方。")
        Product.objects.create(code="CHECK", name="ホナミ点検")
        ours = _side(client, "", module)
        mine = _side(make_partner("みらい営業"), "", module)
        rival = _side(make_partner(f"{CANARY}商事"), CANARY, module)
        everybody = Wish(module=make_module(course=module.course), targets=[_REPS])
        assign(actor=ours.people["admin"], wish=everybody)
    return ours, mine, rival


def _side(organisation: Organisation, mark: str, module: Module) -> Side:
    team = make_team(organisation, f"{mark}第1チーム")
    people = {
        role: make_person(
            organisation,
            roles=[role],
            team=team,
            family_name=f"{mark}{role}",
            territory=f"{mark}エリア",
            is_demo=True,
        )
        for role in ROLES
    }
    rep = people["rep"]
    place = {"organisation_id": organisation.pk, "team_id": team.pk, "person_id": rep.pk}
    parts = [
        _media(organisation, people, mark),
        _letters(mark),
        _learning(people, module, mark),
        _authoring(organisation, people, mark),
        _selling(organisation, people, mark),
        _programs(organisation, people, mark),
    ]
    ids: dict[str, Any] = dict(place)
    for part in parts:
        ids |= part
    return Side(organisation, people, ids)


def _media(organisation: Organisation, people: dict[str, Person], mark: str) -> dict[str, Any]:
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


def _letters(mark: str) -> dict[str, Any]:
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


def _learning(people: dict[str, Person], module: Module, mark: str) -> dict[str, Any]:
    """Let a rep hand in an attempt, and a manager ask the team for another module."""
    attempt = hand_in(people["rep"], module)
    own = Wish(
        module=make_module(course=module.course),
        targets=[Target("team", people["rep"].team_id)],
        due_on=dt.date(2099, 12, 1),
        message=mark,
    )
    assignment = assign(actor=people["manager"], wish=own)
    return {
        "module_id": module.pk,
        "course_id": module.course_id,
        "term_id": Term.objects.get().pk,
        "quiz_version_id": version_of(module).pk,
        "attempt_id": attempt.attempt_id,
        "assignment_id": assignment.pk,
    }


def _authoring(organisation: Organisation, people: dict[str, Person], mark: str) -> dict[str, Any]:
    """Keep a question and a file of questions, and let an author post something."""
    item = BankItem.objects.create(
        organisation=organisation, code="Q-1", stem=f"{mark}の問題", search=mark
    )
    file = BankFile.objects.create(
        organisation=organisation,
        brought_by=people["rep"].pk,
        name=f"{mark}.csv",
        content=f"code,question\nQ-1,{mark}".encode(),
    )
    post = Post.objects.create(
        module=make_module(
            items=[], course=shelf(), form="post", title=f"{mark}のひとこと", audience="client"
        ),
        key=uuid.uuid4(),
        made_by=people["author"].pk,
        published_at=timezone.now(),
    )
    return {"item_id": item.pk, "file_id": file.pk, "post_id": post.pk}


def _selling(organisation: Organisation, people: dict[str, Person], mark: str) -> dict[str, Any]:
    """Let a rep sell, a file of deals be brought, and a manager ask how learning goes along with it."""
    _sell(people["rep"])
    brought = _bring(organisation, people["rep"], mark)
    report = ready_report(people["manager"], found(name=mark or "みらい営業"))
    return {
        "import_id": brought.pk,
        "name_id": Name.objects.get(file=brought).pk,
        "match_id": _remembered(brought, people["rep"], mark).pk,
        "product_id": Product.objects.get().pk,
        "source_id": Source.objects.get().pk,
        "report_id": report.pk,
    }


def _remembered(file: Import, rep: Person, mark: str) -> Match:
    """Remember whom a word of a file's source means."""
    return Match.objects.create(
        organisation=file.organisation,
        source=file.source,
        kind="person",
        text=f"{mark}{rep.pk}",
        rep=rep,
    )


def _programs(organisation: Organisation, people: dict[str, Person], mark: str) -> dict[str, Any]:
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


def _sell(rep: Person) -> None:
    """Let a rep have called somebody today."""
    count = Count(
        person_id=rep.pk,
        product_id=Product.objects.get().pk,
        day=dt.datetime.now(dt.UTC).date(),
        measure="calls",
        count=7,
    )
    record_activities(source_id=Source.objects.get().pk, counts=[count])


def _bring(organisation: Organisation, rep: Person, mark: str) -> Import:
    """Let a file of deals have been looked at, with a word that nobody knows."""
    file = Import.objects.create(
        organisation=organisation,
        source=Source.objects.get(),
        grain="opportunity",
        state="checked",
        name=f"{mark}deals.csv",
        rows=1,
        head=[["商談ID"], [mark]],
        encoding="utf-8",
        mapping={"columns": {"external_id": 0}},
        counts={"new": 1, "changed": 0, "same": 0, "left": 0, "troubles": 0},
        brought_by=rep.pk,
    )
    Name.objects.create(
        organisation=organisation, file=file, kind="person", text=f"{mark}さん", rows=1, first_row=2
    )
    return file


WORDS = {
    "name": "medium.webp",
    "language": "ja",
    "form": "vtt",
    "size": "small",
    "view": "points",
    "token": "no-such-token",
    "uidb36": "1",
    "key": "no-such-key",
    "revision": 1,
    "measure": "calls",
}


def values_for(name: str, parameters: tuple[str, ...], ids: dict[str, Any]) -> dict[str, Any]:
    """Return a value for each parameter of a door; KeyError where the world knows none."""
    found = {}
    for parameter in parameters:
        if parameter == "pk":
            found[parameter] = ids[name]
        else:
            found[parameter] = ids.get(parameter) or WORDS[parameter]
    return found


def unknown(ids: dict[str, Any]) -> dict[str, Any]:
    """Return ids of the same form that name nothing."""
    return {
        key: uuid.uuid4() if isinstance(value, uuid.UUID) else 2**31 - 7
        for key, value in ids.items()
    }


def fingerprint(organisation_id: uuid.UUID) -> dict[str, str]:
    """Return a hash of all rows of an organisation, by table."""
    with scoped(CLIENT), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public'"
            " AND column_name = 'organisation_id' AND table_type = 'BASE TABLE'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        prints = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                f' FROM "{table}" t WHERE organisation_id = %s',
                [organisation_id],
            )
            prints[table] = cursor.fetchone()[0]
    return prints
