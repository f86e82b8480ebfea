"""Static files under hashed names, compressed once at collection, for ever cacheable."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites `import` lines of our ES modules."""

    support_js_module_import_aggregation = True


def add_headers(headers: Any, path: str, url: str) -> None:
    """Bind a file to its kind: it is answered before the middleware that does this for pages."""
    headers["X-Content-Type-Options"] = "nosniff"
