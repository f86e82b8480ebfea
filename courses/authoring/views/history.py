"""Pages of what a draft said before: the list, one state with what it changed, and taking it back."""

import dataclasses
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from courses.authoring.actions.drafts import ConflictError, restore
from courses.authoring.differences import Changed
from courses.authoring.doors import authors
from courses.authoring.models import Snapshot
from courses.authoring.naming import block_name
from courses.authoring.queries import drafts
from courses.authoring.queries import history as reads
from courses.authoring.views.pages import module_or_404, page
from partners.requests import PersonRequest


@dataclasses.dataclass(frozen=True)
class Row:
    """A changed block with its name."""

    name: str
    change: Changed


@authors
@never_cache
def history(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """List what the draft said before, the newest first."""
    module = module_or_404(request, module_id)
    entries, listed = reads.entries(module.pk, request.GET.get("page"))
    context = {
        "module": module,
        "entries": entries,
        "page": listed,
        "current": drafts.current_of(module, module.blocks.all()),
    }
    return page(request, "authoring/history.html", context)


@authors
@never_cache
def revision(request: PersonRequest, module_id: uuid.UUID, revision: int) -> HttpResponse:
    """Show one earlier state: what it changed then, or (`?with=now`) what is different today."""
    module = module_or_404(request, module_id)
    current = drafts.current_of(module, module.blocks.all())
    with_now = request.GET.get("with") == "now"
    found = reads.compared(module.pk, revision, now=current.document if with_now else None)
    if found is None:
        raise Http404
    rows = [
        Row(block_name(each.now or each.was or 0, each.kind), each)
        for each in found.differences.blocks
    ]
    context = {
        "module": module,
        "found": found,
        "rows": rows,
        "with_now": with_now,
        "current": current,
        "is_current": found.document == current.document,
    }
    return page(request, "authoring/revision.html", context)


@authors
@require_POST
def restore_revision(request: PersonRequest, module_id: uuid.UUID, revision: int) -> HttpResponse:
    """Make the draft say again what it said at a revision; nothing that was written since is lost."""
    module = module_or_404(request, module_id)
    base = request.POST.get("base", "")
    try:
        saved = restore(
            module_id=module.pk,
            base=int(base) if base.isdecimal() and len(base) < 10 else -1,
            revision=revision,
            by=request.person.pk,
        )
    except Snapshot.DoesNotExist:
        raise Http404 from None
    except ConflictError:
        messages.warning(
            request,
            _("The draft was changed meanwhile. Nothing was taken back; please look once more."),
        )
        return redirect("authoring:revision", module.pk, revision)
    if saved.changed:
        messages.success(request, _("The draft says this again. What it said before is kept too."))
    else:
        messages.success(request, _("The draft says this already."))
    return redirect("authoring:editor", module.pk)
