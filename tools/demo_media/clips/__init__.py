"""The clips: each module has SECONDS, SONG, POSTER (the moment of its still), CUES and draw(t)."""
