"""Pages of quick posts: posting, and one's own posts."""

import dataclasses
import uuid

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from core import ids
from core.mediafiles import limits
from core.mediafiles.actions import add_picture, add_video
from core.mediafiles.errors import MediaError
from core.mediafiles.sniff import is_picture
from core.mediafiles.uploads import Arrived, receives
from core.models import Asset
from courses.catalog import reading
from courses.catalog.models import Block
from courses.catalog.reading import ShownBlock
from courses.posts import queries, standing
from courses.posts.actions import correcting, managing, posting
from courses.posts.doors import posters
from courses.posts.forms import CorrectForm, ExtendForm, PostForm, PromoteForm, days
from courses.posts.models import Post, may_promote
from courses.posts.standing import Standing
from courses.posts.words import LASTS, OBSTACLES
from partners.models import Person
from partners.problems import Problem
from partners.requests import PersonRequest

STALE = "stale"

_PUBLISHED = {
    False: gettext_lazy("Published."),
    True: gettext_lazy("Published. The video follows by itself in a few minutes."),
}
"""What whoever posted reads, by whether the video is still being prepared."""


@posters
@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@receives(file=limits.VIDEO_BYTES)
def new(request: PersonRequest) -> HttpResponse:
    """Take a post in. With a script its file is there already, and only named; without, it comes along."""
    if request.method == "POST":
        form = PostForm(request.POST, request.FILES, viewer=request.person)
        if form.is_valid() and (post := _posted(request, form)) is not None:
            messages.success(request, _PUBLISHED[post.video == Post.Video.COMING])
            return redirect("posts:mine")
    else:
        initial = {"audience": "everybody", "lasts": "7", "key": uuid.uuid4()}
        form = PostForm(viewer=request.person, initial=initial)
    asset = _kept(request, form)
    context = {"form": form, "most": limits.VIDEO_BYTES, "asset": asset}
    return render(request, "posts/new.html", context, status=422 if form.errors else 200)


def _posted(request: PersonRequest, form: PostForm) -> Post | None:
    """Post what was filled in; what is wrong becomes the form's errors."""
    try:
        file = form.cleaned_data["file"]
        asset_id = form.cleaned_data["asset"]
        if isinstance(file, Arrived):
            asset_id = _taken(request.person, file).pk
        wanted = form.wanted(asset_id, get_language() or "ja")
        return posting.make_post(person=request.person, wanted=wanted)
    except MediaError as error:
        form.add_error("file", error.message)
    except Problem as problem:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, str(problem.message))
    return None


def _taken(person: Person, file: Arrived) -> Asset:
    """Take a file that came with the form. Raises MediaError."""
    if is_picture(file.incoming.head):
        return add_picture(file.incoming.file.read(), name=file.name or "", uploaded_by=person.pk)
    return add_video(file.incoming, name=file.name or "", uploaded_by=person.pk)


def _kept(request: PersonRequest, form: PostForm) -> Asset | None:
    """Return the file that a form to be mended has already."""
    try:
        named = ids.parse(form.data.get("asset"))
    except ValueError:
        return None
    found = posting.own_asset(request.person, named)
    return found if found is not None and found.state != Asset.State.FAILED else None


@posters
@never_cache
def mine(request: PersonRequest) -> HttpResponse:
    """List one's own posts with where they stand, for authors everybody's too (htmx: the list alone)."""
    writes = may_promote(request.person)
    everybody = _is_of_all(request)
    rows, page = queries.mine(request.person, request.GET.get("page"), everybody=everybody)
    context = {
        "rows": rows,
        "page": page,
        "is_moving": any(row.state == "preparing" for row in rows),
        "lasts": LASTS.items(),
        "writes": writes,
        "everybody": everybody,
    }
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "posts/_list.html" if partial else "posts/mine.html", context)


def _is_of_all(request: PersonRequest) -> bool:
    """Say whether everybody's posts are meant, which only those who write courses see."""
    return request.GET.get("of") == "all" and may_promote(request.person)


@posters
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, post_id: uuid.UUID) -> HttpResponse:
    """Correct a post's title and words, for whoever posted it and for those who write courses."""
    now = standing.of(_to_correct(request, post_id))
    initial = {**dataclasses.asdict(now.said), "base": now.said.base}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=initial)
    # Somebody else's stands in no other list than everybody's.
    everybody = _is_of_all(request) or now.post.made_by != request.person.pk
    listed = reverse("posts:mine") + ("?of=all" if everybody else "")
    if form.is_valid() and _is_corrected(request, now.post, form):
        return redirect(listed)
    is_stale = form.has_error(NON_FIELD_ERRORS, STALE)
    if form.is_bound:
        now = standing.of(_to_correct(request, post_id))
    if is_stale:
        # Only here the page shows what the post says now; elsewhere somebody still goes on from what they saw.
        form.data = {**request.POST.dict(), "base": now.said.base}
    context = {
        "form": form,
        "now": now,
        "files": _files(request, now),
        "listed": listed,
        "label": _("Everybody's posts") if everybody else _("My posts"),
        "obstacle": OBSTACLES.get(now.obstacle, ""),
        "is_stale": is_stale,
        "writes": may_promote(request.person),
    }
    return render(request, "posts/edit.html", context, status=422 if form.errors else 200)


def _files(request: PersonRequest, now: Standing) -> list[ShownBlock]:
    """Return what to draw of a post besides the form: all of it where nobody finds it any more, else its picture."""
    version = now.post.module.version
    if version is None:
        return []
    shown = reading.blocks(version.document, request.person.pk, get_language())
    return shown if now.kept else [each for each in shown if each.kind == Block.Kind.IMAGE]


def _is_corrected(request: PersonRequest, post: Post, form: CorrectForm) -> bool:
    """Publish what was filled in; what is wrong becomes the form's errors."""
    try:
        changed = correcting.correct(post_id=post.pk, by=request.person.pk, **form.cleaned_data)
    except correcting.StaleError:
        said = _("Somebody has corrected this post meanwhile, so nothing was published; see below.")
        form.add_error(None, ValidationError(said, STALE))
        return False
    except Problem as problem:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, str(problem.message))
        return False
    said = _("Corrected. Readers see it now.") if changed else _("Nothing has changed.")
    messages.success(request, said)
    return True


def _to_correct(request: PersonRequest, post_id: uuid.UUID) -> Post:
    found = queries.to_correct(request.person, post_id)
    if found is None:
        raise Http404
    return found


@posters
@require_POST
def extend(request: PersonRequest, post_id: uuid.UUID) -> HttpResponse:
    """Show a post longer."""
    post = _post(request, post_id)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    if managing.extend(post_id=post.pk, days=days(data["lasts"]), base=data["base"]):
        messages.success(request, _("It is shown longer."))
    else:
        messages.warning(request, _("It was changed meanwhile. Please look at it as it is now."))
    return redirect("posts:mine")


@posters
@require_POST
def take_back(request: PersonRequest, post_id: uuid.UUID) -> HttpResponse:
    """Take a post back, or let it be seen again."""
    post = _post(request, post_id)
    archived = request.POST.get("archived") != "no"
    managing.take_back(post_id=post.pk, archived=archived)
    messages.success(request, _("Taken back.") if archived else _("It is back."))
    return redirect("posts:mine")


@posters
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promote(request: PersonRequest, post_id: uuid.UUID) -> HttpResponse:
    """Begin a lesson from anybody's post, then lead to its draft; for those who write courses."""
    post = queries.for_lesson(request.person, post_id)
    if post is None:
        raise Http404
    bound = request.POST if request.method == "POST" else None
    form = PromoteForm(bound, shelf=queries.courses_for_lessons())
    if bound is not None and form.is_valid():
        try:
            lesson = managing.promote(post_id=post.pk, course_id=form.cleaned_data["course"].pk)
        except Problem as problem:
            form.add_error(problem.field, str(problem.message))
        else:
            messages.success(request, _("This is its draft. Add a quiz, then publish it."))
            return redirect("authoring:editor", lesson)
    context = {"form": form, "post": post, "has_courses": form.fields["course"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "posts/promote.html", context, status=422 if form.errors else 200)


def _post(request: PersonRequest, post_id: uuid.UUID) -> Post:
    found = queries.own(request.person, post_id)
    if found is None:
        raise Http404
    return found
