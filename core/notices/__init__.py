"""Notices for one person: kinds are declared by the apps, words are made when shown."""
