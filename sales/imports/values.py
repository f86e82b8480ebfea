"""What stands in a cell, as a value: dates, counts and amounts as people in Japan and elsewhere write them. Pure.

What can be read in two ways is not guessed: the row is a problem that says how to write it. Nor is 12/25/2026 taken,
which can be read in one only: a spreadsheet that took days in the wrong order has turned 12/05/2026 of another row
into another day, without a sign, and left only such cells as text.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from core.calendars import is_day, is_no_day
from sales import currencies
from sales.measures import LARGEST_COUNT

LARGEST_AMOUNT = 10**15

ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
"""What a spreadsheet shows in a cell whose formula failed."""


class UnreadableError(Exception):
    """A cell can't be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Return a cell without full-width digits and the blanks around it. Raises UnreadableError for an error cell."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.strip()
    if text[:1] == "#" and text.upper() in ERRORS:
        raise UnreadableError("error_cell")
    return text


_TIME = (
    r"(?:[T\s]+(?P<hour>\d{1,2})[:時](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})?(?:\.(?P<part>\d{1,6})\d*)?秒?)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
_WEEKDAY = r"(?:\s*\([日月火水木金土]\))?"
_DATE = re.compile(
    rf"(?P<year>\d{{4}})([/.\-年]\s?)(?P<month>\d{{1,2}})([/.\-月]\s?)(?P<day>\d{{1,2}})日?{_WEEKDAY}{_TIME}",
    re.ASCII,
)
_COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_TIME}", re.ASCII)
_ERA = re.compile(
    r"(?P<era>令和|平成|昭和|大正|[RHST])\.?\s?(?P<year>\d{1,2}|元)[年./\-]\s?"
    rf"(?P<month>\d{{1,2}})[月./\-]\s?(?P<day>\d{{1,2}})日?{_WEEKDAY}{_TIME}",
    re.ASCII | re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_TWO_WAYS = re.compile(
    r"(?P<first>\d{1,2})[/.\-](?P<second>\d{1,2})[/.\-](?P<year>\d{2}|\d{4})([T\s].*)?", re.ASCII
)
_SHORT = re.compile(
    rf"(?P<month>\d{{1,2}})(?:/|月\s?)(?P<day>\d{{1,2}})日?(?P<rest>{_WEEKDAY}{_TIME})", re.ASCII
)
_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911} | {
    "R": 2018, "H": 1988, "S": 1925, "T": 1911,
}  # fmt: skip
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_YEARS = range(1950, 2101)
_LEAP_YEAR = 2000


@lru_cache(maxsize=20_000)
def moment(text: str, zone: dt.tzinfo, until: dt.date | None = None) -> dt.datetime:
    """Return the moment that a cell means; a day alone is its beginning where the client is.

    `until`: where somebody said so, a day without its year (11/25, month first) lies in the year that ends with this
    day. Raises UnreadableError: `date`, `no_year`, `no_such_day`, `date_two_ways`, `date_year_last`, `date_range`,
    `error_cell`.
    """
    text = plain(text)
    if _SERIAL.fullmatch(text):
        days = _EPOCH + dt.timedelta(seconds=round(float(text) * 86400))
        return days.replace(tzinfo=zone)
    found = _DATE.fullmatch(text) or _COMPACT.fullmatch(text) or _ERA.fullmatch(text)
    if found is None and (short := _SHORT.fullmatch(text)):
        found = _DATE.fullmatch(_with_year(short, until))
    if found is None:
        raise UnreadableError(_why_no_day(text))
    return _moment(found, zone)


def lacks_year(text: str) -> bool:
    """Say whether a cell holds a day without its year."""
    try:
        found = _SHORT.fullmatch(plain(text))
    except UnreadableError:
        return False
    return found is not None and is_day(_LEAP_YEAR, int(found["month"]), int(found["day"]))


def _with_year(short: re.Match[str], until: dt.date | None) -> str:
    month, day = int(short["month"]), int(short["day"])
    if until is None:
        code = _why_no_day(short.string)
        raise UnreadableError("no_year" if code == "date" and month <= 12 else code)
    year = until.year - ((month, day) > (until.month, until.day))
    return f"{year}/{month}/{day}{short['rest']}"


def _why_no_day(text: str) -> str:
    if is_no_day(text):
        return "no_such_day"
    found = _TWO_WAYS.fullmatch(text)
    if found is None:
        return "date"
    first, second = int(found["first"]), int(found["second"])
    is_one = len(found["year"]) == 4 and (first > 12 or second > 12)
    return "date_year_last" if is_one else "date_two_ways"


def _moment(found: re.Match[str], zone: dt.tzinfo) -> dt.datetime:
    parts = found.groupdict()
    year = 1 if parts["year"] == "元" else int(parts["year"])
    if era := parts.get("era"):
        year += _BEFORE[era.upper()]
    if year not in _YEARS:
        raise UnreadableError("date_range")
    month, day = int(parts["month"]), int(parts["day"])
    if not is_day(year, month, day):
        raise UnreadableError("no_such_day")
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    micro = int((parts["part"] or "0").ljust(6, "0"))
    try:
        read = dt.datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)
    except ValueError:
        raise UnreadableError("date") from None
    if offset := parts["offset"]:
        ahead = dt.timedelta() if offset == "Z" else _ahead(offset)
        return read.replace(tzinfo=dt.timezone(ahead))
    return read


def _ahead(offset: str) -> dt.timedelta:
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 14 or minutes > 59:
        raise UnreadableError("date")
    ahead = dt.timedelta(hours=hours, minutes=minutes)
    return -ahead if offset[0] == "-" else ahead


@lru_cache(maxsize=20_000)
def day(text: str, zone: dt.tzinfo, until: dt.date | None = None) -> dt.date:
    """Return the day that a cell means, where the client is; `until` as for `moment`. Raises UnreadableError."""
    return moment(text, zone, until).astimezone(zone).date()


_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?", re.ASCII)
_COUNTED = re.compile(r"(?<=\d)\s*(?:件|回|社|人|名|本|コール|calls?)$", re.IGNORECASE)
_LOSS = re.compile(r"[-−‐–▲△]\s*(.*)|\((.*)\)", re.DOTALL)


@lru_cache(maxsize=20_000)
def count(text: str) -> int:
    """Return a whole number from 0 on; what is counted may stand behind it, as in 3件.

    Raises UnreadableError: `count`, `negative`, `too_large`, `error_cell`.
    """
    number = _number(_COUNTED.sub("", plain(text)), "count")
    if number != int(number):
        raise UnreadableError("count")
    if number > LARGEST_COUNT:
        raise UnreadableError("too_large")
    return int(number)


def _number(text: str, code: str) -> Decimal:
    if _LOSS.fullmatch(text):
        raise UnreadableError("negative" if any(sign.isdigit() for sign in text) else code)
    if not _NUMBER.fullmatch(text):
        raise UnreadableError(code)
    return Decimal(text.replace(",", ""))


_SIGN = {"¥": "JPY", "\\": "JPY", "$": "USD", "€": "EUR", "£": "GBP"}
_MONEY = re.compile(
    r"(?P<loss>[-−‐–▲△]\s*)?(?P<sign>[¥\\$€£]|[A-Za-z]{3})?\s*(?P<number>[-−‐–▲△]?\s*[\d.,]+)\s*(?P<word>円|[A-Za-z]{3})?",
    re.ASCII,
)


@lru_cache(maxsize=20_000)
def amount(text: str, usual: str) -> tuple[int, str]:
    """Return an amount in the smallest unit, and its currency: the one that stands with it, else the `usual` one.

    Raises UnreadableError: `amount`, `negative`, `amount_parts`, `amount_two_currencies`, `too_large`, `error_cell`.
    """
    text = plain(text)
    if (bracketed := _LOSS.fullmatch(text)) and bracketed.group(2):
        raise UnreadableError("negative")
    found = _MONEY.fullmatch(text)
    if found is None:
        raise UnreadableError("amount")
    currency = _currency(found["sign"], found["word"]) or usual
    number = _number(f"{found['loss'] or ''}{found['number']}".replace(" ", ""), "amount")
    units = number.scaleb(currencies.digits(currency))
    if units != units.to_integral_value():
        raise UnreadableError("amount_parts")
    if units > LARGEST_AMOUNT:
        raise UnreadableError("too_large")
    return int(units), currency


def _currency(sign: str | None, word: str | None) -> str:
    named = {
        "JPY" if each == "円" else _SIGN.get(each, each.upper()) for each in (sign, word) if each
    }
    if len(named) > 1:
        raise UnreadableError("amount_two_currencies")
    return named.pop() if named else ""


@lru_cache(maxsize=1_000)
def currency(text: str) -> str:
    """Return a currency's three letters. Raises UnreadableError: `currency`, `error_cell`."""
    code = plain(text).upper()
    code = {"円": "JPY", "日本円": "JPY", "ドル": "USD", "米ドル": "USD", "ユーロ": "EUR"}.get(
        code, _SIGN.get(code, code)
    )
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise UnreadableError("currency")
    return code


def written(units: int, code: str) -> str:
    """Return an amount as `amount` reads it: 1200, 12.50."""
    places = currencies.digits(code)
    return str(units) if not places else f"{Decimal(units).scaleb(-places):.{places}f}"


def said(at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return a moment as `moment` reads it: a day alone at its beginning, an offset where it needs one."""
    local = at.astimezone(zone)
    plainly = local.replace(tzinfo=None)
    if local.utcoffset() != plainly.replace(tzinfo=zone).utcoffset() or local.fold:
        return local.isoformat(sep=" ")
    if plainly.time() == dt.time():
        return plainly.date().isoformat()
    return plainly.isoformat(sep=" ")
