"""The product on disks of one megabyte: run by `test_full_disk` in namespaces of its own; prints what it answered.

unshare -rm sh -c 'mount -t tmpfs … && python -m tests.core.on_a_small_disk PERSON PERSON MODULE SOURCE'
"""

import json
import os
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment

from core.mediafiles import resumable
from core.models import Asset, Upload
from core.scope import CLIENT, scoped
from partners.models import Person
from tests.core import media_samples
from tests.core.test_tus import begin, patch, standing, told
from tests.partners.factories import sign_in

MIB = 1024 * 1024


def _who(pk: str) -> Client:
    with scoped(CLIENT):
        person = Person.objects.select_related("account").get(pk=pk)
    return sign_in(Client(raise_request_exception=False), person)


def _answered(response: Any) -> dict[str, Any]:
    is_json = "json" in response.headers.get("Content-Type", "")
    return {
        "status": response.status_code,
        "message": response.json()["message"] if is_json else "",
    }


def _counts() -> list[int]:
    with scoped(CLIENT):
        return [Asset.objects.count(), Upload.objects.count()]


def main(author: str, rep: str, module: str, source: str) -> dict[str, Any]:
    """Fill both disks, ask for everything, make room, ask again."""
    writer, learner = _who(author), _who(rep)
    video = media_samples.video(1)
    found: dict[str, Any] = {"size": len(video)}
    found["no room to begin"] = begin(writer, len(video)).status_code
    resumable._SPARE = 0
    place = str(begin(writer, len(video))["Location"])
    filler = Path(settings.MEDIA_ROOT) / "filler"
    _fill(filler, leave=len(video) // 2)
    found["piece"] = _answered(patch(writer, place, video, 0))
    found["stands at"] = standing(writer, place)
    _fill(filler, leave=0)
    found["another"] = _answered(
        writer.post(
            "/media/library/", {"file": _file(video)}, headers={"accept": "application/json"}
        )
    )
    _fill(Path(tempfile.gettempdir()) / "filler", leave=0)
    found["export"] = _answered(
        writer.get(f"/sales/imports/export/?source={source}&grain=activity&form=xlsx")
    )
    body = {
        "module": module,
        "answers": [{"item": "q001", "options": ["a"], "seq": 1}],
        "submit": True,
    }
    found["answer"] = learner.post(
        f"/api/attempts/{uuid.uuid4()}/", json.dumps(body), content_type="application/json"
    ).status_code
    found["counts while full"] = _counts()
    found["files while full"] = sorted(
        str(each.relative_to(settings.MEDIA_ROOT))
        for each in Path(settings.MEDIA_ROOT).rglob("*.mp4")
    )
    filler.unlink()
    (Path(tempfile.gettempdir()) / "filler").unlink()
    found["with room again"] = patch(writer, place, video, 0).status_code
    found["became"] = bool(writer.head(place, headers=told({})).headers.get("Upload-Asset"))
    found["export again"] = writer.get(
        f"/sales/imports/export/?source={source}&grain=activity&form=xlsx"
    ).status_code
    found["counts"] = _counts()
    return found


def _file(data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 - after the set-up

    return SimpleUploadedFile("clip.mp4", data * 8, "video/mp4")


def _fill(place: Path, leave: int) -> None:
    """Let this file take all the room there is, but for so many bytes."""
    place.unlink(missing_ok=True)
    with place.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
        os.truncate(place, max(0, place.stat().st_size - leave))


if __name__ == "__main__":
    setup_test_environment()
    json.dump(main(*sys.argv[1:]), sys.stdout)
