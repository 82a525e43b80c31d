"""Numbers as people read them."""

from __future__ import annotations

import math


def count(value: int) -> str:
    """A whole number with its thousands apart: 1,891."""
    return f"{value:,}"


def amount(value: float) -> str:
    """A large number in short: 850, 96 k, 3.0 M, 11.7 M, 1.2 G."""
    for limit, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit * 0.9995:
            scaled = value / limit
            digits = 1 if abs(scaled) < (9.95 if unit == "k" else 99.95) else 0
            return f"{scaled:.{digits}f} {unit}"
    return f"{value:.0f}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share from 0 to 1 as a percentage; a dash where there is none."""
    return "–" if share is None or math.isnan(share) else f"{share * 100:.{digits}f} %"


def duration(seconds: float) -> str:
    """A time as m:ss, or h:mm:ss from an hour on."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def answer_time(milliseconds: int) -> str:
    """A short time: 180 ms, 1.2 s, 14 s."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    return f"{milliseconds / 1000:.1f} s" if milliseconds < 9950 else f"{milliseconds / 1000:.0f} s"


def figure(value: float) -> str:
    """A measured number with four significant figures: 0.1234, 12.34, 0.0003."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.4g}" if value == 0 or abs(value) >= 1e-4 else f"{value:.2e}"


def measured(value: float, scale: float, *, padded: bool = False) -> str:
    """A number with the decimals that an uncertainty of `scale` makes sense of: two figures of it, no noughts behind.

    41.7312 is 41.7 at a scale of 2.1, and 42 at one of 12; four figures where the scale is not known.

    Args:
        padded: keep the noughts, so that numbers of one scale have the same decimals.
    """
    if not math.isfinite(value):
        return "–"
    if not math.isfinite(scale) or scale <= 0 or max(abs(value), scale) >= 1e15:
        return figure(value)
    decimals = max(0, 1 - math.floor(math.log10(scale)))
    if decimals > 6:
        return figure(value)
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text and not padded else text
    return "0" if text == "-0" else text.replace("-", "−")
