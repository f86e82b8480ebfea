"""A Redis cache that may vanish: what it held is then computed again, nobody sees an error."""

from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, in which a lost server counts as an empty cache."""

    def _forgive(self, name: str, fallback: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache_unreachable", operation=name, error=str(error)[:200])
            return fallback

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or the default where there is none or no server."""
        return self._forgive("get", default, key, default, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        """Return what is known of the keys."""
        return self._forgive("get_many", {}, keys, version)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Add; True (as if added) without a server, so that nobody waits for a lock for ever."""
        return self._forgive("add", True, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """Set, if there is a server."""
        return self._forgive("set", None, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        """Set, if there is a server."""
        return self._forgive("set_many", [], *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        """Touch, if there is a server."""
        return self._forgive("touch", False, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """Count up; 1 without a server. ValueError for a key that is not there, as ever."""
        return self._forgive("incr", 1, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        """Say whether the key is known."""
        return self._forgive("has_key", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete, if there is a server."""
        return self._forgive("delete", False, *args, **kwargs)
