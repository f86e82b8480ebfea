"""Pages of sales figures: the funnel, and the records behind each of its figures."""

import dataclasses
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core import ids
from core.access import allow
from core.tables import sending
from partners.models import Organisation, Person, Team
from partners.requests import PersonRequest
from sales import comparing, measures
from sales import words as sales_words
from sales.actions.setup import ROLES
from sales.forms.filters import FilterForm
from sales.period import USUAL, Period, period
from sales.queries import funnel as funnels
from sales.queries import records as behind
from sales.queries import setup as setups
from sales.queries.facts import Part
from sales.queries.funnel import Group
from sales.slots import OFFICE

PAGE_SIZE = 30


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """What a page is asked for: whose figures, of which months, and the same as words of an address."""

    viewer: Person
    form: FilterForm
    part: Part
    period: Period
    place: Any
    team: Any
    words: dict[str, str]

    @property
    def is_own(self) -> bool:
        """Whether only the viewer's own organisation is meant."""
        return not self.viewer.of_client or self.part.organisation_id == self.viewer.organisation_id

    def address(self, **changed: str) -> str:
        """Return the query of an address with these words changed; an empty one takes the word away."""
        words = {**self.words, **changed}
        return "?" + urlencode({name: word for name, word in words.items() if word})


def _wanted(request: PersonRequest) -> _Wanted:
    """Read the filters. What somebody may not see is as if it were not there."""
    viewer = request.person
    part = Part()
    today = timezone.now().astimezone(part.zone).date()
    words = {"period": USUAL, **{name: word for name, word in request.GET.dict().items() if word}}
    form = FilterForm(words, viewer=viewer, today=today)
    form.is_valid()
    months = period(words["period"], today)
    try:
        place = _place(viewer, words.get("organisation", ""))
        team = _team(viewer, place, words.get("team", ""))
        product_id = form.chosen_id("product")
    except (LookupError, ValueError, Organisation.DoesNotExist, Team.DoesNotExist) as error:
        raise Http404 from error
    part = dataclasses.replace(
        part,
        since=months.since,
        until=months.until,
        organisation_id=place.pk if place else None,
        team_id=team.pk if team else None,
        without_team=words.get("team") == "none",
        product_id=product_id,
    )
    kept = {name: words.get(name, "") for name in ("organisation", "team", "product")}
    kept["period"] = "" if months.key == USUAL else months.key
    return _Wanted(viewer, form, part, months, place, team, kept)


def _place(viewer: Person, word: str) -> Organisation | None:
    if not word:
        return None
    return Organisation.objects.visible_to(viewer).get(pk=ids.parse(word))


def _team(viewer: Person, place: Organisation | None, word: str) -> Team | None:
    if not word or word == "none":
        return None
    found = Team.objects.visible_to(viewer)
    return (found.filter(organisation=place) if place else found).get(pk=ids.parse(word))


def _someone(request: PersonRequest) -> Person | None:
    """Return whose records alone are asked for. Raises Http404 for whom the viewer may not see. One query at most."""
    viewer = request.person
    word = request.GET.get("person", "")
    if not word:
        return None
    try:
        found = Person.objects.visible_to(viewer).select_related("organisation")
        return found.get(pk=ids.parse(word))
    except (ValueError, Person.DoesNotExist) as error:
        raise Http404 from error


def _ways(wanted: _Wanted) -> list[str]:
    """Return by what the figures can be compared here."""
    ways = list(funnels.WAYS)
    if wanted.place or not wanted.viewer.of_client:
        ways.remove(funnels.PARTNER)
    if wanted.team or wanted.part.without_team:
        ways.remove(funnels.TEAM)
    if wanted.part.product_id:
        ways.remove(funnels.PRODUCT)
    return ways


def _labels() -> dict[str, str]:
    return {
        funnels.PARTNER: pgettext("compared by", "Company"),
        funnels.TEAM: pgettext("compared by", "Team"),
        funnels.PRODUCT: pgettext("compared by", "Product"),
        funnels.MONTH: pgettext("compared by", "Month"),
    }


def _orders(order: str) -> list[tuple[str, str, bool]]:
    """Return in which orders groups can stand: word of the address, name, and whether it is this one."""
    labels = {
        funnels.BY_NAME: pgettext("sorted by", "name"),
        funnels.BY_WINS: pgettext("sorted by", "wins"),
        funnels.BY_RATE: pgettext("sorted by", "win rate"),
    }
    return [
        ("" if each == funnels.BY_NAME else each, labels[each], each == order)
        for each in funnels.ORDERS
    ]


def _by(request: PersonRequest, wanted: _Wanted) -> str:
    ways, by = _ways(wanted), request.GET.get("by", "")
    return by if by in ways else ways[0]


def _groups(request: PersonRequest, found: funnels.Figures, by: str) -> tuple[list[Group], str]:
    """Return the groups in the order that was asked for, and which that is: months follow each other as they come."""
    order = request.GET.get("sort", "")
    order = order if order in funnels.ORDERS and by != funnels.MONTH else funnels.BY_NAME
    return funnels.ordered(found.groups, order), order


@allow(*OFFICE)
@require_safe
def funnel(request: PersonRequest) -> HttpResponse:
    """From calls to wins: phases with their conversion, two win rates, amounts, and a comparison of groups."""
    wanted = _wanted(request)
    ways, labels = _ways(wanted), _labels()
    by = _by(request, wanted)
    found = funnels.figures(wanted.viewer, wanted.part, by)
    groups, order = _groups(request, found, by)
    page = Paginator(groups, PAGE_SIZE).get_page(request.GET.get("page"))
    active = sum(bool(word) for word in wanted.words.values())
    sets_up = wanted.viewer.of_client and wanted.viewer.has_role(*ROLES)
    is_empty = not found.total.people and not found.total.opened
    context = {
        "wanted": wanted,
        "total": found.total,
        "page": page,
        "lines": [(group, wanted.address(**group.filters)) for group in page.object_list],
        "held_back": sum(not group.is_shown for group in found.groups),
        "has_held_amounts": any(
            amount.hidden
            for group in page.object_list
            if group.is_shown
            for amount in group.cell.won_amounts
        ),
        "by": by,
        "by_label": labels[by],
        "orders": [] if by == funnels.MONTH or len(groups) < 2 else _orders(order),
        "file": wanted.address(by=by, sort="" if order == funnels.BY_NAME else order),
        "pills": [
            {"label": labels[way], "url": wanted.address(by=way), "current": way == by}
            for way in ways
        ],
        "active": active,
        "now": timezone.now(),
        "is_empty": is_empty,
        "sets_up": sets_up,
        "uncounted": setups.uncounted_sources() if is_empty and sets_up and not active else [],
    }
    return render(request, "sales/funnel.html", context)


@allow(*OFFICE)
@require_safe
def groups_csv(request: PersonRequest) -> HttpResponse:
    """The comparison of groups as a file for a spreadsheet; what the page holds back, so does the file."""
    wanted = _wanted(request)
    by = _by(request, wanted)
    found = funnels.figures(wanted.viewer, wanted.part, by)
    groups = [] if found.total.too_few else _groups(request, found, by)[0]
    rows = comparing.table(groups, by, _labels()[by], wanted.period)
    return sending.as_csv(rows, "sales", timezone.localdate(timezone=wanted.part.zone))


@allow(*OFFICE)
@require_safe
def records(request: PersonRequest) -> HttpResponse:
    """The records behind one figure, or those of one person; of a company that shows no figures none of its people."""
    wanted, measure = _wanted(request), request.GET.get("measure", measures.CALLS)
    if measure not in {*measures.ALL, *measures.RATED}:
        raise Http404(_("There is no such figure."))
    someone, part, around = _someone(request), wanted.part, wanted.part
    if someone:
        part = dataclasses.replace(part, person_id=someone.pk)
        place = around.organisation_id or someone.organisation_id
        around = dataclasses.replace(around, organisation_id=place)
    cell = funnels.total(wanted.viewer, around)
    of_deals = measure in {measures.WON, measures.LOST, measures.AMOUNT}
    of_outcomes = measure in measures.RATED
    page, comes_to = None, 0
    if not cell.too_few:
        page, comes_to = behind.page(wanted.viewer, part, measure, request.GET.get("page"))
    context = {
        "wanted": wanted,
        "someone": someone,
        "pills": _pills(wanted, someone, measure),
        "measure": measure,
        "of_deals": of_deals,
        "of_outcomes": of_outcomes,
        "last": _last_column(of_deals=of_deals, of_outcomes=of_outcomes),
        "too_few": cell.too_few,
        "page": page,
        "comes_to": comes_to,
        "amounts": cell.won_amounts if measure == measures.AMOUNT and not someone else [],
        "held": {amount.currency for amount in cell.won_amounts if amount.hidden},
        "sources": behind.sources(page.object_list) if page else [],
    }
    return render(request, "sales/records.html", context)


def _last_column(*, of_deals: bool, of_outcomes: bool) -> str:
    """Name what stands last in a row of records."""
    if of_outcomes:
        return pgettext("column", "Outcome")
    return pgettext("column", "Amount") if of_deals else pgettext("column", "How many")


_DECIDED = (measures.DECIDED, measures.WON, measures.LOST)


def _pills(wanted: _Wanted, someone: Person | None, measure: str) -> list[dict[str, Any]]:
    """Return the ways to the other figures of one person, or between all that was decided, won and lost.

    Amounts stand beside their deals.
    """
    beside: tuple[str, ...] = _DECIDED if measure in _DECIDED else ()
    if someone:
        beside = tuple(each for each in measures.ALL if each != measures.AMOUNT)
    return [
        {
            "label": sales_words.LABELS[each],
            "url": wanted.address(person=str(someone.pk) if someone else "", measure=each),
            "current": each == measure,
        }
        for each in beside
    ]
