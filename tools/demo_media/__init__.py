"""Draws the demo world: faces, pictures and short captioned clips, all from our own vectors.

`python -m tools.demo_media` makes everything anew under `lms/demo/content/media/`; see `__main__`.
"""
