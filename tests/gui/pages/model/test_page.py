import pytest
from PySide6.QtCore import Qt

from tests.gui.frame import QuietWorkspace
from workbench.core.catalogue import backbones
from workbench.core.kinds import HEADS
from workbench.core.project import BackboneChoice, Project, Task
from workbench.gui.pages.model.choice import SORTS, Filter, HeadSize, choose, head_parameters
from workbench.gui.pages.model.page import ModelPage
from workbench.gui.pages.model.weight_files import checkpoints_folder, on_this_computer, where_from
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
    with qtbot.waitSignal(page._settle.timeout):
        pass


def test_the_chosen_backbone_and_its_stages_are_shown(page):
    assert page.list.currentIndex().data() == "ResNet-18"
    assert [rung.name for rung in page.ladder.handle.rungs] == [stage.title for stage in backbones()["resnet18"].stages]
    assert page.ladder.freeze() == 2


def test_choosing_a_backbone_writes_it(page, workspace, qtbot):
    row = [facts.name for facts in page.list.backbones.rows].index("squeezenet1_0")
    page.list.setCurrentIndex(page.list.backbones.index(row))
    assert workspace.project.backbone.name == "squeezenet1_0"
    assert len(page.ladder.handle.rungs) == len(backbones()["squeezenet1_0"].stages)


def test_a_freeze_depth_that_the_other_backbone_lacks_becomes_all(page, workspace):
    deep = max(backbones().values(), key=lambda facts: len(facts.stages))
    shallow = min(backbones().values(), key=lambda facts: len(facts.stages))
    workspace.set_values("backbone", name=deep.name, freeze=len(deep.stages) - 1)
    page._choose_backbone(shallow.name)
    assert workspace.project.backbone.freeze == "all"


def test_weights_of_a_file_are_set_back_for_another_backbone(page, workspace, qtbot):
    page.weights.chosen.emit("file:/somewhere/resnet.pt")
    assert workspace.project.backbone.weights == "file:/somewhere/resnet.pt"
    assert page.weights.combo.currentText() == "resnet.pt"
    with qtbot.waitSignal(workspace.said):
        page._choose_backbone("mobilenet_v2")
    assert workspace.project.backbone.weights == "default"


def test_freezing_by_keyboard_updates_at_once_and_is_written_once(page, workspace, qtbot):
    summary = page.ladder.summary()
    changes = []
    workspace.project_changed.connect(lambda: changes.append(workspace.project.backbone.freeze))
    qtbot.keyClick(page.ladder.handle, Qt.Key.Key_Down)
    qtbot.keyClick(page.ladder.handle, Qt.Key.Key_Down)
    assert page.ladder.summary() != summary
    settle(page, qtbot)
    assert changes == [4] and workspace.project.backbone.freeze == 4
    qtbot.keyClick(page.ladder.handle, Qt.Key.Key_End)
    settle(page, qtbot)
    assert workspace.project.backbone.freeze == "all"


@pytest.mark.parametrize(
    ("preset", "depth", "word"), [("probe", 5, "freezes the whole"), ("full", 0, "freezes nothing")]
)
def test_a_preset_that_forces_the_depth_says_so(page, workspace, preset, depth, word):
    workspace.set_values("recipe", preset=preset)
    assert page.ladder.freeze() == depth and not page.ladder.handle.isEnabled() and page.ladder.isEnabled()
    assert page.forced.isVisible() and word in page.forced.text()
    page._choose_balanced()
    assert page.ladder.handle.isEnabled() and page.ladder.freeze() == 2 and not page.forced.isVisible()


def test_random_weights_that_stay_frozen_are_warned_of(page, workspace):
    page.weights.chosen.emit("none")
    assert page.random.isVisible()
    page._freeze_nothing()
    assert workspace.project.backbone.freeze == 0 and not page.random.isVisible()


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
    trains, total = page.ladder.trainable()
    heads = head_parameters("linear", HeadSize(512, (), 6))
    assert heads == 512 * 6 + 6
    assert total == backbones()["resnet18"].parameters + heads
    assert trains < total


def test_search_filter_and_order(page, qtbot):
    qtbot.keyClicks(page.filters.search, "mobile v3")
    assert {facts.name for facts in page.list.backbones.rows} == {"mobilenet_v3_small", "mobilenet_v3_large"}
    qtbot.keyClicks(page.filters.search, "zzz")
    assert page.nothing.isVisible() and not page.list.isVisible()
    page.nothing.button.click()
    assert len(page.list.backbones.rows) == len(backbones())


def test_filtering_does_not_choose_another_backbone(page, workspace, qtbot):
    qtbot.keyClicks(page.filters.search, "vit")
    assert workspace.project.backbone.name == "resnet18"
    page.filters.search.clear()
    assert page.list.currentIndex().data() == "ResNet-18"


@pytest.mark.parametrize("sort", SORTS)
def test_orders_are_orders(sort):
    key = SORTS[sort][1]
    values = [key(facts) for facts in choose(backbones().values(), Filter(sort=sort))]
    assert values == sorted(values)


def test_sizes_and_families_limit():
    small = choose(backbones().values(), Filter(size="small"))
    assert small and all(facts.parameters <= 5e6 for facts in small)
    assert {facts.family for facts in choose(backbones().values(), Filter(family="ResNet"))} == {"ResNet"}


def test_weights_on_this_computer_are_recognised(workspace):
    facts = backbones()["resnet18"]
    assert not on_this_computer(facts)
    assert where_from(facts, False) == "45 MB, downloaded once"
    checkpoints_folder().mkdir(parents=True)
    file = checkpoints_folder() / "resnet18-f37072fd.pth"
    with open(file, "wb") as handle:
        handle.truncate(int(facts.download_mb * 1_000_000))
    assert on_this_computer(facts)
    with open(file, "wb") as handle:
        handle.truncate(1000)
    assert not on_this_computer(facts)


def test_a_dropped_file_of_weights_is_taken(page, workspace, tmp_path):
    assert page.drop_paths([tmp_path / "mine.safetensors"])
    assert workspace.project.backbone.weights == f"file:{tmp_path / 'mine.safetensors'}"
    assert not page.drop_paths([tmp_path])


def test_own_stages_are_dragged_written_once_and_spoken_in_the_settings(page, workspace, qtbot):
    changes = []
    workspace.project_changed.connect(lambda: changes.append(workspace.project.task("season").own_stages))
    knob = page.ladder.lanes.handles["season"]
    qtbot.keyClick(knob, Qt.Key.Key_Up)
    with qtbot.waitSignal(page._settle_own.timeout):
        qtbot.keyClick(knob, Qt.Key.Key_Up)
    assert changes == [2]
    spin = page.heads.heads["season"].form.row("tasks.own_stages").editor.focusProxy()
    assert (spin.value(), spin.maximum()) == (2, len(backbones()["resnet18"].stages))
    spin.setValue(1)
    assert workspace.project.task("season").own_stages == 1 and knob.value() == 1
    workspace.undo()
    assert knob.value() == 2


def test_own_stages_of_two_tasks_are_written_together(page, workspace, qtbot):
    handles = page.ladder.lanes.handles
    qtbot.keyClick(handles["material"], Qt.Key.Key_Up)
    with qtbot.waitSignal(page._settle_own.timeout):
        qtbot.keyClick(handles["season"], Qt.Key.Key_End)
    assert [task.own_stages for task in workspace.project.tasks] == [1, 5]


def test_own_stages_count_and_a_backbone_with_fewer_cuts_them(page, workspace):
    before = page.ladder.trainable()
    stages = backbones()["resnet18"].stages
    workspace.set_task_values("season", own_stages=1)
    assert page.ladder.trainable() == tuple(number + stages[-1].parameters for number in before)
    deep = max(backbones().values(), key=lambda facts: len(facts.stages))
    workspace.set_values("backbone", name=deep.name)
    workspace.set_task_values("season", own_stages=len(deep.stages))
    page._choose_backbone("resnet18")
    assert workspace.project.task("season").own_stages == len(stages)


def test_a_number_needs_no_classes_to_have_a_head(page, workspace):
    workspace.set_task_values("season", kind="number")
    workspace.report = {"tasks": {"season": {"classes": {}}}}
    workspace.report_changed.emit()
    assert page.ladder.trainable()[1] == backbones()["resnet18"].parameters + 2 * 512 + 2


def test_tasks_can_be_many(qtbot, workspace, look):
    tasks = [Task(name=f"a task with a rather long name {number}", source="waste") for number in range(12)]
    workspace.add_tasks(tasks)
    page = ModelPage(workspace)
    qtbot.addWidget(page)
    page.resize(1180, 640)
    page.show()
    assert not page.ladder.lanes.isVisible() and len(page.heads.heads) == 14
    assert not page.grab().isNull()
