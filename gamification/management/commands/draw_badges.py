"""`manage.py draw_badges`: draw the pictures of all badges into the static files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from gamification import badge_art, badges

FOLDER = Path(__file__).resolve().parents[2] / "static"


class Command(BaseCommand):
    """Writes WebP without loss, so that a test can prove that the files are those of the code."""

    help = "Draws the pictures of all badges into gamification/static/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw each badge."""
        for badge in badges.BADGES:
            path = FOLDER / badge.picture
            path.parent.mkdir(parents=True, exist_ok=True)
            badge_art.draw(badge.key).save(path, "WEBP", lossless=True, method=6, exact=True)
            self.stdout.write(f"{path.name} {path.stat().st_size:,} B")
