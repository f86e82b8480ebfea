"""What quick posts add to lower apps' pages: this morning's word at home and on the shelf."""

import uuid

from django.template.loader import render_to_string

from core.notices.kinds import declare
from core.slots import fill
from courses.posts import queries, words
from courses.posts.models import may_post
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
    """Let those who write courses make a post a lesson."""
    found = queries.of_module(request.person, module_id)
    return render_to_string("posts/_promote.html", {"post": found}, request) if found else ""


def _section(request: PersonRequest, most: int, *, posts: bool) -> str:
    found = queries.words_for(request.person, most)
    if not found and not posts:
        return ""
    return render_to_string("posts/words.html", {"words": found, "may_post": posts}, request)
