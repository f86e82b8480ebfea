"""PostgreSQL and Redis, ours or the person's own, and how the product is told of them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tools.launch.console import Problem
from tools.launch.places import Places
from tools.launch.postgres import Postgres
from tools.launch.processes import Program
from tools.launch.redis import Redis

DATABASE = "tomoni"
_FOREIGN_DATABASE = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")
_FOREIGN_REDIS = ("REDIS_URL", "BROKER_URL")


@dataclass(frozen=True)
class Services:
    """The services of `./run`. One that the environment names already is None here."""

    postgres: Postgres | None
    redis: Redis | None

    @classmethod
    def of(cls, places: Places) -> "Services":
        """Choose between embedded services and those of the environment.

        Raises Problem when the environment names some of a service's addresses, but not all.
        """
        foreign_database = _all_or_none(_FOREIGN_DATABASE)
        foreign_redis = _all_or_none(_FOREIGN_REDIS)
        return cls(
            postgres=None if foreign_database else Postgres(places),
            redis=None if foreign_redis else Redis(places),
        )

    def prepare(self) -> bool:
        """Make the services' folders ready; returns whether the database is brand new."""
        if self.redis:
            self.redis.prepare()
        return self.postgres.prepare() if self.postgres else False

    def programs(self) -> list[Program]:
        """Return what has to run."""
        return [service.program() for service in (self.postgres, self.redis) if service]

    def environment(self) -> dict[str, str]:
        """Return the addresses, as the settings of the product read them."""
        found = {name: os.environ[name] for name in (*_FOREIGN_DATABASE, *_FOREIGN_REDIS)
                 if name in os.environ}  # fmt: skip
        if self.postgres:
            found |= database_urls(self.postgres, DATABASE)
        if self.redis:
            found |= {"REDIS_URL": self.redis.cache_url(), "BROKER_URL": self.redis.broker_url()}
        return found

    def erase(self) -> None:
        """Remove all data; refuses to touch servers that are not ours."""
        if not self.postgres or not self.redis:
            raise Problem("--reset empties only services of its own, not those of DATABASE_URL.")
        self.postgres.erase()
        self.redis.erase()


def database_urls(postgres: Postgres, database: str) -> dict[str, str]:
    """Return the addresses of one database for the three roles and the superuser."""
    return {
        "DATABASE_URL": postgres.url("tomoni_app", database),
        "DATABASE_OWNER_URL": postgres.url("tomoni_owner", database),
        "DATABASE_WORKER_URL": postgres.url("tomoni_worker", database),
        "DATABASE_ADMIN_URL": postgres.url("postgres", "postgres"),
    }


def uses_own_services(environment: Mapping[str, str]) -> bool:
    """Say whether anything embedded is needed at all."""
    return not {"DATABASE_URL", "REDIS_URL"} <= environment.keys()


def _all_or_none(names: tuple[str, ...]) -> bool:
    missing = [name for name in names if name not in os.environ]
    if missing and len(missing) < len(names):
        raise Problem(f"With {names[0]} of your own, set {' and '.join(missing)} too.")
    return not missing
