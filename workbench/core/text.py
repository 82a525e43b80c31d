"""Numbers as people read them."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Seconds as 0:07, 1:05 or 2:03:04."""
    total = max(0, round(seconds))
    hours, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def percent(share: float | None) -> str:
    """A share in [0, 1] as 93.8 %."""
    return "–" if share is None else f"{100 * share:.1f} %"


def several(number: int, what: str) -> str:
    """1 epoch, 3 epochs: a number of things whose plural ends in s."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def minus(text: str) -> str:
    """A number's text with a true minus in place of a hyphen."""
    return text.replace("-", "−")


def signed(value: float, form: str = ".1f") -> str:
    """A number with its sign, a true minus; what is shown as 0 has none."""
    text = f"{abs(value):{form}}"
    return text if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def megabytes(size: int) -> str:
    """Bytes as 820 kB, 9.8 MB, 230 MB or 1.2 GB."""
    for unit, letters in ((10**9, "GB"), (10**6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {letters}" if size < 100 * unit else f"{size / unit:.0f} {letters}"
    return f"{size / 1000:.0f} kB"


def count(number: int) -> str:
    """A count as 512, 48 k, 2.5 M or 1.2 G."""
    for size, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.1f} {letter}" if number < 100 * size else f"{number / size:.0f} {letter}"
    return str(number)
