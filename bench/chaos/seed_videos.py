"""Bring so many videos to the stand, each half a minute long, for its worker to prepare.

They are made first; then it waits for its input to end: making them is no work of the stand's.
"""

import sys

import django

django.setup()  # models can be imported only from here on

from django.core.files.base import ContentFile

from core.mediafiles import actions
from core.scope import CLIENT, enter
from tests.core.media_samples import video

if __name__ == "__main__":
    enter(CLIENT)
    made = [video(30 + number, "1280x720") for number in range(int(sys.argv[1]))]
    print("made", flush=True)
    sys.stdin.read()
    for number, content in enumerate(made):
        actions.add_video(ContentFile(content), name=f"film {number}")
