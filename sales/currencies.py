"""Currencies: how many digits their smallest unit has, and the signs by which people write them. Pure."""

_WITHOUT_PARTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX"})
_THOUSANDTHS = frozenset({"BHD", "KWD", "OMR", "TND", "JOD"})

SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def digits(currency: str) -> int:
    """Return how many digits stand behind the point: 0 for yen, 2 for dollars."""
    return 0 if currency in _WITHOUT_PARTS else 3 if currency in _THOUSANDTHS else 2
