"""Isolation: a partner learns and changes nothing of a rival, tried at every way in."""
