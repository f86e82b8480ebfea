"""Start-up checks: a production that would be unsafe says why, and doesn't start.

Every check has an id, and docs/operations.md explains it. `manage.py check --database default` shows
them all; web server and workers call `enforce()` when they start.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import structlog
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections

log = structlog.get_logger(__name__)

TAG = "tomoni"

_SECRET_LENGTH = 50
_SECRET_LETTERS = 10
_BOUND_ROLES = ("app", "worker")


def enforce() -> None:
    """Raise ImproperlyConfigured, with all that is to be mended, in a production that is unsafe.

    A database that doesn't answer now is left to `/readyz`: it may only be starting.
    """
    if settings.TOMONI_ENV != "production":
        return
    try:
        found = run_checks(tags=[TAG], databases=["default"])
    finally:
        connections.close_all()  # a server that forks must not hand one connection to all its children
    problems = [message for message in found if message.is_serious() and not message.is_silenced()]
    if problems:
        lines = [
            f"{message.id}: {message.msg} {message.hint or ''}".strip() for message in problems
        ]
        raise ImproperlyConfigured("Tomoni doesn't start:\n" + "\n".join(lines))


@register(TAG)
def check_settings(**_: Any) -> Sequence[CheckMessage]:
    """Look at the environment's settings: core.E001 to core.E006 and core.E009."""
    if settings.TOMONI_ENV != "production":
        return []
    return [
        *_debug(),
        *_secret(),
        *_embedded(),
        *_mail(),
        *_public_url(),
        *_hosts(),
        *_database_roles(),
    ]


def _debug() -> list[CheckMessage]:
    if not settings.DEBUG:
        return []
    return [Error("DEBUG is on.", hint="Unset DEBUG: it shows code and settings.", id="core.E001")]


def _secret() -> list[CheckMessage]:
    key = settings.SECRET_KEY
    strong = len(key) >= _SECRET_LENGTH and len(set(key)) >= _SECRET_LETTERS
    if strong and key != settings.INSECURE_SECRET:
        return []
    hint = (
        "Set SECRET_KEY to 50 or more random characters, as `openssl rand -base64 48` makes them."
    )
    return [Error("SECRET_KEY is missing, known or too short.", hint=hint, id="core.E002")]


def _embedded() -> list[CheckMessage]:
    hosts = {_host_of(url) for url in settings.DATABASE_URLS.values()}
    sockets = {
        urlsplit(url).path for url in (settings.REDIS_URL, settings.BROKER_URL) if "+" in url
    }
    sockets |= {urlsplit(settings.REDIS_URL).path} if settings.REDIS_URL[:5] == "unix:" else set()
    if not any(_is_of_launcher(place) for place in hosts | sockets):
        return []
    hint = "`./run` is for trying out. Set DATABASE_URL, REDIS_URL and BROKER_URL to real servers."
    return [Error("The services are those of `./run`.", hint=hint, id="core.E003")]


def _is_of_launcher(place: str) -> bool:
    """Say whether a socket lies where `./run` puts its own: in a folder /tmp/tomoni…"""
    parts = PurePosixPath(place).parts
    return len(parts) > 2 and parts[1] == "tmp" and parts[2].startswith("tomoni")


def _host_of(url: str) -> str:
    return str(dj_database_url.parse(url)["HOST"])


def _mail() -> list[CheckMessage]:
    if settings.EMAIL_HOST:
        return []
    hint = "Set EMAIL_HOST and its fellows: invitations and sign-in links go out by mail."
    return [Error("There is no mail server.", hint=hint, id="core.E004")]


def _public_url() -> list[CheckMessage]:
    if urlsplit(settings.PUBLIC_URL).scheme == "https":
        return []
    hint = "Set PUBLIC_URL to the https:// address that people open: cookies and phones need it."
    return [Error("PUBLIC_URL is not https.", hint=hint, id="core.E005")]


def _hosts() -> list[CheckMessage]:
    if "*" not in {host.strip() for host in settings.ALLOWED_HOSTS}:
        return []
    hint = "Set ALLOWED_HOSTS to the names under which people reach Tomoni, separated by commas."
    return [Error("ALLOWED_HOSTS admits any name.", hint=hint, id="core.E006")]


def _database_roles() -> list[CheckMessage]:
    users = [_user(role) for role in ("owner", *_BOUND_ROLES)]
    if len(set(users)) == len(users):
        return []
    hint = "Give DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL a role of their own each."
    return [Error("The database's three roles are not three.", hint=hint, id="core.E009")]


def _user(role: str) -> str:
    return str(dj_database_url.parse(settings.DATABASE_URLS[role])["USER"])


@register(TAG, Tags.database)
def check_database(*, databases: Sequence[str] | None, **_: Any) -> Sequence[CheckMessage]:
    """Look at the database itself: core.E007, core.E008 and core.E010."""
    if settings.TOMONI_ENV != "production" or "default" not in (databases or ()):
        return []
    try:
        return [*_commits(), *_rights(), *_durability()]
    except DatabaseError as error:
        log.warning("database_not_checked", error=str(error)[:200])
        return []


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _commits() -> list[CheckMessage]:
    """An answer that was acknowledged must be on disk: 225 of 79,568 were lost with `off`."""
    ours = _rows("SELECT current_setting('synchronous_commit')", [])
    theirs = _rows(
        "SELECT split_part(entry, '=', 2) FROM pg_db_role_setting s"
        " JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) entry"
        " WHERE r.rolname = ANY(%s) AND entry LIKE 'synchronous_commit=%%'"
        " AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))",
        [[_user(role) for role in _BOUND_ROLES]],
    )
    if all(value != "off" for (value,) in [*ours, *theirs]):
        return []
    hint = (
        "Set synchronous_commit = on: else a crash of the server loses answers already confirmed."
    )
    return [Error("synchronous_commit is off.", hint=hint, id="core.E007")]


def _rights() -> list[CheckMessage]:
    """Row security binds neither superusers nor roles that may pass it by."""
    loose = _rows(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)",
        [[_user(role) for role in _BOUND_ROLES]],
    )
    hint = "ALTER ROLE … NOSUPERUSER NOBYPASSRLS: row security doesn't bind it."
    return [
        Error(f"The database role {name} may see every row.", hint=hint, id="core.E008")
        for (name,) in loose
    ]


def _durability() -> list[CheckMessage]:
    if _rows("SELECT current_setting('fsync')", []) == [("on",)]:
        return []
    hint = "Set fsync = on and restart PostgreSQL: else a power failure may ruin the database."
    return [Error("fsync is off.", hint=hint, id="core.E010")]
