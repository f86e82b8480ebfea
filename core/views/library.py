"""The library of videos: who writes courses uploads here, and sees how far each video is."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access import allow
from core.mediafiles import actions, limits, links, queries, resumable, shown
from core.mediafiles.errors import MediaError, explain
from core.mediafiles.forms import CaptionsForm, VideoForm
from core.mediafiles.uploads import receives
from core.middleware import wants_json
from core.models import Asset, Rendition
from core.views import replacing
from core.views.who import Someone, person_of

_A_PAGE = 20


@dataclass(frozen=True)
class Row:
    """A video as the list shows it."""

    asset: Asset
    poster: str
    problem: str
    languages: list[str]
    missing: list[str]

    @property
    def is_moving(self) -> bool:
        """Whether it will look different soon."""
        return self.asset.state in {Asset.State.WAITING, Asset.State.WORKING}

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.asset.duration_ms or 0) / 1000


@allow("author", "admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@receives(file=limits.VIDEO_BYTES)
def library(request: HttpRequest) -> HttpResponse:
    """List the videos (htmx: the list alone) and take new ones in. 5 queries."""
    form = VideoForm()
    if request.method == "POST":
        form = VideoForm(request.POST, request.FILES)
        if form.is_valid() and _take(request, form):
            messages.success(request, _("We've got your video and are preparing it for phones."))
            return redirect("core:library")
    page = _page(request)
    rows = [_row(request, asset) for asset in page]
    moving = any(row.is_moving for row in rows)
    unfinished = queries.left_behind(person_of(request).pk)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "is_moving": moving,
        "unfinished": unfinished,
        "most": limits.VIDEO_BYTES,
    }
    if request.headers.get("HX-Request") and request.method == "GET":
        return render(request, "core/media_list.html", context)
    return render(request, "core/media_library.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, form: VideoForm) -> bool:
    """Take the form's video in; what is wrong with it becomes the field's error."""
    person, file = person_of(request), form.cleaned_data["file"]
    try:
        actions.add_video(
            file.incoming,
            name=form.cleaned_data["title"] or file.name or _("Video"),
            organisation_id=owner_of(person),
            uploaded_by=person.pk,
        )
    except MediaError as error:
        form.add_error("file", ValidationError(error.message, code=error.code))
        return False
    return True


@allow("author", "admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@receives("captions_bytes", file=limits.CAPTION_BYTES)
def video(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show one video with its captions, and take captions. 404 for another organisation's.

    Where captions of that language are there already, it is asked first what they replace.
    """
    asset = library_asset(request, pk)
    form = CaptionsForm()
    if request.method == "POST":
        form = CaptionsForm(request.POST, request.FILES)
        if answer := replacing.take(request, asset, form):
            return answer
    context = {"form": form, "asset": asset, "row": _row(request, asset)}
    if request.headers.get("HX-Request") and request.method == "GET":
        return render(request, "core/media_video_body.html", context | _player(request, asset))
    status = 422 if form.errors else 200
    return render(
        request, "core/media_video.html", context | _player(request, asset), status=status
    )


@allow("author", "admin")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_captions(request: HttpRequest, pk: uuid.UUID, language: str) -> HttpResponse:
    """Ask whether a video's captions in one language shall go, then take them away."""
    asset = library_asset(request, pk)
    if request.method == "POST":
        if actions.remove_captions(asset=asset, language=language):
            messages.success(request, _("The captions are gone."))
        return redirect("core:video", pk=asset.pk)
    there = replacing.there(asset, language)
    if not there:
        return redirect("core:video", pk=asset.pk)
    return render(request, "core/captions_remove.html", replacing.context(asset, language, there))


@allow("author", "admin")
@require_POST
def retry_video(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Prepare a video again that couldn't be prepared. A script gets the asset as JSON."""
    asset = library_asset(request, pk)
    retried = actions.retry_video(asset_id=asset.pk)
    if wants_json(request):
        return JsonResponse(shown.asset(library_asset(request, pk), person_of(request).pk))
    if retried:
        messages.success(request, _("We're preparing it once more."))
    else:
        messages.warning(request, _("The original is gone by now. Please upload it once more."))
    return redirect("core:library")


@allow("author", "admin", "ace")
@require_POST
def cancel_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Forget an upload of one's own that isn't finished."""
    found = resumable.find(upload_id, person_of(request).pk)
    if found is not None:
        resumable.forget(upload_id=found.pk)
    return redirect("core:library")


def owner_of(person: Someone) -> uuid.UUID | None:
    """Return whose library it is: the client's content belongs to no organisation."""
    return None if person.of_client else person.organisation_id


def library_asset(request: HttpRequest, pk: uuid.UUID) -> Asset:
    """Return a video of the person's library. Raises Http404 for others'."""
    found: Asset = get_object_or_404(queries.library(owner_of(person_of(request))), pk=pk)
    return found


def _page(request: HttpRequest) -> Page[Asset]:
    assets = queries.library(owner_of(person_of(request)))
    return Paginator(assets, _A_PAGE).get_page(request.GET.get("page"))


def _row(request: HttpRequest, asset: Asset) -> Row:
    spoken = {caption.language for caption in asset.captions.all()}
    return Row(
        asset=asset,
        poster=link_to(request, asset, "poster"),
        problem=explain(asset.error) if asset.error else "",
        languages=[name for code, name in settings.LANGUAGES if code in spoken],
        missing=[name for code, name in settings.LANGUAGES if code not in spoken],
    )


def _rendition(asset: Asset, name: str) -> Rendition | None:
    return next((each for each in asset.renditions.all() if each.name == name), None)


def link_to(request: HttpRequest, asset: Asset, name: str) -> str:
    """Return the address of one of an asset's files for this person; empty where it has none."""
    found = _rendition(asset, name)
    return links.url(person_of(request).pk, found.pk, found.name) if found else ""


def _player(request: HttpRequest, asset: Asset) -> dict[str, object]:
    """Return what the player's fragment needs."""
    names = dict(settings.LANGUAGES)
    person = person_of(request)
    tracks = [
        {
            "src": links.caption_url(person.pk, caption.pk, caption.language),
            "lang": caption.language,
            "label": names.get(caption.language, caption.language),
            "default": caption.language == getattr(request, "LANGUAGE_CODE", ""),
        }
        for caption in asset.captions.all()
    ]
    spoken = {caption.language for caption in asset.captions.all()}
    return {
        "main": link_to(request, asset, "main"),
        "tracks": tracks,
        "languages": [(code, name, code in spoken) for code, name in settings.LANGUAGES],
        "renditions": sorted(asset.renditions.all(), key=lambda each: -each.size),
    }
