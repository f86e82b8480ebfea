"""What is no failure of the product's: the web server itself refuses addresses of more than 8 KB with 414."""

from typing import Any

import schemathesis


@schemathesis.hook
def filter_failure(_context: Any, _failure: Any, _case: Any, response: Any) -> bool:
    """Say whether a failure counts."""
    return bool(response.status_code != 414)
