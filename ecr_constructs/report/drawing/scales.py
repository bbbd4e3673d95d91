"""Time on a line: where a moment lies, and which moments the line names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

__all__ = ["TimeScale", "moment_text", "seconds_of", "span_text"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST: Final = (datetime.min.replace(tzinfo=timezone.utc) - _EPOCH).total_seconds()
# A day less than the last moment there is: floating-point numbers are coarse there.
_LAST: Final = (datetime.max.replace(tzinfo=timezone.utc) - _EPOCH).total_seconds() - 86_400
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS: Final = (
    1, 5, 15, 30,
    _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE,
    _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR,
    _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY,
)  # fmt: skip
_MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 12_000)
_MONTH: Final = 30.4 * _DAY
_YEAR: Final = 12
_END: Final = 10_000 * _YEAR
_UNITS: Final = ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute"), (1, "second"))


def seconds_of(moment: datetime) -> float:
    """The moment in seconds, whatever its time zone."""
    return (moment - _EPOCH).total_seconds()


def moment_text(moment: datetime) -> str:
    """The moment in UTC, as in ``2026-01-31 12:00 UTC``."""
    return f"{_utc(seconds_of(moment)).isoformat(sep=' ', timespec='minutes')[:16]} UTC"


def span_text(seconds: float) -> str:
    """How long it is, as in ``3.5 days``."""
    size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
    amount = f"{seconds / size:.1f}".removesuffix(".0")
    return f"{amount} {unit}{'' if amount == '1' else 's'}"


def _utc(seconds: float) -> datetime:
    return _EPOCH + timedelta(seconds=min(max(seconds, _FIRST), _LAST))


@dataclass(frozen=True)
class TimeScale:
    """A stretch of time on a line from ``left`` to ``right``."""

    first: float
    last: float
    left: float
    right: float

    def place(self, seconds: float) -> float:
        """Where the moment lies; a stretch without length lies in the middle."""
        if self.last <= self.first:
            return (self.left + self.right) / 2
        part = (seconds - self.first) / (self.last - self.first)
        return self.left + part * (self.right - self.left)

    def part(self, seconds: float, parts: int) -> int:
        """In which of so many equal parts the moment lies, from 0."""
        if self.last <= self.first:
            return 0
        return min(int((seconds - self.first) / (self.last - self.first) * parts), parts - 1)

    def ticks(self, most: int) -> tuple[tuple[float, str], ...]:
        """At most so many round moments within the stretch, each with its name in UTC."""
        length = self.last - self.first
        for step in _STEPS:
            if length / step <= most - 1:
                first = -(-self.first // step) * step
                named = "%Y-%m-%d" if step >= _DAY else "%m-%d %H:%M" if step >= _MINUTE else "%X"
                amount = int((self.last - first) // step) + 1
                moments = (first + number * step for number in range(amount))
                return tuple((moment, _utc(moment).strftime(named)) for moment in moments)
        for months in _MONTHS:
            if length / (months * _MONTH) <= most - 1:
                return tuple(self._months(months))[:most]
        return ()

    def _months(self, step: int) -> list[tuple[float, str]]:
        start, found = _utc(self.first), []
        number = -(-(start.year * _YEAR + start.month - 1) // step) * step
        while _YEAR <= number < _END:
            moment = datetime(number // _YEAR, number % _YEAR + 1, 1, tzinfo=timezone.utc)
            seconds = seconds_of(moment)
            if seconds > self.last:
                break
            if seconds >= self.first:
                name = (
                    f"{moment.year:04}" if step >= _YEAR else f"{moment.year:04}-{moment.month:02}"
                )
                found.append((seconds, name))
            number += step
        return found
