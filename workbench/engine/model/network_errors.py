"""What can go wrong with a download: whether trying again may help, when, and how it is said."""

from __future__ import annotations

import errno
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from urllib.error import HTTPError, URLError

_BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Answers of a server that may be another one in a while."""
_UNREACHED: tuple[type[Exception], ...] = (socket.gaierror, ConnectionRefusedError)
"""Nobody is there: no network, most often, which seconds do not change."""
_LONGEST_S = 120.0
"""A server that asks for more patience is not waited for."""


class NoRoom(OSError):
    """The disk has not the room that the file needs; the message says how much."""


def may_pass(error: Exception, known_server: bool) -> bool:
    """Whether the same request may go well in some seconds.

    Args:
        known_server: it has sent something before, so that there is a network and a server.
    """
    cause = _cause(error)
    if isinstance(cause, HTTPError):
        return cause.code in _BUSY and (retry_after(cause) or 0.0) <= _LONGEST_S
    if isinstance(cause, _UNREACHED):
        return known_server
    if isinstance(cause, ssl.SSLCertVerificationError | NoRoom):
        return False
    return isinstance(cause, ConnectionError | TimeoutError | HTTPException | ssl.SSLError)


def retry_after(error: Exception) -> float | None:
    """Seconds that the server asks to wait; None where it does not."""
    text = error.headers.get("Retry-After") if isinstance(error, HTTPError) and error.headers else None
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def reason(error: Exception) -> str:
    """Why a transfer failed, as a part of a sentence."""
    cause = _cause(error)
    if isinstance(cause, HTTPError):
        answered = f"the server answered {cause.code} {cause.reason}".strip()
        wait = retry_after(cause)
        return f"{answered} and asks to wait {wait:,.0f} s" if wait else answered
    for kind, words in _WORDS.items():
        if isinstance(cause, kind):
            return words
    if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
        return "the disk is full"
    if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, NoRoom):
        return f"{cause.strerror[0].lower()}{cause.strerror[1:]}"
    return str(cause) or type(cause).__name__


_WORDS: dict[type[Exception], str] = {
    TimeoutError: "the server did not answer in time",
    socket.gaierror: "the server's name could not be found, so there may be no network",
    ConnectionRefusedError: "the server refused the connection",
    ssl.SSLCertVerificationError: "the server's certificate is not trusted here, which a proxy can be the cause of",
    ConnectionError: "the connection broke off",
    HTTPException: "the connection broke off",
}
"""In the order in which they are looked through: the special before the general."""


def _cause(error: Exception) -> Exception:
    inner = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    return inner if isinstance(inner, Exception) else OSError(str(inner))
