"""Pages of one module beside its editor: whom it is for, and putting it away."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from courses.authoring.actions import courses as writes
from courses.authoring.doors import authors
from courses.authoring.forms import ReachForm
from courses.authoring.queries import courses as reads
from courses.authoring.views.pages import asked, mend, module_or_404, page
from partners.problems import Problem
from partners.requests import PersonRequest


@authors
def reach(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Change course, audience and last day of a module; readers meet it at once."""
    module = module_or_404(request, module_id)
    form = ReachForm(
        request.POST if request.method == "POST" else None,
        viewer=request.person,
        shelf=reads.courses(request.person),
        initial=ReachForm.of(module),
    )
    if request.method == "POST" and form.is_valid():
        try:
            writes.change_reach(module_id=module.pk, reach=form.reach())
        except Problem as problem:
            mend(form, problem)
        else:
            messages.success(request, _("Saved. Readers meet it so from now on."))
            return redirect("authoring:reach", module.pk)
    return page(request, "authoring/reach.html", {"form": form, "module": module})


@authors
def archive(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Ask whether a module is to be put away, or brought back, and do it."""
    module = module_or_404(request, module_id)
    if request.method != "POST":
        context = {"course": module.course, "module": module, "what": module}
        return page(request, "authoring/archive.html", context | asked(request.person, module))
    archived = request.POST.get("archived") == "yes"
    writes.archive_module(module_id=module.pk, archived=archived, by=request.person.pk)
    messages.success(request, _("Archived.") if archived else _("It is back."))
    return redirect("authoring:course", module.course_id)
