"""What authoring adds to the frame of every page and to lower apps' pages."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import nav
from courses.authoring import notices
from courses.catalog.models import Module
from partners import firststeps
from partners.firststeps import Step
from partners.models import Person

nav.register(
    "authoring", _("Write"), "edit", "authoring:courses", roles=["author", "admin"], order=15
)
notices.declare_all()


@firststeps.tell(order=10)
def first_module(viewer: Person) -> Step:
    """Ask a new client for something to learn. One query."""
    lessons = Module.objects.visible_to(viewer).filter(
        form=Module.Form.LESSON, version__isnull=False, is_archived=False
    )
    return Step(
        "learn",
        _("Publish a first module"),
        _("Three minutes: a video or a text, and some questions"),
        reverse("authoring:courses"),
        lessons.exists(),
    )
