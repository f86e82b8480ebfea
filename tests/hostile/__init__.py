"""Input that nobody means well with, at every door: refused in words, and nothing has changed (docs/bad-input.md)."""
