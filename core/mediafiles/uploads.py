"""Uploads that are counted, hashed and written to the media's disk while they arrive.

>>> @allow("author")
... @receives(file=limits.VIDEO_BYTES)
... def upload(request): ...   # request.FILES["file"] is an `Arrived`
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from core import jsonbody
from core.mediafiles.errors import MediaError
from core.mediafiles.storage import Incoming

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]

_CHUNK = 256 * 1024
_FORM = 1024 * 1024
"""What a form may weigh beside its files."""


class Arrived(UploadedFile):  # type: ignore[type-arg] # generic for the checker only
    """An uploaded file on the media's disk, or, in `refusal`, why there is none.

    Whoever uses it keeps `incoming`; else it is gone with the request.
    """

    def __init__(self, incoming: Incoming, name: str, refusal: MediaError | None) -> None:
        super().__init__(file=incoming.file, name=name, size=incoming.size)
        self.incoming = incoming
        self.refusal = refusal

    def close(self) -> None:
        """Forget what wasn't kept."""
        self.incoming.close()


class DiskHandler(FileUploadHandler):
    """Writes each field's file to disk as it comes; one that is too large is read on but not kept."""

    chunk_size = _CHUNK

    def __init__(self, request: HttpRequest, most: dict[str, int], too_large: str) -> None:
        super().__init__(request)
        self._most = most
        self._too_large = too_large
        self._incoming: Incoming | None = None
        self._refusal: MediaError | None = None
        self._ceiling = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file. A field that isn't expected gets no room."""
        super().new_file(*args, **kwargs)
        most = self._most.get(str(self.field_name), 0)
        self._ceiling = 2 * most + _FORM
        self._refusal = None
        self._incoming = Incoming(most, self._too_large)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece. The rest of a refused file is read, so that the browser hears the answer."""
        if start > self._ceiling:
            raise StopUpload(connection_reset=True)
        if self._refusal is not None or self._incoming is None:
            return
        try:
            self._incoming.write(raw_data)
        except MediaError as error:
            self._refusal = error
            self._incoming.close()

    def file_complete(self, file_size: int) -> Arrived | None:
        """Hand the file, or the refusal, to the form."""
        if self._incoming is None:
            return None
        arrived = Arrived(self._incoming, self.file_name or "", self._refusal)
        if self._refusal is None:
            self._incoming.file.seek(0)
        self._incoming = None
        return arrived

    def upload_interrupted(self) -> None:
        """Forget what came so far."""
        if self._incoming is not None:
            self._incoming.close()


def receives(too_large: str = "video_bytes", **most: int) -> Callable[[View], View]:
    """Let a view take files of at most these sizes, by field; `too_large` is the code of the refusal.

    A request that announces more than twice as much is answered 413 without reading it. The check
    against forged forms comes after the handler is set, since it reads the form.
    """
    ceiling = 2 * sum(most.values()) + _FORM

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            announced = jsonbody.announced(request)
            if announced is None or announced > ceiling:
                log.info("upload_refused", announced=announced)
                answer = render(request, "core/too_large.html", status=413)
                answer["Connection"] = "close"
                return answer
            request.upload_handlers = [DiskHandler(request, most, too_large)]
            return protected(request, *args, **kwargs)

        return wrapped

    return decorate
