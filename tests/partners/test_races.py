"""Two at once: of an invitation, a link, and of administrators who dismiss each other, one wins."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from partners.actions import invitations, links
from partners.models import Account, Invitation, Person, SignInLink
from tests.concurrency.racing import race
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
