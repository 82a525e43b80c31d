"""The tour's pages on what each kind of task answers: results, a large picture with its masks, and the try page."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.gui import kinds_of_tasks as kinds
from tests.gui import synthetic
from tests.gui.maps import keep_map, map_document
from tests.tour.stage import Stage, live_until
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.results.views.labels import LabelsView
from workbench.gui.pages.results.views.mask import MaskView
from workbench.gui.pages.results.views.number import NumberView
from workbench.gui.pages.task_places import task_places
from workbench.gui.pages.try_out.answer import parse_answers
from workbench.gui.pages.try_out.incoming import Incoming
from workbench.gui.pages.try_out.page import TryPage
from workbench.gui.widgets.point_map import PointMap
from workbench.project.store import ProjectFile

_PICTURES = 60


def views_project(folder: Path) -> Path:
    """A project with a task of each kind on drawn pictures, and a run whose results are made up."""
    project = ProjectFile.create(folder / "Views", kinds.project()).folder
    pictures = synthetic.pictures(project / "pictures", _PICTURES)
    images = [path.relative_to(project).as_posix() for path in pictures]
    tasks = kinds.write_run(project, images)["tasks"]
    for run_dir in (project / "runs").glob("[0-9]*"):
        keep_map(run_dir, project, map_document(images, run=run_dir.name))
    with open(project / "labels.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "white_cells", "present", "material"])
        for at, image in enumerate(images):
            number, labels, material = (
                tasks[name]["images"][at]["target"] for name in ("white_cells", "present", "material")
            )
            table.writerow([image, number, "|".join(labels), material])
    return project


def photograph_views(stage: Stage, project: Path, name: str) -> None:
    """Open the project and photograph the views of all kinds."""
    stage.open(project)
    stage.window.pages.show_page("results")
    results = stage.window.findChild(ResultsPage)
    live_until(lambda: bool(results.view.scores.cards), "the results", limit_s=20)
    for task, kind in kinds.KINDS.items():
        results.view.choose_task(task)
        view = results.view.task.view
        if isinstance(view, LabelsView):
            view.labels.choose(0)
        stage.photograph(f"results-{kind}-{name}", settle_s=1.0)
        if isinstance(view, NumberView):
            view.below.setCurrentIndex(view.below.findData("histogram"))
            stage.photograph(f"results-histogram-{name}", settle_s=0.5)
        if isinstance(view, MaskView):
            _photograph_masks(stage, view, project, name)
    results.view.map.click()
    live_until(lambda: results.findChild(PointMap).isVisible(), "the map", limit_s=10)
    stage.photograph(f"results-map-{name}", settle_s=0.5)
    results.view.map.click()
    _photograph_answers(stage, project, name)


def _photograph_masks(stage: Stage, view: MaskView, project: Path, name: str) -> None:
    view.tabs.setCurrentIndex(1)
    stage.photograph(f"results-pixels-{name}", settle_s=0.5)
    view.tabs.setCurrentIndex(0)
    view.pictures.open_row(0)
    said = kinds.write_mask(project / "cache" / "said.png", seed=3)
    view.show_said(view.dialog.item().path, str(said))
    live_until(view.dialog.view.has_overlay, "the masks", limit_s=10)
    stage.photograph(f"mask-dialog-{name}", settle_s=0.5, what=view.dialog)
    view.dialog.close()


def _photograph_answers(stage: Stage, project: Path, name: str) -> None:
    stage.window.pages.show_page("try")
    page = stage.window.findChild(TryPage)
    pictures = sorted((project / "pictures").iterdir())[:8]
    answers = parse_answers(kinds.predict_document(pictures, project / "cache" / "answers"))
    places = task_places(stage.workspace.project, list(kinds.KINDS))
    page.bench.set_facts({}, {"white_cells": (0.0, 60.0)})
    for incoming, what in ((Incoming((pictures[0],)), "one"), (Incoming(tuple(pictures), project), "many")):
        page.bench.begin(incoming)
        page.bench.show_answers(answers, incoming, places)
        page.bench.end()
        stage.photograph(f"try-{what}-{name}", "try", settle_s=1.0)
