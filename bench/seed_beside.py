"""Put a video of so many seconds into the stand, to be prepared; prints JSON."""

import json
import sys

import django

django.setup()

from django.core.files.base import ContentFile

from core.mediafiles.actions import add_video
from tests.core.media_samples import video


def main(seconds: int) -> None:
    """Add it as if it had been uploaded."""
    asset = add_video(ContentFile(video(seconds, "1280x720")), name="beside")
    json.dump({"asset": str(asset.pk)}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
