"""`manage.py provision`: make the three roles and the database, as the server's superuser."""

from typing import Any

import dj_database_url
import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql

ROLES = {"tomoni_owner": "CREATEDB", "tomoni_app": "", "tomoni_worker": ""}


class Command(BaseCommand):
    """Idempotent: run it as often as you like."""

    help = "Creates the roles tomoni_owner, tomoni_app, tomoni_worker and the database (needs DATABASE_ADMIN_URL)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`--drop` removes the database first."""
        parser.add_argument("--drop", action="store_true", help="drop the database first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing. Passwords are those of the three DATABASE_…URLs."""
        if not settings.DATABASE_ADMIN_URL:
            raise CommandError("Set DATABASE_ADMIN_URL to a superuser's address of the server.")
        name = str(settings.DATABASES["default"]["NAME"])
        with psycopg.connect(_libpq(settings.DATABASE_ADMIN_URL), autocommit=True) as connection:
            for role, extra in ROLES.items():
                _ensure_role(connection, role, extra)
            if options["drop"]:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER tomoni_owner").format(sql.Identifier(name))
                )
        self.stdout.write(f"Roles and database {name} are ready.")


def _libpq(url: str) -> str:
    """Translate a URL, in which a socket's path may stand as host, for libpq."""
    parts = dj_database_url.parse(url)
    return psycopg.conninfo.make_conninfo(
        dbname=parts["NAME"] or "postgres",
        user=parts["USER"],
        password=parts["PASSWORD"] or None,
        host=parts["HOST"],
        port=parts["PORT"] or None,
    )


def _ensure_role(connection: "psycopg.Connection[Any]", role: str, extra: str) -> None:
    password = _password_of(role)
    verb = "ALTER" if _exists(connection, role) else "CREATE"
    statement = sql.SQL("{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS {extra}").format(
        verb=sql.SQL(verb),
        role=sql.Identifier(role),
        extra=sql.SQL(extra),
    )
    if password:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    connection.execute(statement)


def _exists(connection: "psycopg.Connection[Any]", role: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    return found is not None


def _password_of(role: str) -> str:
    url = settings.DATABASE_URLS[role.removeprefix("tomoni_")]
    return str(dj_database_url.parse(url)["PASSWORD"] or "")
