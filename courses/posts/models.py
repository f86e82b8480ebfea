"""What quick posts keep beside their modules: whose they are, and what became of their video."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from core.ids import uuid7
from courses.catalog.models import Course, Module

if TYPE_CHECKING:
    from partners.models import Person

POSTERS = ("author", "admin", "ace")
"""The client's roles that may post."""

WRITERS = ("author", "admin")
"""Those of them who write courses, and may make anybody's post a lesson."""


def may_post(person: "Person") -> bool:
    """Say whether somebody may post: the client's authors, admins and aces."""
    return person.of_client and person.has_role(*POSTERS)


def may_promote(person: "Person") -> bool:
    """Say whether somebody may make posts lessons: the client's authors and admins."""
    return person.of_client and person.has_role(*WRITERS)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, as those who write them see them."""

    def visible_to(self, person: "Person") -> "PostQuerySet":
        """Everybody's for those who write courses, one's own for an ace, none for others."""
        if may_promote(person):
            return self
        return self.made_by_one(person) if may_post(person) else self.none()

    def made_by_one(self, person: "Person") -> "PostQuerySet":
        """What this person posted."""
        return self.filter(made_by=person.pk)


class Post(models.Model):
    """That a module was posted: by whom, with which file, when.

    `key` is the form's, so that one form makes one post however often it is sent. `lesson_id` is the draft that
    was made of it, in a course. `corrected_at` is when the version came out that corrected it last, and `news_at`
    since when what that one says has been new: who opened the post since then has read it.
    """

    class Video(models.TextChoices):
        """What became of its video. While it is on its way, readers find its place and the words."""

        NONE = "none"
        COMING = "coming"
        READY = "ready"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.OneToOneField(Module, on_delete=models.CASCADE, related_name="post")
    key = models.UUIDField(unique=True)
    made_by = models.UUIDField(db_index=True)
    asset_id = models.UUIDField(null=True)
    video = models.CharField(max_length=8, choices=Video.choices, default=Video.NONE)
    lesson_id = models.UUIDField(null=True, unique=True)
    published_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(video__in=("none", "coming", "ready", "failed")),
                name="post_video_known",
            ),
            models.CheckConstraint(
                condition=Q(video="none") | Q(asset_id__isnull=False),
                name="post_video_has_asset",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=True, news_at__isnull=True)
                | Q(
                    corrected_at__isnull=False,
                    news_at__isnull=False,
                    corrected_at__gte=F("news_at"),
                ),
                name="post_corrected_has_news",
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at"], condition=Q(video="coming"), name="post_video_coming"
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.module_id}"

    @property
    def end(self) -> str:
        """Its end as a form carries it: a moment, or nothing."""
        return self.module.expires_at.isoformat() if self.module.expires_at else ""


class Shelf(models.Model):
    """The course in which posts stand: one row, one course. It is made with the first post."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    course = models.OneToOneField(Course, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="post_shelf_single")]

    def __str__(self) -> str:
        return f"shelf {self.course_id}"
