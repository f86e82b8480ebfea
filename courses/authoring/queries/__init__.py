"""Reads of authoring: only the client's authors and admins see drafts."""
