"""What quick posts add to lower apps' pages: the latest posts at home and on the shelf, and a post's own page."""

import uuid

from django.template.loader import render_to_string

from core.notices.kinds import declare
from core.slots import fill
from courses.posts import queries, words
from courses.posts.models import may_post, may_promote
from partners.requests import PersonRequest

declare(words.OUT, "check-circle", words.out_notice)
declare(words.FAILED, "alert", words.failed_notice)
declare(words.FAILED_WORDS, "alert", words.failed_words_notice)


@fill("home.word")
def at_home(request: PersonRequest) -> str:
    """Show the newest posts, and to whoever may post the way to do so."""
    return _section(request, queries.AT_HOME, posts=may_post(request.person))


@fill("learn.word")
def on_shelf(request: PersonRequest) -> str:
    """Show the posts that stand on the shelf, in a row of their own."""
    return _section(request, queries.ON_SHELF, posts=False)


@fill("post.office")
def on_its_page(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Let whoever may correct a post do so, and those who write courses make it a lesson."""
    found = queries.of_module(request.person, module_id)
    if found is None:
        return ""
    context = {"post": found, "writes": may_promote(request.person)}
    return render_to_string("posts/_office.html", context, request)


@fill("post.by")
def by_whom(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Say who posted it, and when."""
    found = _posted(request, module_id)
    return render_to_string("posts/_by.html", {"posted": found}, request) if found else ""


@fill("post.next")
def following(request: PersonRequest, *, module_id: uuid.UUID) -> str:
    """Lead to the newest post that isn't read yet. Empty where all are."""
    found = _posted(request, module_id)
    if found is None or found.following is None:
        return ""
    return render_to_string("posts/_following.html", {"word": found.following}, request)


def _posted(request: PersonRequest, module_id: uuid.UUID) -> queries.Posted | None:
    """Return what a post's page tells; both its places ask for it, the database is asked once."""
    known: dict[uuid.UUID, queries.Posted | None] = request.__dict__.setdefault("_posted", {})
    if module_id not in known:
        known[module_id] = queries.posted(request.person, module_id)
    return known[module_id]


def _section(request: PersonRequest, most: int, *, posts: bool) -> str:
    found = queries.words_for(request.person, most)
    if not found and not posts:
        return ""
    return render_to_string("posts/words.html", {"words": found, "may_post": posts}, request)
