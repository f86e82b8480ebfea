"""Who may change people and organisations, and what must stay true afterwards."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from partners import roles as known
from partners.models import Organisation, Person
from partners.problems import Problem


def admin_only(actor: Person) -> None:
    """Raise PermissionDenied unless the actor is an administrator of the client."""
    if not (actor.of_client and actor.has_role("admin") and actor.is_active):
        raise PermissionDenied


def fitting_roles(organisation: Organisation, roles: Iterable[str]) -> list[str]:
    """Return the roles in their usual order. Raises Problem for none, or for one that doesn't fit."""
    wanted = set(roles)
    if not wanted:
        raise Problem(_("Choose at least one role."), "roles")
    allowed = known.of_kind(organisation.kind)
    if not wanted <= set(allowed):
        raise Problem(
            _("Authors, sales managers and administrators belong to the client itself."), "roles"
        )
    return [role for role in allowed if role in wanted]


def lock_admins() -> None:
    """Let one change at a time decide who is an administrator: two can't dismiss each other."""
    client = Organisation.objects.filter(kind=Organisation.Kind.CLIENT)
    list(client.select_for_update(no_key=True).values_list("pk"))


def keep_an_admin(person: Person) -> None:
    """Raise Problem if this person is the only active administrator who can sign in."""
    others = (
        Person.objects.active()
        .filter(roles__contains=["admin"], organisation__kind=Organisation.Kind.CLIENT)
        .filter(account__isnull=False)
        .exclude(pk=person.pk)
    )
    if person.has_role("admin") and not others.exists():
        raise Problem(
            _("This is the only administrator. Make somebody else an administrator first.")
        )


def not_oneself(actor: Person, person: Person, roles: Sequence[str] | None = None) -> None:
    """Raise Problem where an administrator would lock themselves out."""
    if actor.pk == person.pk and (roles is None or "admin" not in roles):
        raise Problem(
            _("You can't take this away from yourself. Please ask another administrator."),
            None if roles is None else "roles",
        )
