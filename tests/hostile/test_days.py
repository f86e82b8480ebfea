"""Days at the edges of time, and digits of any width, in people's forms."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django import forms
from django.utils import translation

from core.formfields import DayField, MomentField
from core.scope import CLIENT, scoped
from partners.models import Person
from tests.hostile.people import People, ask, fault_of, unchanged

EDGES = ("0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31", "12026-11-20", "2026-02-30", "-1")


class Told(forms.Form):
    day = DayField(required=False)
    at = MomentField(required=False)


@pytest.mark.parametrize("typed", EDGES)
def test_a_day_outside_of_a_calendar_is_refused(typed: str) -> None:
    form = Told({"day": typed, "at": f"{typed}T10:00"})
    assert set(form.errors) == {"day", "at"}


def test_a_day_that_no_calendar_has_is_told_from_what_is_no_day() -> None:
    no_day = "This day doesn't exist. Please check month and day."
    with translation.override("en"):
        for typed in ("2026-02-30", "２０２６／１１／３１", "11/31/2026"):
            form = Told({"day": typed, "at": f"{typed} 10:00"})
            assert form.errors == {"day": [no_day], "at": [no_day]}
    assert no_day not in str(Told({"day": "x", "at": "2026-11-20T25:00"}).errors)


@pytest.mark.parametrize(
    "typed", ["2026-11-20", "２０２６-１１-２０", " 2026-11-20\u3000", "２０２６－１１－２０"]
)
def test_a_day_is_read_in_any_width(typed: str) -> None:
    form = Told({"day": typed, "at": f"{typed.strip()}T１０:３０"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == dt.date(2026, 11, 20)
    assert form.cleaned_data["at"].minute == 30


def _forms(people: People, day: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return every form that asks for a day: by whom, where, and what is typed."""
    ids, person = people.ours.ids, people.mine.people["rep"]
    names = {"family_name": "高橋", "email": "m.takahashi@example.com", "joined_on": day}
    return [
        ("admin", f"/people/{person.pk}/edit/", names),
        (
            "admin",
            f"/people/new/?organisation={person.organisation_id}",
            {**names, "roles": ["rep"], "organisation": str(person.organisation_id)},
        ),
        ("admin", f"/people/{person.pk}/move/", {"on": day, "roles": ["rep"]}),
        (
            "admin",
            f"/assignments/new/?module={ids['module_id']}",
            {
                "to": ["role:rep"],
                "necessity": "required",
                "due_on": day,
                "key": str(uuid.uuid4()),
                "module": str(ids["module_id"]),
            },
        ),
        ("manager", f"/assignments/{ids['assignment_id']}/due/", {"due_on": day}),
        (
            "author",
            f"/authoring/modules/{ids['module_id']}/reach/",
            {"course": str(ids["course_id"]), "audience": "everybody", "expires_on": day},
        ),
        (
            "author",
            f"/authoring/modules/{ids['module_id']}/publish/",
            {"base": "0", "at": f"{day}T10:00"},
        ),
        ("admin", f"/webhooks/{ids['endpoint_id']}/redeliver/", {"since": f"{day}T10:00"}),
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x", "2026-02-30"])
def test_no_form_takes_a_day_outside_of_time(people: People, day: str) -> None:
    for role, url, typed in _forms(people, day):
        with unchanged():
            answer = people.browser(role).post(url, typed)
        assert answer.status_code in {200, 302, 404, 409, 422}, (url, fault_of(answer))


def test_what_was_typed_in_full_width_is_kept(people: People) -> None:
    person = people.mine.people["rep"]
    typed = {
        "family_name": "高橋",
        "email": "ｍ.takahashi＠example.com",
        "joined_on": "２０２５-０４-０１",
    }
    answer = ask(
        people.browser("admin"),
        "POST",
        f"/people/{person.pk}/edit/",
        data="&".join(f"{name}={value}" for name, value in typed.items()),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 302, fault_of(answer)
    with scoped(CLIENT):
        found = Person.objects.get(pk=person.pk)
        assert (found.email, found.joined_on) == ("m.takahashi@example.com", dt.date(2025, 4, 1))
