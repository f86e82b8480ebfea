"""The ace's side: who holds a link writes one explanation, and records a video of it. It shows nothing else."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from core.access import allow
from core.mediafiles import limits
from core.models import Asset
from core.scope import CLIENT, scoped
from core.views import tus
from courses.authoring.scenarios import aces
from courses.authoring.scenarios.around_forms import AnswerForm, with_base
from courses.authoring.scenarios.models import AceLink
from courses.scenarios import reading, refusals
from courses.scenarios.actions.drafting import ConflictError
from courses.scenarios.document import Document, Explanation, Scene
from courses.scenarios.faults import FaultError
from courses.scenarios.models import ScenarioDraft
from partners import guessing
from partners.models import Person


@allow("anyone")
@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def ace(request: HttpRequest, token: str) -> HttpResponse:
    """Show one moment with its explanation, and take what the ace says of it."""
    link = _link(request, token)
    if link is None:
        return render(request, "scenarios/around/ace_closed.html", status=404)
    with scoped(CLIENT):
        return _page(request, link, token)


def _link(request: HttpRequest, token: str) -> AceLink | None:
    return aces.opened(token) if guessing.secret(request).allowed else None


def _page(request: HttpRequest, link: AceLink, token: str) -> HttpResponse:
    draft = ScenarioDraft.objects.get(pk=link.scenario_id)
    document = reading.parse(draft.document)
    scene = _scene(document, link.about)
    if scene is None:
        return render(request, "scenarios/around/ace_closed.html", status=404)
    aces.noted(link)
    now = document.explanations.get(link.about, Explanation())
    conflict: Explanation | None = None
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("name", "why", "thinking", "words")}
            try:
                aces.answer(link=link, base=form.cleaned_data["base"], fields=said)
            except ConflictError as error:
                conflict = error.current.document.explanations.get(link.about, Explanation())
                with_base(form, error.current.revision)
                form.add_error(None, _("Somebody else has written here meanwhile; see below."))
            except FaultError as error:
                form.add_error(None, refusals.fault(error))
            else:
                messages.success(request, _("Thank you! Your words are in the draft."))
                return redirect("scenario_desk:ace", token)
    else:
        form = AnswerForm(
            initial={
                "name": now.name or link.name,
                "why": now.why,
                "thinking": now.thinking,
                "words": now.words,
                "base": draft.revision,
            }
        )
    context: dict[str, Any] = {
        "form": form,
        "link": link,
        "scene": scene,
        "about": link.about,
        "document": document,
        "conflict": conflict,
        "video": Asset.objects.filter(pk=now.video).first() if now.video else None,
        "most": limits.VIDEO_BYTES,
        "token": token,
    }
    status = 422 if form.errors else 200
    return render(request, "scenarios/around/ace.html", context, status=status)


def _scene(document: Document, about: str) -> Scene | None:
    if about in document.choice:
        return document.choice[about][0]
    return document.by_key.get(about)


@allow("anyone")
@never_cache
@require_http_methods(["POST", "OPTIONS"])
def uploads(request: HttpRequest, token: str) -> HttpResponse:
    """Begin to send a video (tus), on behalf of the author who asked."""
    link = _sending(request, token)
    with scoped(CLIENT):
        answer = tus.uploads(request)
        if answer.status_code == 201:
            begun = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
            AceLink.objects.filter(pk=link.pk).update(upload=uuid.UUID(begun))
    return answer


@allow("anyone")
@never_cache
def upload(request: HttpRequest, token: str, upload_id: uuid.UUID) -> HttpResponse:
    """Go on with the video of this link, and none else; once it is whole it belongs to the explanation."""
    link = _sending(request, token)
    if link.upload != upload_id:
        raise Http404
    with scoped(CLIENT):
        answer = tus.upload(request, upload_id)
        if asset := answer.headers.get("Upload-Asset", ""):
            _attach(link, asset)
    return answer


def _sending(request: HttpRequest, token: str) -> AceLink:
    """Return the link through which something is sent, and let its author answer for it. Raises Http404."""
    link = _link(request, token)
    if link is None:
        raise Http404
    with scoped(CLIENT):
        request.on_behalf_of = Person.objects.get(pk=link.made_by)  # type: ignore[attr-defined]
    return link


def _attach(link: AceLink, asset: str) -> None:
    """Show the video in the explanation: what else stands there stays, so nobody is in the way."""
    draft = ScenarioDraft.objects.only("revision").get(pk=link.scenario_id)
    aces.answer(link=link, base=draft.revision, fields={"video": asset})
