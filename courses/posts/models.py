"""What quick posts keep beside their modules: whose they are, what they wait for, how long they last."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7
from courses.catalog.models import Course, Module

if TYPE_CHECKING:
    from partners.models import Person

POSTERS = ("author", "admin", "ace")
"""The client's roles that may post."""

LONGEST_DAYS = 366


def may_post(person: "Person") -> bool:
    """Say whether somebody may post: the client's authors, admins and aces."""
    return person.of_client and person.has_role(*POSTERS)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, as those who write them see them."""

    def visible_to(self, person: "Person") -> "PostQuerySet":
        """One's own; nobody who may not post has any."""
        return self.filter(made_by=person.pk) if may_post(person) else self.none()


class Post(models.Model):
    """That a module was posted: by whom, with which file, for how many days from its publication (None: for good).

    `key` is the form's, so that one form makes one post however often it is sent. Until `published_at` it waits
    for its file. `promoted_at`: since then its module is a lesson.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.OneToOneField(Module, on_delete=models.CASCADE, related_name="post")
    key = models.UUIDField(unique=True)
    made_by = models.UUIDField(db_index=True)
    asset_id = models.UUIDField(null=True)
    days = models.PositiveSmallIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    promoted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__range=(1, LONGEST_DAYS)),
                name="post_days_plausible",
            ),
            models.CheckConstraint(
                condition=Q(promoted_at__isnull=True) | Q(published_at__isnull=False),
                name="post_promoted_was_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(published_at__isnull=True), name="post_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.module_id}"

    @property
    def end(self) -> str:
        """Its end as a form carries it: a moment, days for what is not out yet, or nothing."""
        if self.published_at is None:
            return str(self.days or "")
        return self.module.expires_at.isoformat() if self.module.expires_at else ""


class Shelf(models.Model):
    """The course in which posts stand; one row. It is made with the first post."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    course = models.ForeignKey(Course, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="post_shelf_single")]

    def __str__(self) -> str:
        return f"shelf {self.course_id}"
