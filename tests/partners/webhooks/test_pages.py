"""Pages of webhooks: for the client's admins, and for nobody of a partner."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from core.scope import CLIENT, scoped
from partners.models import Organisation, Person
from partners.webhooks import kinds, queries
from partners.webhooks.models import Endpoint, Message, Sending, Try
from tests.core.broker import bells, quiet_broker
from tests.partners.factories import make_client, make_partner, make_person, sign_in
from tests.partners.webhooks.factories import add_sending, make_endpoint

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def company() -> Organisation:
    """The client."""
    return make_client()


@pytest.fixture
def admin(company: Organisation) -> Person:
    """One of its admins, who reads English."""
    return make_person(company, roles=["admin"], language="en")


@pytest.fixture
def office(client: Browser, admin: Person) -> Browser:
    """Their browser."""
    return sign_in(client, admin)


def text(browser: Browser, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def rows(of: type[Any]) -> list[Any]:
    with scoped(CLIENT):
        return list(of.objects.order_by("id"))


def form(**fields: Any) -> dict[str, Any]:
    good = {"name": "CRM", "url": "https://hooks.example.com/", "kinds": ["module.finished"]}
    return {**good, **fields}


@pytest.mark.parametrize("path", ["", "new/", "{e}/", "{e}/edit/", "{e}/secret/", "messages/{s}/"])
def test_nobody_of_a_partner_finds_them(client: Browser, path: str):
    row = add_sending(make_endpoint())
    partner = make_partner()
    url = "/webhooks/" + path.format(e=row.endpoint_id, s=row.pk)
    for roles in (["admin"], ["manager"], ["rep"]):
        sign_in(client, make_person(partner, roles=roles))
        assert client.get(url).status_code == 404
        assert client.post(url, form()).status_code in {404, 405}
    assert len(rows(Endpoint)) == 1


@pytest.mark.parametrize(
    "path", ["{e}/switch/", "{e}/test/", "{e}/redeliver/", "messages/{s}/redeliver/"]
)
def test_nobody_of_a_partner_does_anything(client: Browser, path: str):
    row = add_sending(make_endpoint(), state="failed")
    sign_in(client, make_person(make_partner(), roles=["admin"]))
    url = "/webhooks/" + path.format(e=row.endpoint_id, s=row.pk)
    assert client.post(url, {"state": "paused", "since": "2026-01-01T00:00"}).status_code == 404
    assert [each.state for each in rows(Sending)] == ["failed"]
    assert [each.state for each in rows(Endpoint)] == ["active"]


def test_without_endpoints_the_page_says_what_they_are_for(office: Browser):
    found = text(office, "/webhooks/")
    assert "No endpoint yet" in found
    assert "/webhooks/new/" in found


def test_an_endpoint_is_added_and_leads_to_its_secret(office: Browser):
    answer = office.post("/webhooks/new/", form(name=" CRM "))
    (row,) = rows(Endpoint)
    assert answer["Location"] == f"/webhooks/{row.pk}/secret/"
    assert (row.name, row.kinds, row.state) == ("CRM", ["module.finished"], "active")
    assert row.secret in text(office, answer["Location"])
    assert row.secret not in text(office, f"/webhooks/{row.pk}/")


def test_a_wrong_address_keeps_what_was_typed_and_says_what_to_mend(office: Browser):
    answer = office.post("/webhooks/new/", form(url="http://hooks.example.com/x"))
    found = answer.content.decode()
    assert answer.status_code == 422
    assert "has to begin with https" in found
    assert 'value="http://hooks.example.com/x"' in found
    assert not rows(Endpoint)
    answer = office.post("/webhooks/new/", {"name": "", "url": "ftp://hooks.example.com/x"})
    assert list(answer.context["form"].errors) == ["name", "url", "kinds"], "all that is wrong"


def test_an_endpoint_is_changed(office: Browser):
    row = make_endpoint()
    url = f"/webhooks/{row.pk}/edit/"
    assert 'value="https://hooks.example.com/in"' in text(office, url)
    office.post(url, form(name="Warehouse", kinds=["attempt.scored", "module.finished"]))
    row.refresh_from_db()
    assert (row.name, row.kinds) == ("Warehouse", ["attempt.scored", "module.finished"])
    assert office.post(url, form(kinds=[])).status_code == 422


def test_a_new_secret_is_made_and_the_old_one_kept_for_a_day(office: Browser):
    row = make_endpoint()
    answer = office.post(f"/webhooks/{row.pk}/secret/", follow=True)
    (now,) = rows(Endpoint)
    assert now.old_secret == row.secret != now.secret
    assert now.secret in answer.content.decode()
    assert row.secret not in answer.content.decode()


@pytest.mark.parametrize("state", ["paused", "archived", "active"])
def test_an_endpoint_is_switched(office: Browser, state: str):
    row = make_endpoint(state="disabled")
    office.post(f"/webhooks/{row.pk}/switch/", {"state": state})
    assert rows(Endpoint)[0].state == state
    assert office.post(f"/webhooks/{row.pk}/switch/", {"state": "odd"}).status_code == 404


def test_an_archived_endpoint_stands_in_a_list_of_its_own(office: Browser):
    make_endpoint(name="OLD", state="archived")
    assert "OLD" not in text(office, "/webhooks/")
    assert "OLD" in text(office, "/webhooks/?view=archived")


def test_a_test_is_sent_and_shown(office: Browser, django_capture_on_commit_callbacks: Any):
    row = make_endpoint()
    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(f"/webhooks/{row.pk}/test/")
    (sending,) = rows(Sending)
    assert ("webhooks.send", []) in bells("bulk")
    assert answer["Location"] == f"/webhooks/messages/{sending.pk}/"
    found = text(office, answer["Location"])
    assert "It goes out in a moment" in found
    assert 'hx-get="/webhooks/messages/' in found
    part = office.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert part.startswith("\n<section") or "<html" not in part


@pytest.mark.parametrize(
    ("state", "came", "words"),
    [
        ("waiting", None, ("is on its way",)),
        ("delivered", {"status": 200}, ("arrived: it was answered with 200",)),
        ("failed", {"status": 404, "error": "status"}, ("was refused: it was answered with 404",)),
        ("failed", {"status": 301, "error": "redirect"}, ("with 301.", "Enter the address that")),
        ("failed", {"error": "timeout"}, ("got no answer.", "There was no answer in time.")),
        ("failed", None, ("got no answer.",)),
    ],
)
def test_the_page_of_an_endpoint_says_what_came_of_its_last_test(
    office: Browser, state: str, came: dict[str, Any] | None, words: Sequence[str]
):
    endpoint = make_endpoint()
    assert "The test of" not in text(office, f"/webhooks/{endpoint.pk}/")
    add_sending(endpoint, state="delivered", kind=kinds.TEST)
    last = add_sending(endpoint, state=state, kind=kinds.TEST)
    add_sending(endpoint, state="failed")
    if came is not None:
        with scoped(CLIENT):
            Try.objects.create(
                organisation_id=last.organisation_id, sending=last, took_ms=9, **came
            )
    found = text(office, f"/webhooks/{endpoint.pk}/")
    assert found.count("The test of") == 1
    for each in words:
        assert each in found
    on_its_own = text(office, f"/webhooks/messages/{last.pk}/")
    assert ("The test of" in on_its_own) == (state != "waiting")


@pytest.mark.parametrize("tests", [0, 1])
def test_the_last_test_is_found_without_a_walk_through_all_that_was_sent(tests: int):
    endpoint = make_endpoint()
    of = {"organisation_id": endpoint.organisation_id}
    with scoped(CLIENT):
        news = Message.objects.bulk_create(
            Message(source_key=f"n{n}", kind="module.finished", body="{}", **of)
            for n in range(2000)
        )
        Sending.objects.bulk_create(Sending(message=each, endpoint=endpoint, **of) for each in news)
    made = [add_sending(endpoint, kind=kinds.TEST) for _ in range(tests)]
    with scoped(CLIENT):
        found = queries.tests_of(endpoint)
        assert list(found) == made
        plan = found.all()[:1].explain()
    assert "message_is_test" in plan, plan
    assert "sending_log" not in plan, plan


def test_an_archived_endpoint_is_not_tested(office: Browser):
    row = make_endpoint(state="archived")
    answer = office.post(f"/webhooks/{row.pk}/test/", follow=True)
    assert "Bring it back first" in answer.content.decode()
    assert not rows(Sending)


def test_a_message_shows_what_went_out_and_what_came_back(office: Browser):
    row = add_sending(make_endpoint(), state="failed", tries=2)
    with scoped(CLIENT):
        for fields in (
            {},
            {"took_ms": 1234, "status": 500, "error": "status", "excerpt": "<b>oops</b>"},
            {"took_ms": 10, "error": "private"},
        ):
            Try.objects.create(organisation_id=row.organisation_id, sending=row, **fields)
    found = text(office, f"/webhooks/messages/{row.pk}/")
    for words in ("module.finished", "&lt;b&gt;oops", "1.2 s", "private network", "No answer was"):
        assert words in found, words
    assert f"msg_{row.message_id.hex}" in found


def test_a_message_is_sent_again(office: Browser):
    row = add_sending(make_endpoint(), state="failed", tries=8)
    answer = office.post(f"/webhooks/messages/{row.pk}/redeliver/", follow=True)
    assert "being sent again" in answer.content.decode()
    assert [(each.state, each.tries) for each in rows(Sending)] == [("waiting", 0)]


def test_what_failed_since_a_moment_is_sent_again(office: Browser):
    endpoint = make_endpoint()
    for _ in range(3):
        add_sending(endpoint, state="failed")
    url = f"/webhooks/{endpoint.pk}/redeliver/"
    assert "date with a time" in office.post(url, {"since": "soon"}, follow=True).content.decode()
    answer = office.post(url, {"since": "2026-01-01T00:00"}, follow=True)
    assert "3 messages are sent again" in answer.content.decode()
    answer = office.post(url, {"since": "2026-01-01T00:00"}, follow=True)
    assert "Nothing had failed" in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "kind", "offered"),
    [
        ("active", "module.finished", True),
        ("paused", "module.finished", True),
        ("disabled", "module.finished", False),
        ("active", kinds.TEST, False),
    ],
)
def test_what_failed_however_long_ago_can_be_sent_again_where_something_goes_out(
    office: Browser, state: str, kind: str, offered: bool
):
    endpoint = make_endpoint(state=state)
    long_ago = timezone.now() - dt.timedelta(days=20)
    add_sending(endpoint, state="failed", kind=kind, settled_at=long_ago)
    found = text(office, f"/webhooks/{endpoint.pk}/")
    assert (f"/webhooks/{endpoint.pk}/redeliver/" in found) == offered


def test_the_log_is_filtered_by_state_and_kind(office: Browser):
    endpoint = make_endpoint()
    add_sending(endpoint, state="failed")
    add_sending(endpoint, state="delivered", kind=kinds.TEST)
    add_sending(make_endpoint())

    def listed(query: str) -> int:
        return len(
            re.findall(
                r'<th[^>]*><a href="/webhooks/messages/',
                text(office, f"/webhooks/{endpoint.pk}/{query}"),
            )
        )

    asked = ["", "?state=failed", "?state=waiting", "?kind=webhook.test", "?state=odd&kind=odd"]
    assert [listed(query) for query in asked] == [2, 1, 0, 1, 2]


def test_health_counts_the_last_days_and_says_its_n(office: Browser):
    endpoint = make_endpoint()
    for took in (10, 20, 90):
        add_sending(endpoint, state="delivered", took_ms=took)
    add_sending(endpoint, state="failed")
    add_sending(endpoint, state="failed", kind=kinds.TEST)
    add_sending(endpoint)
    long_ago = timezone.now() - dt.timedelta(days=8)
    add_sending(endpoint, state="failed", settled_at=long_ago)
    found = text(office, f"/webhooks/{endpoint.pk}/")
    for words in ("<b>3", "<b>1", "of 4 that came to an end", "20 ms", "n=3"):
        assert words in found, words


@pytest.mark.parametrize("state", ["active", "paused", "disabled", "archived"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_state_has_its_words(office: Browser, state: str, language: str):
    office.cookies["language"] = language
    row = make_endpoint(state=state, failing_since=timezone.now(), failures=1)
    assert row.name in text(office, f"/webhooks/{row.pk}/")


@pytest.mark.parametrize("url", ["/webhooks/", "/webhooks/{e}/"])
def test_lists_ask_the_same_number_of_questions_at_any_length(
    office: Browser, url: str, django_assert_max_num_queries: Any
):
    endpoint = make_endpoint()
    add_sending(endpoint)
    counts = []
    for more in (0, 29):
        for _ in range(more):
            add_sending(endpoint)
            make_endpoint()
        with django_assert_max_num_queries(20) as asked:
            text(office, url.format(e=endpoint.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_home_of_an_admin_leads_here(office: Browser):
    assert 'href="/webhooks/"' in text(office, "/")


def test_payloads_are_shown_as_they_are(office: Browser):
    row = add_sending(make_endpoint())
    found = text(office, f"/webhooks/messages/{row.pk}/")
    assert json.loads(row.message.body)["timestamp"] in found
