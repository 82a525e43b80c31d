from pathlib import Path

import pytest

from workbench.gui.dropped import announce, is_class_folder, sort_out
from workbench.gui.pages.data.adding import task_name
from workbench.project.store import PROJECT_FILE


@pytest.fixture
def files(tmp_path):
    for name in ("waste/glass/1.jpg", "bare/1.PNG", "t.CSV", "a.JPEG", "n.txt", f"p/{PROJECT_FILE}", "empty/.hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return tmp_path


def said(files, *names, project_open=True, asks_model=False):
    dropped = sort_out([files / name for name in names])
    return announce(dropped, project_open=project_open, asks_model=asks_model)


def test_what_is_carried_is_told_apart(files):
    dropped = sort_out([files / name for name in ("waste", "t.CSV", "a.JPEG", "n.txt")])
    assert dropped.sources == [files / "waste", files / "t.CSV"]
    assert (dropped.pictures, dropped.others) == ([files / "a.JPEG"], [files / "n.txt"])
    assert sort_out([files / "p"]).project == sort_out([files / "p" / PROJECT_FILE]).project == files / "p"
    assert sort_out([files / "p", files / "waste"]).project is None


def test_class_folders_are_known(files):
    assert is_class_folder(files / "bare") and is_class_folder(files / "waste" / "glass")
    assert not is_class_folder(files / "waste") and not is_class_folder(files / "empty")
    assert not is_class_folder(files / "nothing")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["waste"], "Add 1 task"),
        (["waste", "bare"], "Add 2 tasks"),
        (["t.CSV"], "Choose tasks from this table"),
        (["waste", "t.CSV"], "Add 1 task · Choose tasks from this table"),
        (["a.JPEG"], "Ask the model about these pictures"),
        (["p"], "Open this project"),
        (["n.txt"], ""),
    ],
)
def test_what_will_happen_is_said(files, names, text):
    assert said(files, *names)[0] == text


def test_the_same_drop_means_another_thing_elsewhere(files):
    assert said(files, "waste", asks_model=True)[0] == "Ask the model about these pictures"
    assert said(files, "waste", project_open=False) == ("Add 1 task", "A new project is made for them: waste")
    assert said(files, "a.JPEG", project_open=False)[0] == ""


def test_folders_whose_names_say_nothing_take_the_one_around(files):
    assert task_name(Path("/data/cifar/Train")) == "cifar"
    assert task_name(Path("/data/waste")) == "waste"


def test_a_tool_says_what_it_does_with_what_is_dropped(tmp_path):
    (tmp_path / "glass").mkdir()
    found = announce(sort_out([tmp_path / "glass"]), project_open=True, asks_model=False, tool="Add these")
    assert found == ("Add these", "glass")
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    refused = announce(sort_out([tmp_path / "note.txt"]), project_open=True, asks_model=False, tool="Add these")
    assert refused[0] == ""
