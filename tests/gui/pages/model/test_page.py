import pytest
from PySide6.QtCore import Qt

from tests.gui.frame import QuietWorkspace
from workbench.core.catalogue import backbones
from workbench.core.kinds import HEADS
from workbench.core.project import BackboneChoice, Project, Task
from workbench.gui.pages.model.choice import SORTS, SOURCES, Filter, choose
from workbench.gui.pages.model.head_sizes import HeadSize, head_parameters
from workbench.gui.pages.model.page import ModelPage
from workbench.project.store import ProjectFile


@pytest.fixture
def workspace(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    workspace = QuietWorkspace()
    tasks = [Task(name="material", source="waste"), Task(name="season", source="t.csv", column="season")]
    project = Project(name="p", tasks=tasks, backbone=BackboneChoice(name="resnet18", freeze=2))
    workspace.open(ProjectFile.create(tmp_path / "p", project).folder)
    yield workspace
    workspace.close()


@pytest.fixture
def page(workspace, qtbot):
    page = ModelPage(workspace)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


def settle(page, qtbot):
    with qtbot.waitSignal(page.stages.settle.timeout):
        pass


def test_the_chosen_backbone_and_its_stages_are_shown(page):
    assert page.left.backbones.list.currentIndex().data() == "ResNet-18"
    assert [rung.name for rung in page.stages.ladder.handle.rungs] == [
        stage.title for stage in backbones()["resnet18"].stages
    ]
    assert page.stages.ladder.freeze() == 2


def test_choosing_a_backbone_writes_it(page, workspace, qtbot):
    row = [facts.name for facts in page.left.backbones.list.backbones.rows].index("squeezenet1_0")
    page.left.backbones.list.setCurrentIndex(page.left.backbones.list.backbones.index(row))
    assert workspace.project.backbone.name == "squeezenet1_0"
    assert len(page.stages.ladder.handle.rungs) == len(backbones()["squeezenet1_0"].stages)


def test_a_freeze_depth_that_the_other_backbone_lacks_becomes_all(page, workspace):
    deep = max(backbones().values(), key=lambda facts: len(facts.stages))
    shallow = min(backbones().values(), key=lambda facts: len(facts.stages))
    workspace.set_values("backbone", name=deep.name, freeze=len(deep.stages) - 1)
    page.edits.choose_backbone(shallow.name)
    assert workspace.project.backbone.freeze == "all"


def test_weights_of_a_file_are_set_back_for_another_backbone(page, workspace, qtbot):
    page.backbone.weights.chosen.emit("file:/somewhere/resnet.pt")
    assert workspace.project.backbone.weights == "file:/somewhere/resnet.pt"
    assert page.backbone.weights.combo.currentText() == "resnet.pt"
    with qtbot.waitSignal(workspace.said):
        page.edits.choose_backbone("mobilenet_v2")
    assert workspace.project.backbone.weights == "default"


def test_freezing_by_keyboard_updates_at_once_and_is_written_once(page, workspace, qtbot):
    summary = page.stages.ladder.summary()
    changes = []
    workspace.project_changed.connect(lambda: changes.append(workspace.project.backbone.freeze))
    qtbot.keyClick(page.stages.ladder.handle, Qt.Key.Key_Down)
    qtbot.keyClick(page.stages.ladder.handle, Qt.Key.Key_Down)
    assert page.stages.ladder.summary() != summary
    settle(page, qtbot)
    assert changes == [4] and workspace.project.backbone.freeze == 4
    qtbot.keyClick(page.stages.ladder.handle, Qt.Key.Key_End)
    settle(page, qtbot)
    assert workspace.project.backbone.freeze == "all"


@pytest.mark.parametrize(
    ("preset", "depth", "word"), [("probe", 5, "freezes the whole"), ("full", 0, "freezes nothing")]
)
def test_a_preset_that_forces_the_depth_says_so(page, workspace, preset, depth, word):
    workspace.set_values("recipe", preset=preset)
    assert (
        page.stages.ladder.freeze() == depth
        and not page.stages.ladder.handle.isEnabled()
        and page.stages.ladder.isEnabled()
    )
    assert page.stages.forced.isVisible() and word in page.stages.forced.text()
    page.edits.choose_balanced()
    assert (
        page.stages.ladder.handle.isEnabled()
        and page.stages.ladder.freeze() == 2
        and not page.stages.forced.isVisible()
    )


def test_random_weights_that_stay_frozen_are_warned_of(page, workspace):
    page.backbone.weights.chosen.emit("none")
    assert page.stages.random.isVisible()
    page.edits.freeze_nothing()
    assert workspace.project.backbone.freeze == 0 and not page.stages.random.isVisible()


def test_heads_are_set_and_their_settings_open(page, workspace, qtbot):
    season = page.heads.heads["season"]
    assert not season.form.isVisible()
    qtbot.mouseClick(season.more, Qt.MouseButton.LeftButton)
    assert season.form.isVisible() and "tasks.hidden" not in season.form.values()
    season.head.setCurrentIndex(season.head.findData("mlp"))
    assert workspace.project.task("season").head == "mlp"
    assert season.form.isVisible() and "tasks.hidden" in season.form.values()
    season.form.row("tasks.hidden").editor.focusProxy().setValue(64)
    season.form.row("tasks.dropout").editor.focusProxy().setValue(0.25)
    task = workspace.project.task("season")
    assert (task.hidden, task.dropout) == (64, 0.25)
    assert season.form.row("tasks.dropout").editor.focusProxy().accessibleName() == "Dropout of season"


@pytest.mark.parametrize(
    ("kind", "shown", "hidden"),
    [
        ("single-label", {"class_weights", "label_smoothing", "focal"}, {"huber", "hidden", "separator", "masks"}),
        ("multi-label", {"class_weights", "hidden"}, {"huber"}),
        ("number", {"huber", "hidden", "dropout", "own_stages"}, {"class_weights", "focal", "label_smoothing"}),
    ],
)
def test_only_settings_that_fit_the_kind_are_shown(page, workspace, kind, shown, hidden):
    workspace.set_task_values("season", kind=kind)
    keys = {key.removeprefix("tasks.") for key in page.heads.heads["season"].form.values()}
    assert shown <= keys and not hidden & keys
    assert [page.heads.heads["season"].head.itemData(at) for at in range(page.heads.heads["season"].head.count())] == (
        list(HEADS[kind])
    )


def test_the_parameters_of_the_heads_count(page, workspace):
    workspace.report = {"tasks": {"material": {"classes": dict.fromkeys("abcdef", 1)}, "season": {"classes": {}}}}
    workspace.report_changed.emit()
    trains, total = page.stages.ladder.trainable()
    heads = head_parameters("linear", HeadSize(512, (), 6))
    assert heads == 512 * 6 + 6
    assert total == backbones()["resnet18"].parameters + heads
    assert trains < total


def test_search_filter_and_order(hub, page, qtbot):
    panel = page.left.backbones
    assert len(panel.list.backbones.rows) == len(backbones())
    qtbot.keyClicks(panel.filters.search, "mobilenet_v3")
    names = [facts.name for facts in panel.list.backbones.rows]
    assert set(names[:2]) == {"mobilenet_v3_small", "mobilenet_v3_large"}
    assert all(name.startswith("timm/") for name in names[2:]), "those of timm stand behind"
    qtbot.keyClicks(panel.filters.search, "zzz")
    assert panel.nothing.isVisible() and not panel.list.isVisible()
    panel.nothing.button.click()
    assert len(panel.list.backbones.rows) == len(backbones())


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_lists_what_it_has(hub, page, source):
    panel = page.left.backbones
    panel.filters.source.setCurrentIndex(panel.filters.source.findData(source))
    counts = {"torchvision": len(backbones()), "timm": len(hub), "both": len(backbones()) + len(hub)}
    assert len(panel.list.backbones.rows) == counts.get(source, 0), "nothing was downloaded to this computer"


def test_filtering_does_not_choose_another_backbone(page, workspace, qtbot):
    qtbot.keyClicks(page.left.backbones.filters.search, "vit")
    assert workspace.project.backbone.name == "resnet18"
    page.left.backbones.filters.search.clear()
    assert page.left.backbones.list.currentIndex().data() == "ResNet-18"


@pytest.mark.parametrize("sort", SORTS)
def test_orders_are_orders(sort):
    key = SORTS[sort][1]
    values = [key(facts) for facts in choose(backbones().values(), Filter(sort=sort))]
    assert values == sorted(values)


def test_sizes_and_families_limit():
    small = choose(backbones().values(), Filter(size="small"))
    assert small and all(facts.parameters <= 5e6 for facts in small)
    assert {facts.family for facts in choose(backbones().values(), Filter(family="ResNet"))} == {"ResNet"}


def test_a_dropped_file_of_weights_is_taken(page, workspace, tmp_path):
    assert page.drop_paths([tmp_path / "mine.safetensors"])
    assert workspace.project.backbone.weights == f"file:{tmp_path / 'mine.safetensors'}"
    assert not page.drop_paths([tmp_path])


def test_own_stages_are_dragged_written_once_and_spoken_in_the_settings(page, workspace, qtbot):
    changes = []
    workspace.project_changed.connect(lambda: changes.append(workspace.project.task("season").own_stages))
    knob = page.stages.ladder.lanes.handles["season"]
    qtbot.keyClick(knob, Qt.Key.Key_Up)
    with qtbot.waitSignal(page.stages.settle_own.timeout):
        qtbot.keyClick(knob, Qt.Key.Key_Up)
    assert changes == [2]
    spin = page.heads.heads["season"].form.row("tasks.own_stages").editor.focusProxy()
    assert (spin.value(), spin.maximum()) == (2, len(backbones()["resnet18"].stages))
    spin.setValue(1)
    assert workspace.project.task("season").own_stages == 1 and knob.value() == 1
    workspace.undo()
    assert knob.value() == 2


def test_own_stages_of_two_tasks_are_written_together(page, workspace, qtbot):
    handles = page.stages.ladder.lanes.handles
    qtbot.keyClick(handles["material"], Qt.Key.Key_Up)
    with qtbot.waitSignal(page.stages.settle_own.timeout):
        qtbot.keyClick(handles["season"], Qt.Key.Key_End)
    assert [task.own_stages for task in workspace.project.tasks] == [1, 5]


def test_own_stages_count_and_a_backbone_with_fewer_cuts_them(page, workspace):
    before = page.stages.ladder.trainable()
    stages = backbones()["resnet18"].stages
    workspace.set_task_values("season", own_stages=1)
    assert page.stages.ladder.trainable() == tuple(number + stages[-1].parameters for number in before)
    deep = max(backbones().values(), key=lambda facts: len(facts.stages))
    workspace.set_values("backbone", name=deep.name)
    workspace.set_task_values("season", own_stages=len(deep.stages))
    page.edits.choose_backbone("resnet18")
    assert workspace.project.task("season").own_stages == len(stages)


def test_a_number_needs_no_classes_to_have_a_head(page, workspace):
    workspace.set_task_values("season", kind="number")
    workspace.report = {"tasks": {"season": {"classes": {}}}}
    workspace.report_changed.emit()
    assert page.stages.ladder.trainable()[1] == backbones()["resnet18"].parameters + 2 * 512 + 2


def test_tasks_can_be_many(qtbot, workspace, look):
    tasks = [Task(name=f"a task with a rather long name {number}", source="waste") for number in range(12)]
    workspace.add_tasks(tasks)
    page = ModelPage(workspace)
    qtbot.addWidget(page)
    page.resize(1180, 640)
    page.show()
    assert not page.stages.ladder.lanes.isVisible() and len(page.heads.heads) == 14
    assert not page.grab().isNull()
