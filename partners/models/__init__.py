"""Tables of people and organisations."""

from partners.models.account import Account
from partners.models.invitation import Invitation, SignInLink
from partners.models.organisation import Client, Organisation, Team
from partners.models.person import Membership, Person, full_name

__all__ = [
    "Account",
    "Client",
    "Invitation",
    "Membership",
    "Organisation",
    "Person",
    "SignInLink",
    "Team",
    "full_name",
]
