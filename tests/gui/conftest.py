"""GUI tests run without a display, and fail on what Qt complains about or what a test leaves behind."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from typing import TypeVar

import pytest

from tests.qt_libraries import ADVICE, MISSING_LIBRARY
from tests.warm import warm_engines

T = TypeVar("T")

# Said by the offscreen platform, and of no meaning there.
_NOISE = re.compile(
    r"This plugin does not support propagateSizeHints|"
    r"This plugin does not support raise\(\)|"
    r"This plugin does not support grabbing the keyboard|"
    r"QFontDatabase: Cannot find font directory"
)
# Qt keeps these for the whole application once they have been used.
_KEPT = {"QTipLabel", "QComboBoxPrivateContainer", "QDesktopWidget", "QShapedPixmapWidget"}


class _Skipped(pytest.Module):
    """A test module that is not even imported."""

    def collect(self) -> list[pytest.Item]:
        pytest.skip(ADVICE)


def pytest_pycollect_makemodule(module_path: object, parent: pytest.Collector) -> pytest.Module | None:
    """Skip the modules of this folder where Qt cannot be loaded."""
    return _Skipped.from_parent(parent, path=module_path) if MISSING_LIBRARY else None


if not MISSING_LIBRARY:
    from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication, QWidget
    from shiboken6 import isValid

    from workbench.gui.theme import theme, use_c_numbers

    @pytest.fixture(autouse=True, scope="session")
    def only_what_tests_make() -> Iterator[None]:
        """Set aside what was there before: looking through the objects of all libraries made every test slow."""
        gc.collect()
        gc.freeze()
        yield
        gc.unfreeze()

    @pytest.fixture(autouse=True)
    def engines_at_once() -> Iterator[None]:
        """Windows start many engines; how a cold one starts is a matter of the project's tests."""
        with warm_engines():
            yield

    @pytest.fixture(autouse=True)
    def clean(qapp: QApplication, qtlog: object) -> Iterator[None]:
        """Fail a test on Qt's warnings, leaked windows, running threads and active timers. Garbage is collected at its
        end alone, since no collection may come amid a paint event: see `gui/tidying.py`."""
        gc.disable()
        windows = {id(widget) for widget in QApplication.topLevelWidgets()}
        timers = {id(timer) for timer in _active_timers()}
        yield
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        gc.enable()
        left = [f"window {widget!r}" for widget in _open_windows() if id(widget) not in windows]
        left += [f"thread {thread!r}" for thread in _running_threads()]
        left += [f"timer of {timer.parent()!r}" for timer in _active_timers() if id(timer) not in timers]
        records = getattr(qtlog, "records", [])
        left += [
            f"warning: {record.message}"
            for record in records
            if record.type_name in ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg")
            and not _NOISE.search(record.message)
        ]
        assert not left, "left behind: " + "; ".join(left)

    @pytest.fixture(autouse=True)
    def dressed(qapp: QApplication) -> Iterator[QApplication]:
        """The application in the light theme and its own font, whatever the test before did."""
        font = QFont(qapp.font())
        use_c_numbers()
        if not qapp.styleSheet() or theme().choice() != "light":
            theme().apply(qapp, "light")
        yield qapp
        if qapp.font() != font:
            qapp.setFont(font)
            theme().apply(qapp, "light")

    @pytest.fixture(params=["light", "dark doubled"])
    def look(request: pytest.FixtureRequest, dressed: QApplication) -> str:
        """Both themes and both sizes of font; a theme changes no size, and a font no colour."""
        shade, _, doubled = request.param.partition(" ")
        if doubled:
            font = QFont(dressed.font())
            font.setPointSizeF(font.pointSizeF() * 2)
            dressed.setFont(font)
        theme().apply(dressed, shade)
        return request.param

    def _open_windows() -> list[QWidget]:
        windows = (widget for widget in QApplication.topLevelWidgets() if isValid(widget))
        return [widget for widget in windows if widget.metaObject().className() not in _KEPT]

    def _running_threads() -> list[QThread]:
        threads = [each for each in _tracked(QThread) if isValid(each)]
        # one that is about to end by itself is nothing left behind
        return [thread for thread in threads if thread.isRunning() and not thread.wait(1000)]

    def _active_timers() -> list[QTimer]:
        return [timer for timer in _tracked(QTimer) if isValid(timer) and timer.isActive()]

    def _tracked(kind: type[T]) -> list[T]:
        """All objects of a class and of those derived from it; `isinstance` takes many times as long with Qt's."""
        kinds = {kind}
        while derived := {each for known in kinds for each in known.__subclasses__()} - kinds:
            kinds |= derived
        return [each for each in gc.get_objects() if type(each) in kinds]
