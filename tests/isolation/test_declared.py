"""What declares nothing fails the run: doors, tasks, handlers, notices, letters, exports, signers, tables."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core import rowsecurity
from core.api import reference
from core.notices import kinds
from core.outbox import subscriptions
from lms.celery import app
from partners.webhooks import kinds as news
from tests.architecture.doors import doors
from tests.isolation import policies, registry
from tests.isolation.samples import SAMPLES

FLOORS = ("core", "partners", "courses", "sales", "gamification", "analytics", "lms")
FILES = re.compile(r"\.(csv|xlsx|vtt|srt|zip|pdf)$|/export")
SIGNERS = {
    *("Signer", "TimestampSigner", "signing.dumps"),
    *("secrets.token_bytes", "secrets.token_urlsafe", "tokens.make"),
}


def same(found: Iterable[str], declared: Iterable[str], what: str) -> None:
    """Fail on what isn't declared, and on what is declared but not there."""
    found, declared = set(found), set(declared)
    assert not found - declared, f"Declare these {what} in tests/isolation: {found - declared}"
    assert not declared - found, f"These {what} are declared, but aren't there: {declared - found}"


def tasks() -> set[str]:
    """Return the names of all tasks of ours."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_every_task_declares_its_scope() -> None:
    same(tasks(), registry.TASKS, "tasks")
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert rung <= tasks()
    assert len(tasks()) >= registry.LEAST["tasks"]


def test_every_handler_is_declared() -> None:
    declared = [f"{module}.{name}" for module, names in registry.HANDLERS.items() for name in names]
    same((each.name for each in subscriptions()), declared, "handlers")
    assert len(declared) >= registry.LEAST["handlers"]


def test_every_kind_of_notice_and_news_is_declared() -> None:
    same(kinds.names(), registry.NOTICES, "kinds of notices")
    same((each.name for each in news.declared()), registry.NEWS, "kinds of news")
    assert len(registry.NOTICES) >= registry.LEAST["notices"]


def test_every_export_is_declared() -> None:
    files = {door.name for door in doors() if FILES.search(door.route)}
    same(files, registry.EXPORTS, "exports")


def _sources() -> Iterator[tuple[str, ast.Module]]:
    root = Path(settings.BASE_DIR)
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            name = str(path.relative_to(root))
            if "/migrations/" not in name and "/demo/" not in name:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def _called(tree: ast.Module) -> set[str]:
    """Return what a module calls: `name` and `value.name`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func
            if isinstance(name, ast.Attribute):
                found |= {name.attr, f"{ast.unparse(name.value)}.{name.attr}"}
            elif isinstance(name, ast.Name):
                found.add(name.id)
    return found


def test_every_letter_and_every_signed_address_is_declared() -> None:
    letters, secrets = set(), set()
    for name, tree in _sources():
        called = _called(tree)
        if called & {"mail.post", "mail.post_many"}:
            letters.add(name)
        if called & SIGNERS:
            secrets.add(name)
    same(letters, registry.LETTERS, "letters")
    same(secrets, registry.SECRETS, "signers")


@pytest.mark.django_db
def test_every_table_has_a_policy_or_says_why_not() -> None:
    with connection.cursor() as cursor:
        scoped = rowsecurity.scoped_tables(cursor)
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity, EXISTS (SELECT FROM pg_policy p"
            " WHERE p.polrelid = c.oid AND p.polname = 'by_organisation') FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
        found = {name: (forced, policy) for name, forced, policy in cursor.fetchall()}
    same(found.keys() - set(scoped), registry.WITHOUT_PARTNER, "tables")
    assert all(found[name] == (True, True) for name in (*scoped, "partners_organisation"))
    assert len(scoped) >= registry.LEAST["tables"]
    assert len(registry.WITHOUT_PARTNER) >= registry.LEAST["tables without a policy"]


def test_every_shared_field_has_a_policy() -> None:
    shared = {word for door in doors() if door.access for word in door.access.shared}
    same(shared, policies.POLICIES, "policies of what is shared")


def test_every_operation_and_every_sample_is_a_door() -> None:
    names = {door.name for door in doors()}
    assert not set(SAMPLES) - names
    operations = [each for group in reference.groups().values() for each in group]
    assert len(operations) >= registry.LEAST["operations"]
    assert len(names) >= registry.LEAST["doors"]
    assert len(SAMPLES) >= registry.LEAST["samples"]
