"""Static files under hashed names, compressed once at collection, for ever cacheable."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.functional import cached_property
from whitenoise.storage import CompressedManifestStaticFilesStorage


class OwnStaticFiles(StaticFilesConfig):
    """Django's app, without the files of apps whose pages we don't have."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "rest_framework"]


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

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages ask for: files under their hashed names. Their twins are hardly ever asked for."""
        hashed = set(self.hashed_files.values())
        yield from super().compress_files(path for path in paths if path in hashed)


def add_headers(headers: Any, path: str, url: str) -> None:
    """Bind a file to its kind: it is answered before the middleware that does this for pages."""
    headers["X-Content-Type-Options"] = "nosniff"
