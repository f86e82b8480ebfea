"""Static files under hashed names, compressed once at collection, for ever cacheable."""

from typing import Any

from django.utils.functional import cached_property
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites `import` lines of our ES modules."""

    support_js_module_import_aggregation = True

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name: str, force: bool = False) -> str:
        """Return a file's address. They are the same as long as a process lives, and a page asks for ten of them."""
        found = self._addresses.get(name)
        if found is None:
            found = self._addresses[name] = str(super().url(name, force))
        return found


def add_headers(headers: Any, path: str, url: str) -> None:
    """Bind a file to its kind: it is answered before the middleware that does this for pages."""
    headers["X-Content-Type-Options"] = "nosniff"
