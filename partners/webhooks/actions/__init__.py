"""Writes of webhooks: endpoints, news, sending, sending again."""

from partners.webhooks.actions.announcing import announce

__all__ = ["announce"]
