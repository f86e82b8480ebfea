"""Captions from a file: taken at once where there were none, else after asking what they replace."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from core.mediafiles import actions, captions
from core.mediafiles.errors import MediaError
from core.mediafiles.forms import CaptionsForm
from core.models import Asset

_AGE = 24 * 60 * 60
"""For so many seconds a file that was brought waits for the answer."""


@dataclass(frozen=True)
class Summed:
    """Captions in short: how many there are, and the first."""

    count: int
    first: str


def take(request: HttpRequest, asset: Asset, form: CaptionsForm) -> HttpResponse | None:
    """Take the captions that a request brings, or ask what they shall replace.

    Returns where it goes on; nothing where the form says what is to be mended.
    """
    if "kept" in request.POST:
        return _answered(request, asset, form)
    if not form.is_valid():
        return None
    language, file = form.cleaned_data["language"], form.cleaned_data["file"]
    try:
        text = captions.to_webvtt(file.incoming.file.read(), asset.duration_ms)
    except MediaError as error:
        form.add_error("file", ValidationError(error.message, code=error.code))
        return None
    before = there(asset, language)
    if before and before != text:
        return _ask(request, asset, language, text)
    return _put(request, asset, language, text, actions.captions_base(before))


def _answered(request: HttpRequest, asset: Asset, form: CaptionsForm) -> HttpResponse | None:
    """Replace captions by those that were asked about."""
    try:
        kept = request.POST["kept"]
        language, text, base = signing.loads(kept, salt=_salt(asset), max_age=_AGE)
    except signing.BadSignature:
        form.errors.clear()
        message = _("That was too long ago. Please choose the file once more.")
        form.add_error("file", ValidationError(message, code="captions_kept"))
        return None
    return _put(request, asset, language, text, base)


def _put(request: HttpRequest, asset: Asset, language: str, text: str, base: str) -> HttpResponse:
    cues = captions.parse(text)
    try:
        actions.write_captions(asset=asset, language=language, cues=cues, base=base)
    except actions.CaptionsConflictError:
        return _ask(request, asset, language, text)
    messages.success(request, _("The captions are in place."))
    if asset.state != Asset.State.READY:
        return redirect("core:video", pk=asset.pk)
    return redirect("core:edit_captions", pk=asset.pk, language=language)


def _ask(request: HttpRequest, asset: Asset, language: str, text: str) -> HttpResponse:
    """Show what is there and what would replace it; the file comes along, nobody chooses it twice."""
    before = there(asset, language)
    if not before:
        return _put(request, asset, language, text, actions.captions_base(""))
    kept = [language, text, actions.captions_base(before)]
    more = {
        "kept": signing.dumps(kept, salt=_salt(asset), compress=True),
        "brought": _summed(text, language),
    }
    found = context(asset, language, before) | more
    return render(request, "core/captions_replace.html", found)


def context(asset: Asset, language: str, text: str) -> dict[str, Any]:
    """Return what a question about captions that are there shows of them."""
    return {
        "asset": asset,
        "language": language,
        "label": dict(settings.LANGUAGES)[language],
        "there": _summed(text, language),
    }


def there(asset: Asset, language: str) -> str:
    """Return a video's captions in a language as they are now; empty where it has none. One query."""
    return asset.captions.filter(language=language).values_list("text", flat=True).first() or ""


def _summed(text: str, language: str) -> Summed:
    try:
        cues = captions.parse(text)
    except MediaError:
        return Summed(0, "")
    between = "" if language == "ja" else " "
    return Summed(len(cues), unescape(strip_tags(between.join(cues[0].text.splitlines()))))


def _salt(asset: Asset) -> str:
    return f"core.captions:{asset.pk}"
