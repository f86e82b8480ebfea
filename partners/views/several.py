"""Doors by which an administrator acts on several people: who was chosen, what would happen, and doing it.

They are only sent to: what was chosen goes along in the form from page to page, and nothing of it is kept.
"""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache

from core import ids
from core.access import allow
from partners.actions import several as writes
from partners.actions.invitations import Granted
from partners.forms.people import FindForm, MoveSeveralForm
from partners.models import Person, Team
from partners.problems import Problem
from partners.queries import chosen as reads
from partners.queries.client import today
from partners.requests import PersonRequest
from partners.views.invitations import handed_out, made_already, wish_of
from partners.views.pages import mend, next_url, page


@dataclasses.dataclass(frozen=True)
class Choice:
    """Who was chosen, and the list to go back to."""

    people: list[Person]
    back: str

    @property
    def ids(self) -> list[uuid.UUID]:
        """The ids of those who were chosen."""
        return [person.pk for person in self.people]


def _choice(request: PersonRequest) -> Choice | HttpResponse:
    """Return who was chosen: one by one, or all whom the list shows; the way back where they are none or too many."""
    back = next_url(request) or reverse("partners:people")
    if request.method != "POST":
        return redirect(back)
    if "all" in request.POST:
        wanted = reads.listed(request.person, FindForm(request.GET, viewer=request.person).wanted())
    else:
        wanted = _ids(request)
    if len(wanted) > reads.MOST:
        words = _("At most %(most)s people at once, please. Search or filter first.")
        messages.error(request, words % {"most": reads.MOST})
        return redirect(back)
    people = reads.chosen(request.person, wanted)
    if not people:
        messages.error(request, _("Nobody was chosen. Tick the box before each name."))
        return redirect(back)
    return Choice(people, back)


def _ids(request: PersonRequest) -> list[uuid.UUID]:
    found = set()
    for text in request.POST.getlist("who"):
        try:
            found.add(ids.parse(text))
        except ValueError:
            continue  # no list of ours holds it
    return list(found)


@allow("admin")
def chosen(request: PersonRequest) -> HttpResponse:
    """Show who was chosen, and what can be done with them, each with how many it concerns."""
    choice = _choice(request)
    return _offered(request, choice) if isinstance(choice, Choice) else choice


def _offered(request: PersonRequest, choice: Choice) -> HttpResponse:
    people = choice.people
    acts = {
        "invite": reads.to_invite(people, again=True),
        "move": reads.to_move(people, None),
        "leave": reads.to_leave(people),
    }
    context = acts | {
        "out": {act: _left_out(found) for act, found in acts.items()},
        "organisation": reads.organisation_of(people),
        "organisations": len({person.organisation_id for person in people}),
    }
    return _page(request, "several", choice, context)


@allow("admin")
@never_cache
def invite_several(request: PersonRequest) -> HttpResponse:
    """Show whom an invitation would reach and how; then invite them."""
    choice = _choice(request)
    if not isinstance(choice, Choice):
        return choice
    again = request.POST.get("again") == "yes"
    problem = ""
    if "by" in request.POST:
        by_mail = request.POST["by"] == "mail"
        try:
            found, issued = writes.invite(
                actor=request.person,
                ids=choice.ids,
                by_mail=by_mail,
                again=again,
                wish=wish_of(request),
            )
        except Granted as granted:
            return made_already(request, granted.wish, choice.back)
        except Problem as caught:
            problem = str(caught.message)
        else:
            if issued:
                return handed_out(request, issued, choice.back, also=_left_out_words(found))
            _say(request, "", found)
            return redirect(choice.back)
    fresh = reads.to_invite(choice.people, again=False)
    holding = fresh.left_out.pop("holds", [])
    only_again = bool(holding) and not fresh.fit
    shown = dataclasses.replace(fresh, fit=holding) if only_again else fresh
    context = {
        "found": shown,
        "holding": [] if only_again else holding,
        "only_again": only_again,
        "again": again,
        "key": uuid.uuid4(),
        "problem": problem,
    }
    return _page(request, "several_invite", choice, context)


@allow("admin")
def move_several(request: PersonRequest) -> HttpResponse:
    """Ask for a team and a day, show who would be moved, then move them."""
    choice = _choice(request)
    if not isinstance(choice, Choice):
        return choice
    organisation = reads.organisation_of(choice.people)
    if organisation is None or not organisation.is_active:
        return _offered(request, choice)  # which says why
    step = request.POST.get("step")
    form = MoveSeveralForm(
        request.POST if step else None,
        viewer=request.person,
        organisation=organisation,
        initial={"on": today()},
    )
    context: dict[str, Any] = {"form": form, "organisation": organisation}
    if step and form.is_valid():
        team, on = form.cleaned_data["team"], form.cleaned_data["on"]
        if step == "do" and (answer := _moved(request, choice, form)):
            return answer
        found = reads.to_move(choice.people, team)
        if late := reads.come_later(found.fit, on):
            _name_later_day(form, late)
            context["late"] = late
        else:
            context |= {"found": found, "team": team, "on": on}
    return _page(request, "several_move", choice, context)


def _name_later_day(form: MoveSeveralForm, late: list[tuple[Person, dt.date]]) -> None:
    """Say from which day on all of them can be moved, unless the form says already what is wrong."""
    if form.has_error("on"):
        return
    words = _(
        "%(n)s of them came to where they are now after this day. Choose %(day)s or a later one."
    )
    day = date_format(max(since for _person, since in late), "DATE_FORMAT")
    form.add_error("on", words % {"n": len(late), "day": day})


def _moved(request: PersonRequest, choice: Choice, form: MoveSeveralForm) -> HttpResponse | None:
    """Move them and go back to the list; where that can't be, say so in the form and return None."""
    team: Team = form.cleaned_data["team"]
    on: dt.date = form.cleaned_data["on"]
    try:
        found = writes.move(actor=request.person, ids=choice.ids, team=team, on=on)
    except Problem as problem:
        mend(form, problem)
        return None
    words = ngettext(
        "%(n)s person was moved to %(team)s.",
        "%(n)s people were moved to %(team)s.",
        len(found.fit),
    )
    _say(request, words % {"n": len(found.fit), "team": team.name}, found)
    return redirect(choice.back)


@allow("admin")
def leave_several(request: PersonRequest) -> HttpResponse:
    """Show of whom it would be noted that they have left, then note it."""
    choice = _choice(request)
    if not isinstance(choice, Choice):
        return choice
    context: dict[str, Any] = {"found": reads.to_leave(choice.people), "problem": ""}
    if request.POST.get("step") == "do":
        try:
            found = writes.leave(actor=request.person, ids=choice.ids)
        except Problem as problem:
            context["problem"] = str(problem.message)
        else:
            n = len(found.fit)
            words = ngettext(
                "It is noted that %(n)s person has left.",
                "It is noted that %(n)s people have left.",
                n,
            )
            _say(request, words % {"n": n}, found)
            return redirect(choice.back)
    return _page(request, "several_leave", choice, context)


def _page(
    request: PersonRequest, name: str, choice: Choice, context: dict[str, Any]
) -> HttpResponse:
    """Render a page about a choice; 422 where what was to be done couldn't be."""
    if found := context.get("found"):
        context["left_out"] = _left_out(found)
    response = page(request, f"partners/{name}.html", context | {"choice": choice})
    if context.get("problem"):
        response.status_code = 422
    return response


def _say(request: PersonRequest, words: str, found: reads.Sorted) -> None:
    """Say what was done, and who was left out and why."""
    if not found.fit:
        messages.info(request, _("There was nobody left to do this for; nothing was changed."))
    else:
        messages.success(request, words)
    if left_out := _left_out_words(found):
        messages.info(request, left_out)


def _left_out_words(found: reads.Sorted) -> str:
    """Return in a sentence how many are left out and why, empty where nobody is."""
    why = pgettext("between reasons", ", ").join(words for words, _people in _left_out(found))
    return _("Left out: %(why)s.") % {"why": why} if why else ""


def _left_out(found: reads.Sorted) -> list[tuple[str, list[Person]]]:
    """Return in words why people are left out, with the people."""
    return [(_why(reason, len(people)), people) for reason, people in found.left_out.items()]


def _why(reason: str, n: int) -> str:
    words = {
        "left": ngettext("%(n)s has left", "%(n)s have left", n),
        "stopped": ngettext(
            "%(n)s is of a partner that has been stopped",
            "%(n)s are of a partner that has been stopped",
            n,
        ),
        "signed_up": ngettext("%(n)s has signed up already", "%(n)s have signed up already", n),
        "holds": ngettext(
            "%(n)s holds an invitation that still works",
            "%(n)s hold an invitation that still works",
            n,
        ),
        "there": ngettext("%(n)s is in this team already", "%(n)s are in this team already", n),
    }
    return words[reason] % {"n": n}
