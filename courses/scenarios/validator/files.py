"""Pictures and videos: there, ready, of the right kind, and of use to those who can't see or hear them."""

from collections.abc import Iterator, Mapping

from courses.scenarios.document import Document
from courses.scenarios.validator.findings import File, Finding

_KIND = {"face": "image", "picture": "image", "video": "video", "explanation": "video"}


def check(document: Document, media: Mapping[str, File]) -> Iterator[Finding]:
    """Yield what is wrong with the files that a scenario names; parked scenes' files don't matter yet."""
    choice, scenes = document.choice, document.by_key
    for key, name, asset in document.media():
        scene = choice[key][0].key if key in choice else key
        if scene in scenes and scenes[scene].parked:
            continue
        where = (scene, key if key in choice else "", {"field": name})
        file = media.get(asset)
        if file is None:
            yield Finding("media_missing", *where)
        elif file.kind != _KIND[name]:
            yield Finding("media_wrong_kind", *where)
        elif not file.is_ready:
            yield Finding("media_not_ready", *where)
        elif file.kind == "video" and not file.has_captions:
            yield Finding("captions_missing", *where)
        if name == "explanation" and not document.explanations[key].transcript.strip():
            yield Finding("transcript_missing", *where)
        if name == "picture" and not scenes[key].alt.strip():
            yield Finding("alt_missing", *where)
