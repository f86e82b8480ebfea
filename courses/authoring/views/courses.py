"""Pages of courses: the shelf, one course, making, naming, ordering and putting away."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.authoring import words
from courses.authoring.actions import copying
from courses.authoring.actions import courses as writes
from courses.authoring.doors import authors
from courses.authoring.forms import CourseForm, NewModuleForm
from courses.authoring.queries import courses as reads
from courses.authoring.views.pages import asked, course_or_404, mend, module_or_404, page, way
from partners.problems import Problem
from partners.requests import PersonRequest


@authors
def courses(request: PersonRequest) -> HttpResponse:
    """All courses with their first modules; or the modules that were looked for, the last touched first."""
    state = request.GET.get("state", "")
    wanted = reads.Wanted(
        words=request.GET.get("q", "")[:80].replace("\x00", "").strip(),
        state=state if state in reads.STATES else "",
    )
    number = request.GET.get("page")
    context = {"wanted": wanted, "states": [(key, words.STATES[key][0]) for key in reads.STATES]}
    if wanted:
        rows, listed = reads.found(request.person, wanted, number)
        context |= {"rows": rows, "page": listed}
    else:
        shelves, listed = reads.shelves(request.person, number)
        context |= {"shelves": shelves, "page": listed}
    if wanted.state == reads.ARCHIVED:
        context["archived_courses"] = reads.courses(request.person, archived=True)[:50]
    return page(request, "authoring/courses.html", context)


@authors
def course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """One course: its modules in their order, and those that were put away."""
    found = course_or_404(request, course_id)
    rows, listed = reads.in_course(request.person, found, request.GET.get("page"))
    context = {
        "course": found,
        "rows": rows,
        "page": listed,
        "archived": reads.archived_in(request.person, found),
        "can_copy": not found.is_archived and reads.lessons_of(found).exists(),
    }
    return page(request, "authoring/course.html", context)


@authors
def new_course(request: PersonRequest) -> HttpResponse:
    """Make a course, then lead to it."""
    form = CourseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = writes.create_course(**form.cleaned_data)
        messages.success(request, _("The course is there. Now its first module."))
        return redirect("authoring:new_module", made.pk)
    return page(request, "authoring/course_form.html", {"form": form})


@authors
def edit_course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """Name a course anew."""
    found = course_or_404(request, course_id)
    initial = {"title": found.title, "summary": found.summary}
    form = CourseForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        writes.edit_course(course_id=found.pk, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("authoring:course", found.pk)
    return page(request, "authoring/course_form.html", {"form": form, "course": found})


@authors
def archive_course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """Ask whether a course is to be put away, or brought back, and do it."""
    found = course_or_404(request, course_id)
    if request.method != "POST":
        context = {"course": found, "what": found}
        return page(request, "authoring/archive.html", context | asked(request.person, found))
    archived = request.POST.get("archived") == "yes"
    writes.archive_course(course_id=found.pk, archived=archived)
    messages.success(request, _("Archived.") if archived else _("It is back."))
    return redirect("authoring:course", found.pk)


@authors
@require_POST
def move_course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """Move a course up or down on the shelf."""
    found = course_or_404(request, course_id)
    writes.move_course(course_id=found.pk, by=way(request))
    return redirect("authoring:courses")


@authors
@require_POST
def copy_course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """Duplicate a course with its modules, then lead to the copy."""
    found = course_or_404(request, course_id)
    try:
        copied = copying.copy_course(course_id=found.pk, by=request.person.pk)
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("authoring:course", found.pk)
    messages.success(request, words.copied(copied.modules))
    for told in words.left_out(archived=copied.archived, posts=copied.posts):
        messages.info(request, told)
    return redirect("authoring:course", copied.course.pk)


@authors
@require_POST
def move_module(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Move a module up or down in its course."""
    found = module_or_404(request, module_id)
    writes.move_module(module_id=found.pk, by=way(request))
    return redirect("authoring:course", found.course_id)


@authors
@require_POST
def copy_module(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """Duplicate a module, then lead to the copy's editor."""
    found = module_or_404(request, module_id)
    try:
        made = copying.copy_module(module_id=found.pk, by=request.person.pk)
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("authoring:course", found.course_id)
    messages.success(request, _("This is the copy. Give it a title of its own."))
    return redirect("authoring:editor", made.pk)


@authors
def new_module(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """Make a module from a template, then lead to its editor."""
    found = course_or_404(request, course_id)
    initial = {"language": get_language(), "template": "empty"}
    form = NewModuleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = writes.create_module(
                course_id=found.pk, wanted=form.wanted(), by=request.person.pk
            )
        except Problem as problem:
            mend(form, problem)
        else:
            return redirect("authoring:editor", made.pk)
    return page(request, "authoring/module_new.html", {"form": form, "course": found})
