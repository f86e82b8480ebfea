"""What can be wrong with a file that somebody gives us, and what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Promise] = {
    "picture_empty": _("This file is empty. Please choose the picture once more."),
    "picture_bytes": _("This picture is larger than 10 MB. Please make it smaller and try again."),
    "picture_pixels": _(
        "This picture has more than 25 million pixels. Please make it smaller and try again."
    ),
    "picture_frames": _(
        "This picture is a film of more than 100 pictures. Please save one of them and try again."
    ),
    "picture_type": _("We can take JPEG, PNG and WebP pictures. Please save it as one of these."),
    "picture_broken": _(
        "This picture can't be opened: the file seems damaged or incomplete. Please try another one."
    ),
    "video_empty": _("This file is empty. Please choose the video once more."),
    "video_bytes": _("This video is larger than 500 MB. Please shorten it or save it smaller."),
    "video_type": _("We can take MP4, MOV and WebM videos. Please save it as one of these."),
    "video_playlist": _(
        "This is a list of links to a video, not the video itself. Please choose the video file."
    ),
    "video_broken": _(
        "This video can't be read to its end: the file seems damaged or incomplete. "
        "Please save it again and upload it once more."
    ),
    "video_no_picture": _("There is sound in this file but no picture. Please choose a video."),
    "video_long": _("This video is longer than 60 minutes. Please cut it into parts."),
    "video_pixels": _("The picture of this video is larger than 4K. Please save it in 4K or less."),
    "video_streams": _(
        "There are too many tracks in this file. Please save it with one picture and one sound track."
    ),
    "video_codec": _(
        "This video is in a format that we can't read. Please save it as MP4 (H.264) and upload it again."
    ),
    "video_sound": _(
        "The sound of this video is in a format that we can't read. "
        "Please save it as MP4 (H.264 with AAC sound) and upload it again."
    ),
    "video_slow": _(
        "This video took too long to prepare. Please save it as MP4 (H.264) in Full HD or less and upload it again."
    ),
    "video_gave_up": _(
        "We tried several times and couldn't prepare this video. It isn't your fault; "
        "please try again, or ask the person who looks after Tomoni."
    ),
    "captions_empty": _("There are no captions in this file. Please choose a WebVTT or SRT file."),
    "captions_bytes": _("This caption file is too large. Please choose a WebVTT or SRT file."),
    "captions_text": _("The letters in this file can't be read. Please save it as UTF-8."),
    "captions_format": _(
        "These don't look like captions. Please choose a WebVTT (.vtt) or SRT (.srt) file."
    ),
    "captions_time": _(
        "Line %(line)d: this time can't be read. It should look like 00:01:02.500 --> 00:01:05.000."
    ),
    "captions_order": _(
        "Line %(line)d: this caption ends before it begins. Please mend the times."
    ),
    "captions_late": _(
        "Line %(line)d: this caption begins at %(at)s, but the video ends at %(end)s. "
        "Please mend the times, or take it out of the file."
    ),
    "cue_time": _("This time can't be read. Please write it like 1:02.5."),
    "cue_order": _("It ends before it begins. Please mend one of the times."),
    "cue_late": _("The video is over by then. Please choose an earlier time."),
    "cue_text": _("Please write what is said, or delete this caption."),
    "cue_long": _("That is too long to be read in time. Please split this caption."),
    "cues_many": _("These are more captions than we can keep. Please delete some."),
    "uploads_open": _(
        "Too many of your uploads are under way at once. Please let one finish, or cancel one."
    ),
    "uploads_day": _("That is more than can be uploaded in one day. Please go on tomorrow."),
    "uploads_hour": _("That were many uploads at once. Please go on in a while."),
    "table_bytes": _("This file is larger than 10 MB. Please bring it in several parts."),
    "scenario_bytes": _("This file is larger than 16 MB, so it is no scenario."),
    "import_bytes": _("This file is larger than 200 MB. Please bring it in several parts."),
    "no_space": _("There is no room for this file on the server just now. Nothing was changed."),
    "interrupted": _("The file didn't arrive completely. Please upload it once more."),
}


class MediaError(Exception):
    """A file that we can't take. `code` is stable, `message` says in the reader's words what to do."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def message(self) -> str:
        """The explanation, in the language of whoever reads it now."""
        return explain(self.code, **self.values)


def explain(code: str, **values: int | str) -> str:
    """Return what a code means, in the current language; a code from another version gets general words."""
    words = _WORDS.get(code)
    if words is None:
        return str(_("This file can't be used. Please try another one."))
    return str(words) % values if values else str(words)


def codes() -> frozenset[str]:
    """Return all codes that there are."""
    return frozenset(_WORDS)
