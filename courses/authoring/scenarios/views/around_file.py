"""A scenario as a file: saved as it stands, and brought back."""

import dataclasses
import uuid
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.mediafiles.uploads import receives
from courses.authoring.doors import authors
from courses.authoring.scenarios import places, told
from courses.authoring.scenarios.around_forms import FileForm
from courses.authoring.scenarios.views.around import draft_or_404, shown
from courses.scenarios import queries, refusals, writing
from courses.scenarios.actions.drafting import ConflictError, save_whole
from courses.scenarios.document import Document
from courses.scenarios.faults import FaultError
from courses.scenarios.queries import Drafted
from partners.requests import PersonRequest


@authors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@receives("scenario_bytes", file=writing.MAX_BYTES)
def bring(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Take a file in as the draft. Where anything is wrong with it, nothing changes."""
    drafted = draft_or_404(request, scenario_id)
    has_scenes = bool(drafted.document.scenes)
    initial = {"base": drafted.draft.revision}
    if request.method != "POST":
        form = FileForm(initial=initial, has_scenes=has_scenes)
        return shown(request, "file", drafted, {"form": form})
    form = FileForm(request.POST, request.FILES, has_scenes=has_scenes)
    if form.is_valid():
        if not form.is_asked_for:
            form.add_error(
                "replace", _("Please say that what is there now may go. It can be undone.")
            )
        elif _taken(request, drafted, form):
            return redirect("scenario_desk:desk", drafted.scenario.pk)
    return shown(request, "file", drafted, {"form": form})


def _taken(request: PersonRequest, drafted: Drafted, form: FileForm) -> bool:
    """Put a file in the draft's place; else its form says what to mend."""
    try:
        document = writing.take_in(form.cleaned_data["file"].incoming.file.read())
        document = _with_files_here(document, form)
        saved = save_whole(
            scenario_id=drafted.scenario.pk,
            base=form.cleaned_data["base"],
            document=document,
            by=request.person.pk,
            op="import",
        )
    except FaultError as error:
        form.add_error("file", f"{places.of(error.path)}{_(': ')}{refusals.fault(error)}")
    except ConflictError:
        form.add_error(None, _("Somebody has changed the draft meanwhile. Please look once more."))
    except _MissingError:
        pass
    else:
        messages.success(
            request,
            _("The file is the draft now. “Undo” brings back what was there.")
            if saved.changed
            else _("The draft says all of this already."),
        )
        return True
    return False


class _MissingError(Exception):
    """Files that a scenario names are not here."""


def _with_files_here(document: Document, form: FileForm) -> Document:
    """Return the scenario if all its pictures and videos are here, or without those that aren't if so wished."""
    here = queries.files_of(document)
    if all(asset in here for _key, _field, asset in document.media()):
        return document
    if not form.cleaned_data["without_files"]:
        report = queries.report(document, {})
        missing = [each for each in report.findings if each.code == "media_missing"]
        for each in told.findings(document, missing)[:20]:
            form.add_error("file", f"{each.place}{_(': ')}{each.message}")
        raise _MissingError
    scenes = tuple(
        dataclasses.replace(
            each,
            face=each.face if each.face in here else None,
            picture=each.picture if each.picture in here else None,
            video=each.video if each.video in here else None,
        )
        for each in document.scenes
    )
    why = {
        key: dataclasses.replace(each, video=each.video if each.video in here else None)
        for key, each in document.explanations.items()
    }
    return dataclasses.replace(document, scenes=scenes, explanations=why)


@authors
@require_safe
def save(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Hand out the draft as a file, which `bring` takes back to the byte."""
    drafted = draft_or_404(request, scenario_id)
    return as_file(drafted.document)


def as_file(document: Document, mark: str = "") -> HttpResponse:
    """Return a scenario as a download, called as it is."""
    name = quote(f"{document.title or 'scenario'}{mark}.json")
    return HttpResponse(
        writing.export(document),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
