"""Render every page of the window into PNG files, to be looked at.

    python -m tests.tour OUT [--demo]

Each page empty and full, in both themes, at 1280×720 and with doubled fonts; full means with real pictures where they
are there (else the demo's) and a run that is trained on the way, which takes a minute or two. Offscreen unless
QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.tour.kinds import kinds_project, photograph_kinds
from tests.tour.model import model_projects, photograph_model
from tests.tour.monitor import photograph_monitor
from tests.tour.projects import demo_project, empty_project, has_real_pictures, one_picture, real_project
from tests.tour.stage import Stage, live, live_until
from tests.tour.views import photograph_views, views_project
from workbench.project.history import RunHistory

PAGES = ("data", "model", "train", "results", "try", "tools")
ANSWER_S = 15.0


def main(argv: list[str]) -> int:
    """Render everything; 1 where something failed on the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder for the pictures")
    parser.add_argument("--demo", action="store_true", help="the demo's pictures, even where real ones are there")
    args = parser.parse_args(argv)
    out: Path = args.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        errors = _tour(out, Path(folder), args.demo)
    for error in errors:
        print(f"The window said: {error}", file=sys.stderr)
    return 1 if errors else 0


def _tour(out: Path, folder: Path, demo: bool) -> list[str]:
    settings = folder / "preferences.ini"
    kinds = kinds_project(folder, demo)
    project = demo_project(folder) if demo or not has_real_pictures() else real_project(folder)
    views = views_project(folder)
    models = model_projects(folder / "models")
    errors: list[str] = []
    with Stage(out, settings) as stage:
        stage.photograph("welcome")
        stage.open(empty_project(folder))
        for page in PAGES:
            stage.photograph(f"{page}-empty", page, settle_s=0.5)
        photograph_kinds(stage, kinds, "full")
        stage.open(project)
        _train(stage)
        _full_pages(stage, project, "full")
        photograph_monitor(stage, "full")
        photograph_views(stage, views, "views")
        photograph_model(stage, models, "model")
        errors += stage.errors
    with Stage(out, settings, font_scale=2.0) as stage:
        stage.photograph("welcome-double")
        photograph_kinds(stage, kinds, "double")
        stage.open(project)
        _full_pages(stage, project, "double")
        photograph_monitor(stage, "double")
        photograph_views(stage, views, "views-double")
        photograph_model(stage, models, "double")
        errors += stage.errors
    return errors


def _train(stage: Stage) -> None:
    """Train through the window, with pictures of the way."""
    workspace = stage.workspace
    stage.photograph("train-ready", "train")
    if not workspace.train():
        raise RuntimeError(f"the run could not be started: {stage.errors}")
    stage.photograph("train-starting", settle_s=1.0)
    live_until(lambda: _well_under_way(workspace.history) or workspace.run_state == "idle", "the middle of the run")
    stage.photograph("train-running", settle_s=1.0)
    live_until(lambda: workspace.run_state == "idle", "the end of the run")
    if workspace.history.ended is None or workspace.history.ended.status != "finished":
        raise RuntimeError(f"the run did not finish: {workspace.history.failure}")


def _well_under_way(history: RunHistory) -> bool:
    return history.started is not None and len(history.epochs) > 0.6 * history.started.epochs


def _full_pages(stage: Stage, project: Path, name: str) -> None:
    for page in (each for each in PAGES if each != "try"):
        stage.photograph(f"{page}-{name}", page)
    stage.window.pages.show_page("try")
    picture = [one_picture(project)]
    live_until(lambda: stage.window.pages.drop_paths(picture), "the Try page that takes a picture", limit_s=10)
    live(ANSWER_S)
    stage.photograph(f"try-{name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
