"""The product's web server, whose processes die for tokens: see `deadly`."""

from lms.wsgi import application

# isort: split
from bench.chaos import deadly

__all__ = ["application", "deadly"]
