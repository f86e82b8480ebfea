"""The ground floor's own pages: mailbox, notices, deliveries, language, manifest, errors."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import language, serviceworker
from core.models import Delivery, MailboxMessage, Notice, OutgoingMail
from core.notices import actions, kinds
from core.notices import queries as listing
from tests.core.broker import bells, quiet_broker
from tests.partners.factories import make_client, make_partner, make_person, sign_in

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def admin(client: Client) -> Client:
    """The browser of an admin of the client, in English."""
    sign_in(client, make_person(make_client(), roles=["admin"], language="en"))
    return client


# --- Mailbox ----------------------------------------------------------------------------------------
def mail(**values: Any) -> MailboxMessage:
    return MailboxMessage.objects.create(
        **{"recipient": "a@example.com", "subject": "Welcome", "text": "Hello", **values}
    )


def test_the_mailbox_says_why_it_is_empty(client: Client):
    page = client.get("/mailbox/", headers={"Accept-Language": "en"}).content.decode()
    assert "No mail yet" in page


def test_a_newcomer_finds_mail_before_signing_in(client: Client):
    message = mail()
    assert f"/mailbox/{message.pk}/" in client.get("/mailbox/").content.decode()
    assert client.get(f"/mailbox/{message.pk}/").status_code == 200


def test_one_recipient_s_mail_can_be_shown_alone(client: Client):
    mail(subject="mine")
    mail(subject="theirs", recipient="b@example.com")
    page = client.get("/mailbox/", {"to": "A@Example.com"}).content.decode()
    assert "mine" in page
    assert "theirs" not in page


def test_links_in_a_message_can_be_followed_and_nothing_in_it_runs(client: Client):
    text = (
        "Open https://learn.example.com/in/abc?x=1\n<script>alert(1)</script> javascript:alert(2)"
    )
    page = client.get(f"/mailbox/{mail(text=text).pk}/").content.decode()
    assert 'href="https://learn.example.com/in/abc?x=1"' in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_no_production_has_a_mailbox(client: Client, settings: Any):
    message = mail()
    settings.TESTING = settings.EMBEDDED = False
    for address in ("/mailbox/", f"/mailbox/{message.pk}/", "/styleguide/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?page=x", 400),
        ("?page=-1", 400),
        ("?page=99999", 200),
        ("?to=%00", 400),
        ("?to=%F0%9F", 200),
    ],
)
def test_a_strange_address_of_the_mailbox_does_no_harm(client: Client, query: str, status: int):
    assert client.get(f"/mailbox/{query}").status_code == status


def test_the_mailbox_needs_as_many_queries_for_30_as_for_1(client: Client):
    mail()
    queries(client, "/mailbox/")
    one = queries(client, "/mailbox/")
    for number in range(29):
        mail(subject=str(number))
    assert queries(client, "/mailbox/") == one


# --- Notices ----------------------------------------------------------------------------------------
@pytest.fixture
def greeting():
    """A kind of notice for this test alone."""
    kinds.declare("test.greeting", "hand", lambda data: f"{data['who']} says hello")
    yield
    kinds._kinds.pop("test.greeting")


def tell(person: Any, who: str, kind: str = "test.greeting") -> None:
    actions.notify(
        key=f"greeting:{who}",
        person_id=person.pk,
        organisation_id=person.organisation_id,
        kind=kind,
        url="/record/",
        data={"who": who},
    )


def test_notices_are_shown_once_as_new_and_then_read(client: Client, greeting):
    person = make_person(make_partner(), language="en")
    tell(person, "Aki")
    tell(make_person(person.organisation), "Somebody else's friend")
    sign_in(client, person)
    first = client.get("/notices/").content.decode()
    assert "Aki says hello" in first
    assert "Somebody" not in first
    assert "New" in first
    assert "New" not in client.get("/notices/").content.decode()
    assert Notice.objects.filter(read_at__isnull=False).count() == 1


def test_a_notice_of_another_version_is_left_away(client: Client, greeting):
    person = make_person(make_partner())
    tell(person, "Aki", kind="of.tomorrow")
    assert sign_in(client, person).get("/notices/").status_code == 200


def test_a_notice_that_comes_while_the_list_is_drawn_stays_new(client, greeting, monkeypatch):
    person = make_person(make_partner())
    for number in range(52):
        tell(person, f"early {number}")
    real = listing.shown

    def shown(person_id: uuid.UUID) -> list[listing.Shown]:
        found = real(person_id)
        tell(person, "late")
        return found

    monkeypatch.setattr(listing, "shown", shown)
    sign_in(client, person).get("/notices/")
    unread = Notice.objects.filter(read_at__isnull=True)
    assert [each.data["who"] for each in unread] == ["late"]


def test_no_notices_is_said_kindly(client: Client):
    person = make_person(make_partner(), language="en")
    assert "Nothing new" in sign_in(client, person).get("/notices/").content.decode()


def test_the_same_notice_twice_is_one(greeting):
    person = make_person(make_partner())
    tell(person, "Aki")
    tell(person, "Aki")
    assert Notice.objects.count() == 1


# --- Deliveries -------------------------------------------------------------------------------------
def delivery(state: str = "parked", **values: Any) -> Delivery:
    return Delivery.objects.create(
        **{
            "event": "AttemptScored",
            "handler": "nowhere.handler",
            "queue": "score",
            "payload": {},
            "state": state,
            "error": "ValueError: the key is gone",
            **values,
        }
    )


def test_when_all_is_well_the_page_of_deliveries_says_so(admin: Client):
    assert "Nothing is parked" in admin.get("/operations/deliveries/").content.decode()


def test_parked_and_failing_deliveries_are_shown_with_their_error(admin: Client):
    delivery()
    delivery("pending", tries=3, error="KeyError: 'x'")
    page = admin.get("/operations/deliveries/").content.decode()
    assert "ValueError: the key is gone" in page
    assert "KeyError: &#x27;x&#x27;" in page


@pytest.mark.django_db(transaction=True)
def test_a_parked_delivery_is_retried_by_a_button(admin: Client):
    parked = delivery(tries=8)
    response = admin.post(f"/operations/deliveries/{parked.pk}/retry/", follow=True)
    assert "tried again" in response.content.decode()
    parked.refresh_from_db()
    assert (parked.state, parked.tries) == ("pending", 0)
    assert bells("score")
    again = admin.post(f"/operations/deliveries/{parked.pk}/retry/", follow=True)
    assert "parked any more" in again.content.decode()


def test_all_parked_deliveries_are_retried_at_once(admin: Client):
    for _ in range(3):
        delivery(tries=8)
    admin.post("/operations/deliveries/retry/")
    assert Delivery.objects.filter(state="pending", tries=0).count() == 3


def test_stuck_mail_is_shown_and_sent_again_only_by_a_person(admin: Client):
    row = OutgoingMail.objects.create(
        key="x", recipient="lost@example.com", subject="Hi", text="Hi", state="failed"
    )
    assert "lost@example.com" in admin.get("/operations/deliveries/").content.decode()
    admin.post(f"/operations/mail/{row.pk}/retry/")
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_partner_s_admin_does_not_see_behind_the_pages(client: Client):
    parked = delivery()
    sign_in(client, make_person(make_partner(), roles=["admin"]))
    assert client.get("/operations/deliveries/").status_code == 404
    assert client.post(f"/operations/deliveries/{parked.pk}/retry/").status_code == 404
    parked.refresh_from_db()
    assert parked.state == "parked"


def test_the_page_of_deliveries_needs_as_many_queries_for_30_as_for_1(admin: Client):
    def fill() -> None:
        delivery()
        delivery("pending", tries=2)
        OutgoingMail.objects.create(
            key=str(uuid.uuid4()), recipient="a@b.example", subject="s", text="t", state="failed"
        )

    fill()
    queries(admin, "/operations/deliveries/")
    one = queries(admin, "/operations/deliveries/")
    for _ in range(29):
        fill()
    assert queries(admin, "/operations/deliveries/") == one


def queries(browser: Client, address: str) -> int:
    """Return how many queries a page needs."""
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(captured)


# --- Language -----------------------------------------------------------------------------------------
@pytest.fixture
def kept():
    """What those who keep the choice were told, in this test alone."""
    told: list[str] = []

    @language.keeper
    def keep(request: HttpRequest, code: str) -> None:
        told.append(code)

    yield told
    language._keepers.remove(keep)


def test_a_language_is_chosen_kept_and_the_reader_goes_on_where_they_were(client: Client, kept):
    response = client.post("/language/", {"language": "en", "next": "/mailbox/?page=2"})
    assert response["Location"] == "/mailbox/?page=2"
    assert client.cookies["language"].value == "en"
    assert kept == ["en"]
    assert 'lang="en"' in client.get("/mailbox/").content.decode()


@pytest.mark.parametrize("code", ["", "fr", "../en", "EN"])
def test_a_language_that_we_do_not_speak_changes_nothing(client: Client, kept, code: str):
    assert client.post("/language/", {"language": code}).status_code == 302
    assert "language" not in client.cookies
    assert not kept


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""],
)
def test_the_way_back_never_leads_away(client: Client, target: str):
    response = client.post("/language/", {"language": "en", "next": target})
    assert response["Location"] == "/"


def test_a_language_is_not_changed_by_following_a_link(client: Client):
    assert client.get("/language/?language=en").status_code == 405


def test_a_form_without_its_token_is_refused_and_explained():
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/language/", {"language": "en"}, headers={"Accept-Language": "en"})
    assert response.status_code == 403
    assert "open for a while" in response.content.decode()


# --- An app on the phone --------------------------------------------------------------------------------
@pytest.mark.parametrize(("wanted", "name"), [("ja", "ともに"), ("en", "Tomoni")])
def test_the_manifest_speaks_the_reader_s_language(client: Client, wanted: str, name: str):
    response = client.get("/manifest.webmanifest", headers={"Accept-Language": wanted})
    assert response["Content-Type"] == "application/manifest+json"
    body = json.loads(response.content)
    assert body["name"] == name
    assert (body["start_url"], body["display"]) == ("/", "standalone")
    assert {icon["purpose"] for icon in body["icons"] if "purpose" in icon} == {"any", "maskable"}


def test_the_icons_of_the_manifest_are_there(client: Client):
    for icon in client.get("/manifest.webmanifest").json()["icons"]:
        assert serviceworker._content(icon["src"].removeprefix("/static/"))


def test_the_offline_page_names_nobody(client: Client):
    stranger = client.get("/offline/").content
    person = make_person(make_partner(), family_name="佐々木原")
    page = sign_in(client, person).get("/offline/").content
    assert "佐々木原" not in page.decode()
    assert len(page) == len(stranger)


def test_the_style_guide_opens(client: Client):
    assert client.get("/styleguide/").status_code == 200


# --- Errors ---------------------------------------------------------------------------------------------
def test_a_missing_page_is_explained_in_the_reader_s_language(client: Client):
    page = client.get("/nowhere/", headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "find this page" in page.content.decode()


def test_a_script_gets_its_error_as_json(client: Client):
    response = client.get("/api/nowhere/", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    body = response.json()
    assert (body["code"], body["detail"]) == ("not_found", "This was not found.")
    assert set(body) >= {
        "type",
        "title",
        "status",
        "detail",
        "code",
        "message",
        "field",
        "request_id",
    }
    assert response["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_shows_nothing_of_itself(client: Client, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any) -> None:
        raise RuntimeError("SECRET-INSIDE")

    monkeypatch.setattr("core.views.mailbox.Paginator", broken)
    client.raise_request_exception = False
    response = client.get("/mailbox/", headers={"Accept-Language": "en"})
    assert response.status_code == 500
    assert "on our side" in response.content.decode()
    assert "SECRET" not in response.content.decode()


def test_a_host_that_is_not_ours_is_refused(client: Client):
    assert client.get("/mailbox/", headers={"Host": "evil.example"}).status_code == 400
