"""Walks each person's path in Chromium, against a real web server and a real worker."""

import pytest

pytest.register_assert_rewrite("tests.browser.learner")
