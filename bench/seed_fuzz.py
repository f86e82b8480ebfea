"""Fill the stand with a small world of a client, a partner and its rival; prints a token that may do everything."""

import json

import django

django.setup()  # models can be imported only from here on

from core.scope import CLIENT, enter
from tests.api.programs import make_token
from tests.architecture import world


def main() -> None:
    """Build the world that the walk through all doors uses."""
    enter(CLIENT)
    ours, _mine, _rival = world.build()
    print(json.dumps({"token": make_token(ours.people["admin"])}))


main()
