"""The tour's pages on choosing a backbone: the search, the weights, advice in all its states, and every depth tried."""

from __future__ import annotations

import json
from pathlib import Path

from tests.gui import advice_documents as documents
from tests.gui import synthetic
from tests.tour.stage import Stage, live, live_until
from workbench.core import catalogue
from workbench.core.events import Progress
from workbench.core.project import BackboneChoice, Project, Task
from workbench.gui.pages.model.page import ModelPage
from workbench.project.store import ProjectFile

_PICTURES = 40
_MANY = 100


def model_projects(folder: Path) -> dict[str, Path]:
    """Projects whose advice is made up: none yet, of two tasks, and of a hundred backbones and many tasks."""
    synthetic.pictures(folder / "pictures", _PICTURES)
    few, many = ["material", "season"], [f"a task with a rather long name {at}" for at in range(6)]
    return {
        "none": _project(folder, "Nothing measured", few, BackboneChoice(name="mobilenet_v2", freeze=2)),
        "few": _measured(folder, "Measured", few, BackboneChoice(name="resnet18", freeze=2), 3),
        "deep": _measured(folder, "Deep", [*few, "gender"], BackboneChoice(name="vit_l_16", freeze=6), 17),
        "many": _measured(folder, "Many names that are long", many, BackboneChoice(name="mobilenet_v2", freeze=4), 5),
    }


def photograph_model(stage: Stage, projects: dict[str, Path], name: str) -> None:
    """Open the projects and photograph the model page's views."""
    stage.open(projects["none"])
    page = stage.page("model")
    assert isinstance(page, ModelPage)
    page.left.show_view("backbones")
    page.left.backbones.filters.search.setText("vit")
    stage.photograph(f"model-search-{name}", "model", settle_s=0.5)
    page.left.backbones.filters.clear()
    page.backbone.weights.combo.showPopup()
    live(0.3)
    stage.photograph(f"model-weights-{name}", settle_s=0.2, what=page.backbone.weights.combo.view().window())
    page.backbone.weights.combo.hidePopup()
    page.left.show_view("advice")
    stage.photograph(f"advice-empty-{name}", settle_s=0.5)
    _photograph_running(stage, page, name)
    for key in ("few", "many"):
        stage.open(projects[key])
        live_until(lambda: page.left.advice.found is not None, "the advice", limit_s=10)
        stage.photograph(f"advice-{key}-{name}", "model", settle_s=0.5)
    page.left.show_view("downloads")
    stage.photograph(f"model-downloads-{name}", settle_s=0.5)
    page.left.show_view("backbones")
    for key in ("few", "deep", "many"):
        stage.open(projects[key])
        live_until(lambda: page.stages.depths.found is not None, "the ladder", limit_s=10)
        live(0.3)
        for part, widget in (("ladder", page.stages), ("depths", page.stages.depths)):
            page.scroll.verticalScrollBar().setValue(widget.mapTo(page.scroll.widget(), widget.rect().topLeft()).y())
            stage.photograph(f"{part}-{key}-{name}", settle_s=0.3)
        page.scroll.verticalScrollBar().setValue(0)


def _photograph_running(stage: Stage, page: ModelPage, name: str) -> None:
    """As it looks half-way; nothing is asked of an engine."""
    advice, depths = page.left.advice, page.stages.depths
    advice._show_working(True)
    advice.working.advance(Progress(what="looking with MobileNetV2", done=320, total=1500))
    depths.ask.hide()
    depths.working.begin()
    depths.working.show()
    depths.working.advance(Progress(what="measuring a step", done=3, total=6))
    stage.photograph(f"advice-running-{name}", settle_s=0.3)
    advice._on_ended()
    depths.working.hide()
    depths.ask.show()


def _project(folder: Path, name: str, tasks: list[str], backbone: BackboneChoice) -> Path:
    table = folder / "pictures" / "labels.csv"
    names = sorted(path.name for path in table.parent.glob("*.jpg"))
    rows = ["image," + ",".join(tasks)]
    for at, image in enumerate(names):
        rows.append(",".join([image, *(f"class {at % (place + 2)}" for place in range(len(tasks)))]))
    source = table.with_name(f"{name}.csv")
    source.write_text("\n".join(rows) + "\n", encoding="utf-8")
    made = [Task(name=task, source=str(source), column=task) for task in tasks]
    return ProjectFile.create(folder / name, Project(name=name, tasks=made, backbone=backbone)).folder


def _measured(folder: Path, name: str, tasks: list[str], backbone: BackboneChoice, suggestion: int) -> Path:
    project = _project(folder, name, tasks, backbone)
    weights = catalogue.default_weights(backbone.name)
    measured = list(catalogue.backbones())[: _MANY if len(tasks) > 3 else 5]
    advice = documents.advise_document(tasks, measured=measured, failed=["vgg11"] if len(tasks) > 3 else [])
    ladder = documents.ladder_document(backbone.name, weights, tasks, suggestion)
    (project / "advice").mkdir()
    for file, document in (("advice", advice), (f"ladder-{backbone.name}", ladder)):
        document["counts"] = dict.fromkeys(tasks, _PICTURES)
        (project / "advice" / f"{file}.json").write_text(json.dumps(document), encoding="utf-8")
    return project
