"""What tests of authoring share: an author, and documents as the editor sends them."""

import json
import uuid
from typing import Any

from django.test import Client as Browser

from courses.authoring import shapes
from courses.authoring.actions.drafts import Saved, save_draft
from courses.authoring.documents import Document
from courses.authoring.models import Draft, Snapshot
from courses.catalog.models import Module
from partners.models import Person
from tests.courses.factories import single
from tests.partners.factories import make_client, make_person, sign_in


def make_author(**fields: Any) -> Person:
    """Make an author of the client."""
    return make_person(make_client(), roles=["author"], **fields)


def paragraph(text: str) -> dict[str, Any]:
    """Return a rich text of one paragraph."""
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
    }


def text_block(key: str = "text0001", text: str = "まず聞きます。") -> dict[str, Any]:
    """Return a block of one paragraph."""
    return {"key": key, "kind": "text", "data": {"doc": paragraph(text)}}


def quiz_block(*items: dict[str, Any], key: str = "quiz0001") -> dict[str, Any]:
    """Return a quiz of these questions, or of one."""
    return {"key": key, "kind": "quiz", "data": {"items": list(items) or [single("q001")]}}


def draft(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a document as the editor sends it: a text and a quiz, unless blocks are given."""
    return {
        "title": "値引きの前に",
        "summary": "比べる相手を聞けるようになります。",
        "minutes": 3,
        "language": "ja",
        "picture": None,
        "blocks": list(blocks) if blocks else [text_block(), quiz_block()],
        **fields,
    }


def read(raw: dict[str, Any]) -> Document:
    """Return the document that was sent."""
    return shapes.read(json.loads(json.dumps(raw)))


def save(module: Module, base: int, by: Person | None = None, **fields: Any) -> Saved:
    """Save a draft with these fields over a revision."""
    return save_draft(
        module_id=module.pk, base=base, document=read(draft(**fields)), by=by.pk if by else None
    )


def browser_of(person: Person) -> Browser:
    """Return a browser in which this person is signed in."""
    return sign_in(Browser(), person)


def put(browser: Browser, module_id: uuid.UUID, body: Any) -> Any:
    """Send a body to the module's draft."""
    raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
    address = f"/api/authoring/modules/{module_id}/draft/"
    return browser.put(address, raw, content_type="application/json")


def check_nothing_changed(module: Module) -> None:
    """Assert that an empty module is as it was made: no block, no draft, no snapshot."""
    before = module.title
    module.refresh_from_db()
    assert module.title == before
    assert not module.blocks.exists()
    assert not Draft.objects.exists()
    assert not Snapshot.objects.exists()
