"""The kinds of notices and news of this app, declared when all apps are there."""

from partners.webhooks import notices

notices.declare_all()
