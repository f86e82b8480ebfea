"""Rules of the whole code, checked on every run."""
