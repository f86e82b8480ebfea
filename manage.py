#!/usr/bin/env python
"""Django's command line. It acts as the database's owner unless TOMONI_ROLE says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    os.environ.setdefault("TOMONI_ROLE", "owner")
    execute_from_command_line(sys.argv)
