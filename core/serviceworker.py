"""The service worker and what it keeps: apps register it, `/sw.js` hands it out.

A browser takes a new worker when its bytes differ. So the addresses of everything that it shall keep,
with the hashes in their names, stand at its top: a deploy that changes one of them changes the worker.
"""

import functools
import hashlib
import json
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.templatetags.static import static

_script: list[str] = []
_kept: list[str] = [
    "core/tomoni.css",
    "core/icons.svg",
    "core/js/ui.js",
    "core/img/icon.svg",
    "core/img/train.svg",
    "vendor/htmx@4.0.1/htmx.min.js",
]

MANIFEST = "TOMONI_ASSETS"
"""The constant at the top of the worker: `{"version": "…", "urls": ["/static/…", …]}`."""


def register(path: str) -> None:
    """Name the static file that is the service worker. There is one: registering again replaces it."""
    _script[:] = [path]
    _forget()


def precache(*paths: str) -> None:
    """Name static files that the worker shall keep; a path that ends with `/` means all below it."""
    _kept.extend(path for path in paths if path not in _kept)
    _forget()


@functools.cache
def body() -> str:
    """Return the worker's text with the list of what it keeps. Raises LookupError if there is none."""
    if not _script:
        raise LookupError("No service worker is registered")
    names = sorted(_expanded())
    urls = [static(name) for name in names]
    version = hashlib.sha256()
    for name, url in zip(names, urls, strict=True):
        version.update(f"{url}\n".encode() + _content(name))
    manifest = {"version": version.hexdigest()[:16], "urls": urls}
    text = _content(_script[0]).decode()
    return f"self.{MANIFEST} = Object.freeze({json.dumps(manifest)});\n{text}"


@functools.cache
def fingerprint() -> str:
    """Return a hash of the worker as it is now. Raises LookupError if there is none."""
    return hashlib.sha256(body().encode()).hexdigest()[:32]


def _forget() -> None:
    body.cache_clear()
    fingerprint.cache_clear()


def _expanded() -> set[str]:
    names = {path for path in _kept if not path.endswith("/")}
    folders = tuple(path for path in _kept if path.endswith("/"))
    if folders:
        for finder in finders.get_finders():
            names.update(name for name, _ in finder.list([]) if name.startswith(folders))
    return names


def _content(path: str) -> bytes:
    """Return a static file as it is served: where files were collected, the collected one."""
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        with staticfiles_storage.open(staticfiles_storage.stored_name(path)) as file:
            return bytes(file.read())
    found = finders.find(path)
    if not isinstance(found, str):
        raise LookupError(f"There is no static file {path}")
    return Path(found).read_bytes()
