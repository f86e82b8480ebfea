"""Writes of webhooks: endpoints, news, sending, sending again."""

from partners.webhooks.actions.announcing import announce, is_heard

__all__ = ["announce", "is_heard"]
