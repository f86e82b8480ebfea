"""Tokens: by them programs elsewhere act for an administrator, within bounds."""
