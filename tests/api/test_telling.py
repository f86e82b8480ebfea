"""Telling: sales facts by the names of another system, the same again changes nothing; assignments."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from core.scope import CLIENT, scoped
from courses.assignments.models import Assignment
from partners.models import Person
from sales.models import Activity, Opportunity, Source
from tests.api.programs import Program, make_token
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in
from tests.sales.factories import make_crm, make_product

pytestmark = pytest.mark.django_db
COUNTS, DEALS = "sales/activities/upsert", "sales/opportunities/upsert"


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def program(admin: Person) -> Program:
    """A program that may do everything."""
    return Program(make_token(admin))


@pytest.fixture
def source() -> Source:
    """A CRM."""
    return make_crm()


@pytest.fixture
def rep() -> Person:
    """A rep of a partner, with a mail address and a log-in name."""
    return make_person(make_partner(), email="misaki@example.com", login_name="misaki")


def _deal(**changed: Any) -> dict[str, Any]:
    deal = {
        "external_id": "D-1",
        "product": "",
        "opened_at": "2026-11-02T10:00:00+09:00",
        "owner": "misaki@example.com",
        "stages": {"appointment": "2026-11-04T10:00:00+09:00", "qualified": None},
        "outcome": "won",
        "closed_at": "2026-11-20T14:30:00+09:00",
        "amount": 480000,
        "currency": "JPY",
    }
    return {**deal, **changed}


def _done(new: int = 0, changed: int = 0, unchanged: int = 0) -> dict[str, Any]:
    return {"new": new, "changed": changed, "unchanged": unchanged, "refused": []}


def wide(code: str) -> str:
    """Return a code as a Japanese keyboard types it."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in code)


@pytest.mark.parametrize("name", ["misaki@example.com", "MISAKI@example.com", "misaki", "id"])
def test_counts_told_twice_are_counted_once(
    program: Program, source: Source, rep: Person, name: str
) -> None:
    row = {
        "person": str(rep.pk) if name == "id" else name,
        "product": make_product().code.lower() if name == "id" else wide(make_product().code),
        "day": "2026-11-20",
        "measure": "calls",
        "count": 32,
    }
    body = {"source": str(source.pk), "rows": [row]}
    assert program.post(COUNTS, body).json() == _done(new=1)
    assert program.post(COUNTS, body).json() == _done(unchanged=1)
    body["rows"] = [{**row, "count": 0}]
    assert program.post(COUNTS, body).json() == _done(changed=1)
    body["rows"] = [{**row, "count": None}]
    assert program.post(COUNTS, body).json()["changed"] == 0
    found = Activity.objects.get()
    assert (found.count, found.organisation_id) == (0, rep.organisation_id)
    [shown] = program.get("sales/activities", measure="calls", since="2026-11-20").json()["items"]
    assert (shown["person"], shown["count"], shown["day"]) == (str(rep.pk), 0, "2026-11-20")


def test_deals_told_twice_are_one_deal(program: Program, source: Source, rep: Person) -> None:
    product = make_product()
    body = {"source": str(source.pk), "rows": [_deal(product=product.code)]}
    assert program.post(DEALS, body).json() == _done(new=1)
    assert program.post(DEALS, body).json() == _done(unchanged=1)
    body["rows"] = [{"external_id": "D-1", "amount": 500000}]
    assert program.post(DEALS, body).json() == _done(changed=1)
    [shown] = program.get("sales/opportunities", external_id="D-1").json()["items"]
    assert (shown["amount"], shown["currency"], shown["outcome"]) == (500000, "JPY", "won")
    assert shown["person"] == str(rep.pk)
    assert shown["stages"]["appointment"] == "2026-11-04T01:00:00Z"
    assert shown["stages"]["qualified"] is None


def test_two_counts_of_the_same_are_not_taken_for_one(
    program: Program, source: Source, rep: Person
) -> None:
    row = {"person": "misaki", "product": make_product().code, "day": "2026-11-02"}
    rows = [{**row, "measure": "calls", "count": count} for count in (10, 7, 10)]
    done = program.post(COUNTS, {"source": str(source.pk), "rows": rows}).json()
    assert [(each["row"], each["field"], each["code"]) for each in done["refused"]] == [
        (1, "count", "twice")
    ]
    assert Activity.objects.get().count == 10
    rows[0]["count"] = 1_000_001
    refused = program.post(COUNTS, {"source": str(source.pk), "rows": rows[:1]})
    assert (refused.status_code, refused.json()["field"]) == (400, "rows.0.count")


def test_every_refusal_names_its_field_in_its_errors(program: Program, source: Source) -> None:
    row = {"person": "a", "product": "b", "day": "2026-11-02", "measure": "call", "count": 1}
    asked = [
        (program.get("people", rol="rep"), "rol", ""),
        (program.get("people", cursor="abc"), "cursor", ""),
        (
            program.post(COUNTS, {"source": str(source.pk), "rows": [row]}),
            "rows.0.measure",
            "calls, ",
        ),
        (program.post(COUNTS, {"source": str(source.pk), "rows": [row] * 1001}), "rows", "1000件"),
    ]
    for answer, field, words in asked:
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["field"]) == (400, field)
        assert words in error["message"]


def test_what_lies_in_the_future_is_left_out(program: Program, source: Source, rep: Person) -> None:
    product, far = make_product().code, timezone.localdate() + dt.timedelta(days=3)
    row = {"person": "misaki", "product": product, "measure": "calls", "count": 1}
    days = [{**row, "day": far.isoformat()}, {**row, "day": "2026-11-02"}]
    done = program.post(COUNTS, {"source": str(source.pk), "rows": days}).json()
    assert (done["new"], [(each["row"], each["code"]) for each in done["refused"]]) == (
        1,
        [(0, "future")],
    )
    later = f"{far.isoformat()}T10:00:00+09:00"
    deals = [
        _deal(product=product, closed_at=later),
        _deal(product=product, external_id="D-2", outcome="open", opened_at=later, closed_at=None),
        _deal(product=product, external_id="D-3"),
    ]
    done = program.post(DEALS, {"source": str(source.pk), "rows": deals}).json()
    assert [(each["field"], each["code"]) for each in done["refused"]] == [
        ("closed_at", "future"),
        ("opened_at", "future"),
    ]
    assert Opportunity.objects.get().external_id == "D-3"


def test_owners_with_their_days_are_told(program: Program, source: Source, rep: Person) -> None:
    other = make_person(rep.organisation)
    owners = [
        {"person": "misaki", "since": "2026-11-02T00:00:00Z"},
        {"person": str(other.pk), "since": "2026-11-10T00:00:00Z"},
    ]
    deal = _deal(product=make_product().code, owner=None, owners=owners)
    assert program.post(DEALS, {"source": str(source.pk), "rows": [deal]}).json()["new"] == 1
    assert Opportunity.objects.get().person_id == other.pk


def test_rows_that_make_no_sense_are_left_out_and_named(
    program: Program, source: Source, rep: Person
) -> None:
    code = make_product().code
    rows = [
        _deal(product=code),
        _deal(external_id="D-2", product="NO SUCH"),
        _deal(external_id="D-3", product=code, owner="nobody@example.com"),
        _deal(external_id="D-4", product=code, closed_at="2026-10-01T00:00:00Z"),
        _deal(product=code, amount=1),
        _deal(external_id="D-5", product=code, currency=None),
        _deal(external_id="D-6", product=code),
    ]
    answer = program.post(DEALS, {"source": str(source.pk), "rows": rows}).json()
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (2, 0, 0)
    assert [(r["row"], r["external_id"], r["field"], r["code"]) for r in answer["refused"]] == [
        (1, "D-2", "product", "unknown"),
        (2, "D-3", "owner", "unknown"),
        (3, "D-4", "closed_at", "contradiction"),
        (4, "D-1", "external_id", "twice"),
        (5, "D-5", "currency", "contradiction"),
    ]
    assert set(Opportunity.objects.values_list("external_id", flat=True)) == {"D-1", "D-6"}


def test_a_row_names_all_its_faults_at_once(program: Program, source: Source, rep: Person) -> None:
    code, nobody = make_product().code, "nobody@example.com"
    owners = [{"person": nobody, "since": f"2026-11-0{day}T00:00:00Z"} for day in (2, 3)]
    rows = [
        _deal(product="NO SUCH", owner=nobody, currency=None, closed_at="2026-10-01T00:00:00Z"),
        _deal(product="NO SUCH", owner=nobody, currency=None),
        {"external_id": "D-2", "amount": 1},
        _deal(external_id="D-3", product=code, owner=None, owners=owners, outcome="open"),
    ]
    answer = program.post(DEALS, {"source": str(source.pk), "rows": rows}).json()
    for refused in answer["refused"]:
        first = refused["errors"][0]
        assert [refused[name] for name in first] == list(first.values())
        assert all(each["message"] for each in refused["errors"])
    unknown, contradiction = "unknown", "contradiction"
    told = [[(e["field"], e["code"]) for e in r["errors"]] for r in answer["refused"]]
    assert told == [
        [*(("product", unknown), ("owner", unknown)),
         *(("closed_at", contradiction), ("currency", contradiction))],
        [("product", unknown), ("owner", unknown), ("currency", contradiction)],
        [(field, contradiction) for field in ("product", "opened_at", "currency", "owner")],
        [("owners", unknown), ("outcome", contradiction)],
    ]  # fmt: skip
    assert not Opportunity.objects.exists()
    count = {"person": nobody, "product": "NO SUCH", "day": "2026-11-20", "measure": "calls"}
    body = {"source": str(source.pk), "rows": [{**count, "count": 1}]}
    [refused] = program.post(COUNTS, body).json()["refused"]
    assert [each["field"] for each in refused["errors"]] == ["person", "product"]


def test_a_good_row_is_taken_after_a_faulty_one_of_the_same_deal(
    program: Program, source: Source, rep: Person
) -> None:
    code = make_product().code
    deals = [
        _deal(product="NO SUCH"),
        _deal(product=code),
        _deal(product=code, owner="nobody"),
    ]
    answer = program.post(DEALS, {"source": str(source.pk), "rows": deals}).json()
    told = [[(e["field"], e["code"]) for e in r["errors"]] for r in answer["refused"]]
    assert told == [
        [("product", "unknown")],
        [("external_id", "twice"), ("owner", "unknown")],
    ]
    assert Opportunity.objects.get().product.code == code


def test_what_is_known_of_a_deal_need_not_stand_in_a_faulty_row(
    program: Program, source: Source, rep: Person
) -> None:
    deal = _deal(product=make_product().code)
    assert program.post(DEALS, {"source": str(source.pk), "rows": [deal]}).json() == _done(new=1)
    row = {"external_id": "D-1", "owner": "nobody@example.com"}
    new = [{**deal, "external_id": "D-2"}, {**row, "external_id": "D-2"}]
    answer = program.post(DEALS, {"source": str(source.pk), "rows": new}).json()
    assert [each["field"] for each in answer["refused"][0]["errors"]] == ["external_id", "owner"]
    [refused] = program.post(DEALS, {"source": str(source.pk), "rows": [row]}).json()["refused"]
    assert [each["field"] for each in refused["errors"]] == ["owner"]


def test_what_people_enter_by_hand_is_not_written_over(program: Program) -> None:
    hand = Source.objects.get(kind="hand")
    for source in (hand.pk, uuid.uuid4()):
        answer = program.post(COUNTS, {"source": str(source), "rows": []})
        assert (answer.status_code, answer.json()["field"]) == (422, "source")


def test_a_partners_people_tell_nothing(source: Source, rep: Person, client: Any) -> None:
    impostor = make_person(rep.organisation, roles=["admin", "sales_manager"])
    sign_in(client, impostor)
    body = {"source": str(source.pk), "rows": []}
    answer = client.post(f"/api/v1/{COUNTS}", body, content_type="application/json")
    assert answer.status_code == 404
    assert client.get("/api/v1/sales/sources").status_code == 404


def _wish(**changed: Any) -> dict[str, Any]:
    wish = {"key": str(uuid.uuid4()), "targets": [{"kind": "role", "role": "rep"}]}
    return {**wish, "due_on": "2099-12-01", "remind_days": 3, **changed}


def test_an_assignment_is_made_once(program: Program, rep: Person, admin: Person) -> None:
    with scoped(CLIENT):
        module = make_module()
    wish = _wish(module=str(module.pk))
    first, second = program.post("assignments", wish), program.post("assignments", wish)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    row = Assignment.objects.get()
    assert (str(row.pk), row.created_by_id) == (first.json()["id"], admin.pk)
    assert first.json()["counts"] == {"people": 1, "finished": 0, "late": 0}
    [asked] = program.get(f"assignments/{row.pk}/enrolments").json()["items"]
    assert (asked["person"], asked["state"]) == (str(rep.pk), "open")
    event = Assignment.pgh_event_model.objects.select_related("pgh_context").get()  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["person"] == str(admin.pk)


def test_a_wish_that_cannot_be_is_refused_with_its_field(program: Program, rep: Person) -> None:
    with scoped(CLIENT):
        module = str(make_module().pk)
    yesterday = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).date().isoformat()
    for changed, status, field in (
        ({}, 400, "module"),
        ({"module": str(uuid.uuid4())}, 422, "module"),
        ({"module": module, "due_on": yesterday}, 422, "due_on"),
        ({"module": module, "targets": []}, 400, "targets"),
        ({"module": module, "targets": [{"kind": "team", "role": "rep"}]}, 400, "targets.0"),
        (
            {"module": module, "targets": [{"kind": "team", "id": str(uuid.uuid4())}]},
            422,
            "targets",
        ),
    ):
        answer = program.post("assignments", _wish(**changed))
        assert (answer.status_code, answer.json()["field"]) == (status, field), changed
    assert not Assignment.objects.exists()
