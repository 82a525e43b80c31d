"""How soon the Results page shows many evaluated pictures, and how smoothly its gallery scrolls.

    python -m tests.benchmarks.results_page [--pictures 10000] [--classes 100] [--frames 200]

Opening is counted from the page's coming to front to its score cards, matrix and gallery being painted; a frame is one
step of the gallery's wheel with everything painted that it brings into sight, thumbnails decoded meanwhile. Aim: open
in under 1 s, and 95 of 100 frames within the 33 ms of thirty a second. Offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from tests.gui import synthetic
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.results.scored.fields import Condition
from workbench.gui.session import application
from workbench.gui.theme import theme
from workbench.gui.widgets.gallery import Gallery

AIM_OPEN_S, AIM_FRAME_MS = 1.0, 33.0
_FILES = 500
"""Different files; pictures beyond them share theirs under another name, as far as the page can tell."""
_LIMIT_S = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--frames", type=int, default=200)
    args = parser.parse_args()
    app = application()
    theme().apply(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        workspace = _project(Path(folder) / "project", args.pictures, args.classes)
        _measure(app, workspace, args.frames)
        workspace.close()


def _project(folder: Path, count: int, classes: int) -> synthetic.SyntheticWorkspace:
    """A project with one run whose pictures lie under `count` names."""
    workspace = synthetic.SyntheticWorkspace(folder, ("species",), classes)
    files = [synthetic.picture(folder / "drawn" / f"{number}.jpg", number, (400, 300)) for number in range(_FILES)]
    (folder / "pictures").mkdir()
    images = [f"pictures/{number:05d}.jpg" for number in range(count)]
    for number, image in enumerate(images):
        os.link(files[number % _FILES], folder / image)
    synthetic.write_run(folder, ("species",), images=images, classes=classes, parts=("validation",))
    return workspace


def _measure(app: QApplication, workspace: synthetic.SyntheticWorkspace, frames: int) -> None:
    page = ResultsPage(workspace)
    page.resize(1190, 640)
    begin = time.perf_counter()
    page.show()
    page.shown()
    worst = _until(app, lambda: bool(page.view.scores.cards) and len(page.view.task.view.pictures.gallery.items()) > 0)
    page.grab()
    opened = time.perf_counter() - begin
    behind = f"the window at most {1000 * worst:.0f} ms behind"
    print(f"open: {1000 * opened:.0f} ms, {behind} (aim {1000 * AIM_OPEN_S:.0f})")
    pictures = page.view.task.view.pictures
    pictures.order.setCurrentIndex(pictures.order.findData("all"))
    total = len(pictures.rows)
    _until(app, lambda: len(pictures.gallery.items()) == total)
    times = _scroll(app, pictures.gallery, frames)
    p50, p95, most = np.percentile(times, [50, 95, 100])
    words = f"{p50:.1f} ms, 95 of 100 within {p95:.1f} ms, the longest {most:.1f} ms (aim {AIM_FRAME_MS:.0f})"
    print(f"scroll over {total} pictures: {words}")
    begin = time.perf_counter()
    page.view.task.filters.put(Condition("species", "sure", (0.5, 0.9)), Condition("species", "finding", "wrong"))
    app.processEvents()
    print(f"two filters: {1000 * (time.perf_counter() - begin):.0f} ms to {len(pictures.rows)} pictures")
    matrix = page.view.task.view.matrix
    begin = time.perf_counter()
    matrix.written.setCurrentIndex(matrix.written.findData("nothing"))
    matrix.grab()
    print(f"the matrix of {len(matrix._classes)} classes at once: {1000 * (time.perf_counter() - begin):.0f} ms")
    page.loader.close()


def _until(app: QApplication, reached: Callable[[], bool]) -> float:
    """Let the window live until something holds; the longest that it was held up meanwhile, s."""
    end, worst = time.perf_counter() + _LIMIT_S, 0.0
    while not reached():
        begin = time.perf_counter()
        if begin > end:
            raise TimeoutError("the page never came")
        app.processEvents()
        worst = max(worst, time.perf_counter() - begin)
        time.sleep(0.001)
    return worst


def _scroll(app: QApplication, gallery: Gallery, frames: int) -> np.ndarray:
    """(frames,) ms of each step of the wheel."""
    bar = gallery.verticalScrollBar()
    step = max(bar.singleStep(), bar.maximum() // frames)
    times = []
    for _ in range(frames):
        begin = time.perf_counter()
        bar.setValue(bar.value() + step)
        gallery.viewport().repaint()
        app.processEvents()
        times.append(1000 * (time.perf_counter() - begin))
        time.sleep(0.004)
    return np.array(times)


if __name__ == "__main__":
    main()
