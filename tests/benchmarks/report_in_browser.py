"""Opens reports in a real browser without a window and without a network, and says what it found.

    python -m tests.benchmarks.report_in_browser FILE.html … [--dark] [--shots FOLDER]

It needs Qt's own Chromium: pip install PySide6-Addons. Each file is opened on a wide, a middle and a narrow screen.
Printed are its size, how many pictures it holds and whether all were drawn, whether anything beside the
file was asked for, what the browser complained about, and whether the page is wider than the screen. Exit 1 where
something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
_DARK = " --blink-settings=preferredColorScheme=0" if "--dark" in sys.argv else ""
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"--disable-gpu --host-resolver-rules='MAP * ~NOTFOUND'{_DARK}"

try:
    from PySide6.QtCore import QEventLoop, QTimer, QUrl
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineUrlRequestInterceptor
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication
except ImportError as error:
    raise SystemExit(f"{error}; pip install PySide6-Addons, of the version of PySide6-Essentials") from error

WIDTHS = (1200, 800, 420)
PATIENCE_MS = 30_000
FACTS = """
JSON.stringify({height: document.documentElement.scrollHeight, wide: document.documentElement.scrollWidth,
  seen: document.documentElement.clientWidth, pictures: document.images.length,
  drawn: [...document.images].filter(each => each.complete && each.naturalWidth).length,
  drawings: document.querySelectorAll('svg').length, tasks: Object.keys(JSON.parse(
    document.getElementById('scores').textContent).tasks).length,
  ground: getComputedStyle(document.body).backgroundColor})
"""


class Asked(QWebEngineUrlRequestInterceptor):
    """Keeps what the page asks for beside itself."""

    def __init__(self, own: QUrl) -> None:
        super().__init__()
        self.own, self.others = own, []

    def interceptRequest(self, info: Any) -> None:
        if info.requestUrl() != self.own and info.requestUrl().scheme() != "data":
            self.others.append(info.requestUrl().toString()[:100])


class Page(QWebEnginePage):
    """Keeps what the browser complains about."""

    complaints: list[str]

    def javaScriptConsoleMessage(self, _level: Any, message: str, line: int, _source: str) -> None:
        self.complaints.append(f"line {line}: {message}")


def opened(path: Path, width: int, shot: Path | None) -> list[str]:
    """What is wrong with a report as it is shown so."""
    url = QUrl.fromLocalFile(str(path.resolve()))
    asked, profile = Asked(url), QWebEngineProfile()
    profile.setUrlRequestInterceptor(asked)
    view, page = QWebEngineView(), Page(profile)
    page.complaints = []
    view.setPage(page)
    view.resize(width, 900)
    view.show()
    found: dict[str, Any] = {}
    loop = QEventLoop()
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    page.loadFinished.connect(lambda good: page.runJavaScript(FACTS, lambda text: _take(found, text, loop)))
    view.load(url)
    loop.exec()
    if shot is not None and found:
        view.resize(width, min(found["height"], 9_000))
        QTimer.singleShot(2000, loop.quit)
        loop.exec()
        view.grab().save(str(shot))
    view.setPage(None)
    page.deleteLater()
    wrong = [f"asked for {each}" for each in asked.others] + page.complaints
    if not found:
        return [*wrong, "it did not open"]
    if found["drawn"] < found["pictures"]:
        wrong.append(f"{found['pictures'] - found['drawn']} pictures are not drawn")
    if found["wide"] > found["seen"]:
        wrong.append(f"it is {found['wide']} px wide on a screen of {found['seen']}")
    facts = ", ".join(f"{found[each]} {each}" for each in ("pictures", "drawings", "tasks"))
    print(f"  {width} px, ground {found['ground']}: {facts}, {found['height']} px high")
    return wrong


def _take(found: dict[str, Any], text: str, loop: QEventLoop) -> None:
    found.update(json.loads(text))
    loop.quit()


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--dark", action="store_true", help="as a reader sees it whose system is dark")
    parser.add_argument("--shots", type=Path, help="keep a picture of each")
    args = parser.parse_args(words)
    application = QApplication([])
    wrong = 0
    for path in args.files:
        print(f"{path} ({path.stat().st_size / 1e6:.2f} MB)")
        for width in WIDTHS:
            shot = args.shots and args.shots / f"{path.stem}-{width}{'-dark' if args.dark else ''}.png"
            for each in opened(path, width, shot):
                print(f"    {each}")
                wrong += 1
    del application
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
