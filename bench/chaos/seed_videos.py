"""Bring so many videos to the stand, each half a minute long, for its worker to prepare."""

import sys

import django

django.setup()  # models can be imported only from here on

from django.core.files.base import ContentFile

from core.mediafiles import actions
from core.scope import CLIENT, enter
from tests.core.media_samples import video

if __name__ == "__main__":
    enter(CLIENT)
    for number in range(int(sys.argv[1])):
        actions.add_video(ContentFile(video(30 + number, "1280x720")), name=f"film {number}")
