"""Tokens: made once, kept as a hash, worth what their person may do and no more."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.scope import CLIENT, scoped
from partners.actions import belonging
from partners.actions import people as people_actions
from partners.apitokens import actions, secret
from partners.apitokens.models import Token
from partners.models import Account, Person
from partners.problems import Problem
from tests.api.programs import Program, make_token
from tests.architecture import world
from tests.architecture.doors import doors
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client, beside another one."""
    client = make_client()
    make_person(client, roles=["admin"])
    return make_person(client, roles=["admin"])


def _status(token: str) -> int:
    return int(Program(token).get("people").status_code)


def test_a_token_lets_in_and_is_kept_as_a_hash_only(admin: Person) -> None:
    token = make_token(admin, "people:read")
    assert _status(token) == 200
    row = Token.objects.get()
    assert row.prefix in token
    assert row.last_used_at is not None
    hidden = token.rpartition(f"{row.prefix}_")[2]
    kept = "|".join(str(value) for value in Token.objects.values_list().get())
    assert hidden not in kept
    assert hidden not in str(list(Token.pgh_event_model.objects.values_list()))  # type: ignore[attr-defined]


def test_a_page_shows_the_secret_once(admin: Person, client: Any) -> None:
    sign_in(client, admin)
    sent = {"name": "CRM", "scopes": ["people:read"], "days": "90", "key": str(uuid.uuid4())}
    page = client.post("/tokens/new/", sent)
    token = re.search(r"tomoni_\w{8}_[\w-]{43}", page.content.decode())
    assert token
    assert page["Cache-Control"].startswith("max-age=0")
    assert _status(token.group()) == 200
    again = client.post("/tokens/new/", sent)
    assert again.status_code == 302
    listed = client.get("/tokens/").content.decode()
    assert token.group() not in listed
    assert Token.objects.get().prefix in listed


def test_what_is_missing_is_said_in_the_form(admin: Person, client: Any) -> None:
    sign_in(client, admin)
    page = client.post("/tokens/new/", {"name": "夜間の取り込み", "key": str(uuid.uuid4())})
    assert page.status_code == 422
    assert "夜間の取り込み" in page.content.decode()
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer tomoni_abcdefgh_" + "A" * 43,
        "Bearer " + "A" * 100_000,
        "Basic eDp5",
        "Bearer tomoni_abcdefgh_\ud800",
    ],
)
def test_what_is_no_token_is_401(admin: Person, sent: str, client: Any) -> None:
    answer = client.get(
        "/api/v1/people", headers={"authorization": sent.encode("utf-8", "replace").decode()}
    )
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["code"] == "bad_token"


def test_a_wrong_secret_with_a_right_prefix_is_401(admin: Person) -> None:
    token = make_token(admin, "people:read")
    assert _status(token[:-1] + ("A" if token[-1] != "A" else "B")) == 401
    assert _status(token[:-1]) == 401


def test_a_token_alone_counts_whoever_is_signed_in(admin: Person, client: Any) -> None:
    sign_in(client, admin)
    headers = {"authorization": "Bearer tomoni_abcdefgh_" + "A" * 43}
    assert client.get("/api/v1/people", headers=headers).status_code == 401
    assert client.get("/api/v1/people").status_code == 200


def test_a_token_opens_nothing_but_the_interface(admin: Person) -> None:
    browser = Program(make_token(admin)).browser
    assert browser.get("/people/").status_code == 302
    assert browser.get("/api/media/").status_code == 401


def test_expired_and_revoked_tokens_are_401(admin: Person) -> None:
    token, other = make_token(admin, "people:read"), make_token(admin, "people:read")
    first, second = Token.objects.order_by("created_at")
    past = timezone.now() - dt.timedelta(days=40)
    Token.objects.filter(pk=first.pk).update(
        created_at=past, expires_at=timezone.now() - dt.timedelta(seconds=1)
    )
    assert _status(token) == 401
    assert actions.revoke_token(actor=admin, token_id=second.pk)
    assert not actions.revoke_token(actor=admin, token_id=second.pk)
    assert _status(other) == 401


def test_leaving_ends_a_token_for_good(admin: Person) -> None:
    token = make_token(admin, "people:read")
    other = Person.objects.exclude(pk=admin.pk).select_related("organisation").get()
    with scoped(CLIENT):
        belonging.deactivate_person(actor=other, person_id=admin.pk)
        assert _status(token) == 401
        belonging.reactivate_person(actor=other, person_id=admin.pk)
    assert _status(token) == 401


def test_a_token_dies_with_the_rights_of_its_person(admin: Person) -> None:
    token = make_token(admin, "people:read")
    other = Person.objects.exclude(pk=admin.pk).select_related("organisation").get()
    with scoped(CLIENT):
        people_actions.change_roles(actor=other, person_id=admin.pk, roles=["rep"])
    assert _status(token) == 401
    Account.objects.filter(pk=admin.account_id).update(is_active=False)
    assert _status(token) == 401


def test_only_administrators_of_the_client_make_tokens(admin: Person) -> None:
    for person in (
        make_person(admin.organisation, roles=["sales_manager", "author", "manager"]),
        make_person(make_partner(), roles=["admin"]),
    ):
        with pytest.raises(PermissionDenied):
            make_token(person, "people:read")


def test_a_token_needs_a_scope_that_exists(admin: Person) -> None:
    with pytest.raises(Problem):
        make_token(admin, "everything")


def test_every_door_asks_for_its_scope(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    ours, mine, _ = world.build()
    bare = Program(make_token(ours.people["admin"], "people:read"))
    full = Program(make_token(ours.people["admin"]))
    asked = 0
    for door in doors():
        if not door.route.startswith("api/v1/") or door.access is None or door.access.admits(None):
            continue
        ids = ours.ids if "reports/" in door.route else mine.ids  # each company reads its own
        url = door.url(world.values_for(door.name, door.parameters, ids))
        method = "post" if url.endswith("/upsert") else "get"
        kwargs = {"content_type": "application/json"} if method == "post" else {}
        answers = [getattr(each.browser, method)(url, **kwargs) for each in (bare, full)]
        of_people = url.split("/")[3] in {"people", "teams", "organisations"}
        assert answers[0].status_code == (200 if of_people else 403), url
        assert answers[1].status_code == (400 if method == "post" else 200), url
        if not of_people:
            assert answers[0].json()["code"] == "missing_scope"
            asked += 1
    assert asked > 12


def test_a_token_in_other_hands_than_an_administrators_opens_no_door(
    settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ours, mine, rival = world.build()
    people = [*mine.people.values(), *(p for r, p in ours.people.items() if r != "admin")]
    for number, person in enumerate(people):
        program = Program(_forged(person))
        program.browser.defaults["REMOTE_ADDR"] = f"10.0.0.{number}"  # a network has 100 wrong ones
        for door in doors():
            if door.route.startswith("api/v1/") and not door.access.admits(None):
                url = door.url(world.values_for(door.name, door.parameters, rival.ids))
                assert program.browser.get(url).status_code == 401, (person.roles, url)


def _forged(person: Person) -> str:
    """Enter a token for somebody who may have none, past the actions."""
    made = secret.make()
    Token.objects.create(
        person=person,
        account=person.account,
        name="-",
        prefix=made.prefix,
        token_hash=made.digest,
        scopes=["people:read", "learning:read", "points:read", "sales:read", "sales:write"],
        epoch=0,
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    return str(made)
