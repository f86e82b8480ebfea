"""What a new module begins with: the blocks of the template that its author chose."""

import secrets

from courses.catalog.blocks import RawBlock

TEMPLATES = ("empty", "news", "voice", "failure", "culture", "feature")
"""Nothing, product news, a customer's voice, a failure, a story of our culture, a feature for a problem."""

_KINDS = {
    "empty": (),
    "news": ("video", "text", "phrases", "quiz"),
    "voice": ("story", "phrases", "quiz"),
    "failure": ("story", "text", "quiz"),
    "culture": ("video", "text", "person"),
    "feature": ("text", "story", "phrases", "quiz"),
}


def blocks_for(template: str, language: str) -> list[RawBlock]:
    """Return the blocks with which this template begins. Raises KeyError for an unknown one."""
    return [RawBlock(secrets.token_hex(4), kind, {}) for kind in _KINDS[template]]
