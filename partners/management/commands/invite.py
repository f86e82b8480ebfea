"""`manage.py invite ADDRESS`: a way in for somebody who can't get in, also where no administrator is left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.scope import CLIENT, scoped
from partners import cleaning
from partners.actions import invitations
from partners.actions import people as writes
from partners.problems import Problem
from partners.queries import people


class Command(BaseCommand):
    """Makes a new invitation, prints its link, and mails it if asked to; may make an administrator as well."""

    help = "Make an invitation for a person and print its link; accepting it sets a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person's e-mail address or log-in name."""
        parser.add_argument(
            "name", metavar="ADDRESS", help="the person's e-mail address or log-in name"
        )
        parser.add_argument("--mail", action="store_true", help="mail it, too")
        parser.add_argument(
            "--admin",
            action="store_true",
            help="make this person of the client an administrator as well",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the person, make them an administrator if asked to and the invitation, print the link."""
        name = cleaning.address(options["name"])
        with transaction.atomic(), scoped(CLIENT):
            found = people.holders(name, name)
            if not found:
                raise CommandError(f"Nobody has the address or log-in name {name}.")
            try:
                if options["admin"]:
                    for person in found:
                        writes.make_admin(person_id=person.pk)
                issued = invitations.issue(people=found, by_mail=options["mail"], created_by=None)
            except Problem as problem:
                raise CommandError(str(problem.message)) from None
        for each in issued:
            self.stdout.write(f"{each.person.name}: {each.url}")
