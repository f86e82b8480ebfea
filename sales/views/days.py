"""The day that a rep enters by hand: the page, and the phone's own door."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import jsonbody
from core.access import allow
from core.jsonbody import BadBodyError
from courses.catalog.keeping import keepable
from partners.queries.client import client, zone
from partners.requests import PersonRequest
from sales import currencies, days, words
from sales.actions import enter_day
from sales.days import WrongError
from sales.queries import days as reads

LISTED = 4
"""So many products have counters; the others come one at a time."""

MOST_FIELDS = 150


def _sayings() -> dict[str, str]:
    """Return what is said of what isn't a number, by its kind: the page's script says it, too."""
    return {
        "number": _("Please enter a whole number from 0 to %(most)s.") % {"most": days.MOST},
        "amount": _("Please enter the amount in digits, for example 300000."),
    }


def _wrong(error: WrongError) -> str:
    """Say what to do about a field."""
    return {
        **_sayings(),
        "choice": _("Please choose what has become of the deal, and its product."),
        "day": _("This day can't be entered any more. Please tell your manager the figures."),
    }.get(error.kind, _("This is not there any more. Please open the page again."))


def _day(word: str, today: dt.date, back: int) -> dt.date:
    """Return the day that is meant. Raises WrongError for one that can't be entered (any more)."""
    try:
        day = dt.date.fromisoformat(word) if word else today
    except ValueError:
        raise WrongError("day", "day") from None
    if not days.is_open(day, today, back):
        raise WrongError("day", "day")
    return day


@dataclasses.dataclass(frozen=True)
class _Page:
    """What the page draws from: what is known, and over it what was typed and can't be taken."""

    request: PersonRequest
    day: dt.date
    today: dt.date
    zone: dt.tzinfo
    typed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    wrong: WrongError | None = None

    def context(self) -> dict[str, Any]:
        """Return what the template shows. Four statements."""
        person = self.request.person
        ways = reads.ways(person.organisation_id)
        shelf = reads.shelf(person, self.day)
        shelf, others = self._ordered(shelf)
        since = self.today - dt.timedelta(days=settings.SALES_DAYS_BACK)
        has_deals = any(w.by_hand and not w.is_counter for w in ways.values())
        deals = reads.own_deals(person, since, self.zone) if has_deals else []
        names = [way.measure for way in ways.values() if way.is_counter]
        return {
            "day": self.day,
            "today": self.today,
            "rendered_at": timezone.now().isoformat(),
            "asks": bool(shelf and (names or has_deals)),
            "picks": list(self._picks({day for each in [*shelf, *others] for day in each.days})),
            "products": [self._product(each, names, not n) for n, each in enumerate(shelf)],
            "others": others,
            "elsewhere": _elsewhere(ways.values()),
            "has_deals": has_deals,
            "deals": [self._deal(deal) for deal in deals],
            "new": self._new(shelf),
            "outcomes": list(words.OUTCOMES.items()),
            "stages": list(words.STAGES.items()),
            "led": reads.led_to(person, self.today, self.zone),
            "sign": words.sign(settings.CURRENCY),
            "error": _wrong(self.wrong) if self.wrong else "",
            "wrong": self.wrong.field if self.wrong else "",
            "sayings": list(_sayings().items()),
        }

    def _ordered(
        self, shelf: list[reads.Shelved]
    ) -> tuple[list[reads.Shelved], list[reads.Shelved]]:
        """Return products with counters, and the rest; one that was asked for comes first."""
        wanted = self.request.GET.get("product", "")
        shelf.sort(key=lambda each: str(each.id) != wanted)
        return shelf[:LISTED], shelf[LISTED:]

    def _picks(self, entered: set[dt.date]) -> Iterator[dict[str, Any]]:
        for ago in range(settings.SALES_DAYS_BACK + 1):
            day = self.today - dt.timedelta(days=ago)
            yield {"day": day, "ago": ago, "current": day == self.day, "entered": day in entered}

    def _product(
        self, product: reads.Shelved, names: Sequence[str], is_first: bool
    ) -> dict[str, Any]:
        counters = []
        for measure in names:
            name, known = days.counter(product.id, measure), product.counts.get(measure)
            was = "" if known is None else str(known)
            value = self.typed.get(name, was or ("0" if is_first else ""))
            counters.append(
                {"name": name, "label": words.LABELS[measure], "was": was, "value": value}
            )
        return {"row": product, "counters": counters}

    def _deal(self, deal: Any) -> dict[str, Any]:
        key = days.key_of(self.request.person.pk, deal.external_id)
        amount = (
            ""
            if deal.amount is None
            else str(deal.amount // 10 ** currencies.digits(deal.currency))
        )
        was = {"outcome": deal.outcome, "stage": deal.stage, "amount": amount}
        fields = {
            part: {
                "name": days.about(key, part),
                "was": value,
                "value": self.typed.get(days.about(key, part), value),
            }
            for part, value in was.items()
        }
        is_own = deal.currency in {"", settings.CURRENCY}
        return {"row": deal, "is_own": is_own, "parts": list(fields.values()), **fields}

    def _new(self, shelf: Sequence[reads.Shelved]) -> dict[str, Any]:
        """Return the fields of a deal that isn't there yet; its key makes that it is entered once."""
        fresh = next((n.split(".")[1] for n in self.typed if n.endswith(".product")), "")
        key = fresh or f"M-{uuid.uuid4().hex[:12]}"
        typed = {part: self.typed.get(days.about(key, part), "") for part in _PARTS}
        typed["product"] = typed["product"] or (str(shelf[0].id) if shelf else "")
        is_open = bool(fresh and self.wrong)
        return {"key": key, "is_open": is_open, "amount_name": days.about(key, "amount"), **typed}


_PARTS = ("product", "outcome", "stage", "amount")


def _elsewhere(ways: Any) -> list[tuple[str, list[Any]]]:
    """Return which measures are counted from another source, by its name."""
    found: dict[str, list[Any]] = {}
    for way in ways:
        if not way.by_hand:
            found.setdefault(way.source, []).append(words.LABELS[way.measure])
    return list(found.items())


@allow("rep")
@keepable
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: PersonRequest) -> HttpResponse:
    """Enter or correct one's own day: counters, and deals by choice."""
    where = zone(client())
    today = timezone.localdate(timezone=where)
    try:
        chosen = _day(request.GET.get("day", ""), today, settings.SALES_DAYS_BACK)
    except WrongError:
        first = words.day(today - dt.timedelta(days=settings.SALES_DAYS_BACK))
        said = _("Days from %(first)s until today can be entered. This is today's page.")
        messages.info(request, said % {"first": first})
        return redirect("sales:day")
    if request.method != "POST":
        page = _Page(request, chosen, today, where)
        return render(request, "sales/day.html", page.context())
    typed = {name: value for name, value in request.POST.dict().items() if name[:2] in {"c.", "d."}}
    changed = {
        name: value for name, value in typed.items() if value != request.POST.get(f"was.{name}")
    }
    try:
        enter_day(person=request.person, day=chosen, entered=days.read(changed))
    except WrongError as error:
        page = _Page(request, chosen, today, where, typed, error)
        return render(request, "sales/day.html", page.context(), status=422)
    messages.success(request, _("Saved. Thank you."))
    return redirect(f"{reverse('sales:day')}?day={chosen.isoformat()}")


@allow("rep")
@require_POST
def take_day(request: PersonRequest) -> HttpResponse:
    """Take what a phone has kept of a day. The same again changes nothing, and a late one is still taken."""
    try:
        jsonbody.meant_for(request, request.person.pk)
        body = jsonbody.read(request)
        given = body.get("given")
        if not isinstance(given, dict) or len(given) > MOST_FIELDS:
            raise BadBodyError("bad_fields", _("An object of fields is expected."), "given")
        today = timezone.localdate(timezone=zone(client()))
        chosen = _day(str(body.get("day") or ""), today, settings.SALES_DAYS_BACK + days.LATE)
        outcome = enter_day(person=request.person, day=chosen, entered=days.read(given))
    except BadBodyError as error:
        return jsonbody.problem(request, error)
    except WrongError as error:
        return jsonbody.problem(request, BadBodyError(error.kind, _wrong(error), error.field))
    return JsonResponse(
        {
            "changed": outcome.new + outcome.changed,
            "received_at": timezone.now().isoformat(),
        }
    )
