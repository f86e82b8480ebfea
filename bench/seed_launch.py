"""Fill the stand with reps who have passwords, and one module with a video and ten questions; prints JSON."""

import json
import random
import sys

import django

django.setup()

from django.contrib.auth.hashers import make_password

from core.mediafiles import actions, storage
from core.models import Asset
from partners.models import Account
from tests.courses.factories import make_module, single
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, make_team

_A_TEAM = 50
_VIDEO_BYTES = 2_000_000


def main(reps: int) -> None:
    """Make so many reps, fifty in a team of their own partner, all with the same password."""
    make_client()
    logins = []
    for number in range(reps):
        if number % _A_TEAM == 0:
            partner = make_partner()
            team = make_team(partner)
        person = make_person(partner, team=team)
        logins.append(person.email)
    Account.objects.filter(person__organisation__kind="partner").update(
        password=make_password(PASSWORD)
    )
    video = Asset.objects.create(kind="video", state="ready", duration_ms=60_000)
    kept = storage.put(random.Random(5).randbytes(_VIDEO_BYTES), "mp4")
    actions.rendition(video, "main", kept, "video/mp4", (1280, 720)).save()
    module = make_module(
        items=[single(f"q{n:03}") for n in range(10)], blocks=[("video", {"asset": str(video.pk)})]
    )
    made = {"logins": logins, "password": PASSWORD, "module": str(module.pk)}
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
