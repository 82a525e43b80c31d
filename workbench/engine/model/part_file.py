"""The beginning of a file that has arrived, and what tells whether the server still has the same file."""

from __future__ import annotations

from pathlib import Path

from workbench.core.weights_cache import MARK


class PartFile:
    """A file under its preliminary name, with the server's mark of its version in a small file beside it.

    The mark is the `ETag` of the answer, or its `Last-Modified`; a part without one cannot be gone on with safely
    unless a checksum decides in the end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark = path.with_name(path.name + MARK)

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def mark(self) -> str:
        """What `If-Range` takes; "" where the server gave nothing of the kind."""
        try:
            return self._mark.read_text(encoding="latin-1").strip()
        except OSError:
            return ""

    def note(self, mark: str) -> None:
        """Keep the mark of the version of which the beginning is written."""
        if mark:
            self._mark.write_text(mark, encoding="latin-1")
        else:
            self._mark.unlink(missing_ok=True)

    def start_over(self) -> None:
        """Forget what is there."""
        self.path.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)

    def keep_as(self, target: Path) -> None:
        """Give the file, now whole, its name."""
        self.path.replace(target)
        self._mark.unlink(missing_ok=True)
