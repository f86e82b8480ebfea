"""The door of somebody who was invited, and the administrator's side of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from core import ids
from core.access import allow
from partners import guessing
from partners.actions import invitations as writes
from partners.forms.entering import AcceptForm
from partners.models import Organisation, Person
from partners.problems import Problem
from partners.qr import svg
from partners.queries import invitations as reads
from partners.queries import organisations, people
from partners.queries.client import client
from partners.requests import PersonRequest
from partners.views.pages import mend, page, welcome


@allow("anyone")
@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, and let who holds it choose how to sign in. Opening it uses nothing up.

    Who has accepted it and is signed in comes home: many open the mail again as they would a bookmark.
    """
    if not guessing.secret(request).allowed:
        return redirect("account_login")
    found = reads.opened(token)
    if found.state == "accepted" and found.person == getattr(request, "person", None):
        return redirect("home")
    if found.state != "open" or found.person is None:
        return _closed(request, found)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        mail=bool(found.person.email),
        initial={"language": translation.get_language()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            account = writes.accept_invitation(
                token=token,
                password=form.chosen_password(),
                language=form.cleaned_data["language"],
            )
        except writes.Closed:
            return _closed(request, reads.opened(token))
        except Problem as problem:
            mend(form, problem)
        else:
            return welcome(request, account)
    context = {"found": found, "form": form, "rules": password_validators_help_texts()}
    return page(request, "partners/invitation.html", context)


def _closed(request: HttpRequest, found: reads.Opened) -> HttpResponse:
    response = page(request, "partners/invitation_closed.html", {"found": found})
    response.status_code = 404 if found.state == "unknown" else 410
    return response


@allow("admin")
@never_cache
def invite(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """Make an invitation for one person, by mail or to hand over."""
    if request.method != "POST":
        return redirect("partners:person", person_id)
    back = reverse("partners:person", args=[person_id])
    try:
        person = people.person(request.person, person_id)
        issued = writes.invite(
            actor=request.person,
            people=[person],
            by_mail=request.POST.get("by") == "mail",
            wish=wish_of(request),
        )
    except Person.DoesNotExist:
        raise Http404 from None
    except writes.Granted as granted:
        return made_already(request, granted.wish, back, request.path)
    except Problem as problem:
        messages.error(request, str(problem.message))
        return redirect("partners:person", person_id)
    return handed_out(request, issued, back)


@allow("admin")
@never_cache
def invite_all(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Invite people of an organisation who have not signed up: by mail, or as cards to print.

    Who holds an invitation that still opens is left out unless asked for: a new one would end it.
    """
    try:
        organisation = organisations.organisation(request.person, organisation_id)
    except Organisation.DoesNotExist:
        raise Http404 from None
    back = reverse("partners:organisation", args=[organisation.pk])
    wish = wish_of(request)
    if wish and reads.is_granted(wish):
        return made_already(request, wish, back)
    asked = request.POST if request.method == "POST" else request.GET
    waiting = reads.waiting(request.person, organisation, again=asked.get("who") == "all")
    if request.method != "POST" or not waiting.people:
        mails = writes.waiting_for_mail(waiting.people)
        counts = organisations.people_by_state(request.person, organisation.pk)
        context = {
            "organisation": organisation,
            "counts": counts,
            "waiting": waiting,
            "batch": reads.BATCH,
            "mails": mails,
            "cards": len(waiting.people) - mails,
            "key": uuid.uuid4(),
        }
        return page(request, "partners/invite_all.html", context)
    by_mail = request.POST.get("by") == "mail"
    try:
        issued = writes.invite(
            actor=request.person, people=waiting.people, by_mail=by_mail, wish=wish
        )
    except writes.Granted as granted:
        return made_already(request, granted.wish, back)
    except Problem as problem:
        messages.error(request, str(problem.message))
        return redirect(back)
    return handed_out(request, issued, back)


def wish_of(request: PersonRequest) -> uuid.UUID | None:
    """Return the key of the form that was sent: the same one if it is sent again. None where it has none."""
    try:
        return ids.parse(request.POST.get("key"))
    except ValueError:
        return None


def made_already(
    request: PersonRequest, wish: uuid.UUID, back: str, again: str = ""
) -> HttpResponse:
    """Say to who sends a form a second time, as reloading does, that its invitations are made; nothing changes.

    `again` is where new ones are asked for, usually the door for several people.
    """
    context = {
        "people": reads.handed_over(request.person, wish),
        "back": back,
        "again": again or reverse("partners:invite_several"),
        "key": uuid.uuid4(),
    }
    return page(request, "partners/cards_made.html", context)


def handed_out(
    request: PersonRequest, issued: list[writes.Issued], back: str, also: str = ""
) -> HttpResponse:
    """Show what is to be handed over by hand, else go back; these addresses can't be shown a second time.

    `also` is said after how many were mailed.
    """
    mailed = sum(bool(each.invitation.mailed_to) for each in issued)
    if mailed:
        text = ngettext(
            "%(n)s invitation is on its way.", "%(n)s invitations are on their way.", mailed
        )
        messages.success(request, text % {"n": mailed})
    if also:
        messages.info(request, also)
    to_hand_over = [each for each in issued if not each.invitation.mailed_to]
    if not to_hand_over:
        return redirect(back)
    label, home = _("Code of the invitation"), client()
    cards = [
        {"issued": each, "code": svg(each.url, label), "language": each.language(home)}
        for each in to_hand_over
    ]
    context = {
        "cards": cards,
        "back": back,
        "days": writes.VALID.days,
        "local": reads.local_host(),
    }
    return page(request, "partners/cards.html", context)


@allow("admin")
def revoke(request: PersonRequest, person_id: uuid.UUID) -> HttpResponse:
    """End a person's open invitation."""
    if request.method == "POST":
        try:
            person = people.person(request.person, person_id)
        except Person.DoesNotExist:
            raise Http404 from None
        if writes.revoke_invitation(actor=request.person, person_id=person.pk):
            messages.success(request, _("The invitation has been taken back."))
    return redirect("partners:person", person_id)
