"""What a page is asked for: which scenario, whose runs, of which months and version."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from analytics.scenarios import words
from analytics.scenarios.forms import FilterForm
from analytics.scenarios.queries import people, told
from analytics.scenarios.queries.figures import Wanted
from analytics.scenarios.queries.people import Base
from analytics.scenarios.queries.told import Published, Told
from courses.scenarios.models import Scenario
from partners.models import Person
from partners.queries.client import today
from partners.requests import PersonRequest
from sales.period import period

_FILTERS = ("runs", "period", "version", "organisation", "team")
_FIRST = {"first": True, "later": False}


@dataclasses.dataclass(frozen=True)
class Asked:
    """A scenario with the filters of its page, and the same as words of an address."""

    viewer: Person
    scenario: Scenario
    published: Sequence[Published]
    form: FilterForm
    wanted: Wanted
    kept: Mapping[str, str]

    @property
    def active(self) -> int:
        """How many filters are set."""
        return len(self.kept)

    @property
    def where(self) -> str:
        """Say whose runs they are, of which months and version."""
        fields: Any = self.form.fields
        labels = {name: dict(fields[name].choices)[value] for name, value in self.kept.items()}
        return words.where(labels, self.viewer)

    @property
    def period(self) -> str:
        """Say of which months."""
        fields: Any = self.form.fields
        return str(dict(fields["period"].choices)[self.kept.get("period", "")])

    @property
    def query(self) -> str:
        """The query of an address with the same filters."""
        return self.address()

    def address(self, **changed: str) -> str:
        """Return the query of an address with these words changed; an empty one takes the word away."""
        found = {name: word for name, word in {**self.kept, **changed}.items() if word}
        return "?" + urlencode(found) if found else "?"

    @cached_property
    def base(self) -> Base:
        """What the figures stand on. Three queries at most."""
        return people.base(self.viewer, self.scenario.pk, self.wanted)

    @cached_property
    def told(self) -> Told:
        """What people did. One query, and one for each version not yet read."""
        return told.told(self.viewer, self.scenario.pk, self.wanted, self.published)


def asked(request: PersonRequest, scenario_id: uuid.UUID) -> Asked:
    """Read the filters. Raises Http404 for a scenario, company or version that is not theirs to see. Four queries."""
    viewer = request.person
    try:
        scenario = told.scenario(viewer, scenario_id)
    except Scenario.DoesNotExist as error:
        raise Http404 from error
    published = told.versions(scenario.pk)
    given = {name: word for name, word in request.GET.dict().items() if word}
    day = today()
    form = FilterForm(given, viewer=viewer, today=day, versions=published)
    form.is_valid()
    try:
        kept = {name: form.chosen(name) for name in _FILTERS if name in form.fields}
    except LookupError as error:
        raise Http404 from error
    kept = {name: value for name, value in kept.items() if value}
    return Asked(viewer, scenario, published, form, _wanted(form, day), kept)


def _wanted(form: FilterForm, day: dt.date) -> Wanted:
    length = form.chosen("period")
    months = period(length, day) if length else None
    return Wanted(
        version_id=form.chosen_id("version"),
        organisation_id=form.chosen_id("organisation"),
        team_id=form.chosen_id("team"),
        since=months.since if months else None,
        until=months.last if months else None,
        first=_FIRST.get(form.chosen("runs")),
    )
