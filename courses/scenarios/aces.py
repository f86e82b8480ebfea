"""Faces of aces beside what they explain: all that a rep gets to see of people elsewhere, and only in what they play.

An ace of the client is shown to everybody who plays; a partner's ace to the client and their own colleagues. Who is no
ace any more, or isn't active, is shown to nobody, whatever a document says.
"""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from core.mediafiles import queries as media
from core.mediafiles.queries import Handout
from core.scope import CLIENT, scoped
from courses.scenarios import frozen, queries
from courses.scenarios.document import Document
from partners.models import Organisation, Person

SIZE = "small"


def candidates(person: Person) -> QuerySet[Person]:
    """Return the aces whom somebody may name in what they write."""
    aces = Person.objects.visible_to(person).filter(is_active=True, roles__contains=["ace"])
    return aces.select_related("organisation").by_reading()


def pictures(viewer: Person, aces: Iterable[str | None]) -> dict[str, uuid.UUID]:
    """Return the pictures of these aces that the viewer may see, by the ace's id. One query, none without aces."""
    wanted = {each for each in aces if each}
    if not wanted:
        return {}
    with scoped(
        CLIENT
    ):  # people of the client are outside of a partner's scope; who may be seen is said here
        found = Person.objects.filter(
            pk__in=wanted, is_active=True, roles__contains=["ace"], picture_id__isnull=False
        )
        if not viewer.of_client:
            found = found.filter(
                Q(organisation__kind=Organisation.Kind.CLIENT)
                | Q(organisation_id=viewer.organisation_id)
            )
        return {str(pk): asset for pk, asset in found.values_list("pk", "picture_id") if asset}


def named(document: Document) -> frozenset[str]:
    """Return the aces that a scenario names."""
    return frozenset(each.ace for each in document.explanations.values() if each.ace)


def face(viewer: Person, run_id: uuid.UUID, ace: uuid.UUID) -> Handout | None:
    """Return the face of an ace who is named in what the viewer plays or played. None for everybody else."""
    run = queries.run(viewer, run_id)
    if run is None or str(ace) not in named(frozen.played(run.version_id).document):
        return None
    asset = pictures(viewer, [str(ace)]).get(str(ace))
    if asset is None:
        return None
    with scoped(CLIENT):
        return media.picture(asset, SIZE)
