"""What is left of a run that was being made when its process was killed."""

from workbench.core.project import Project
from workbench.project.lock import run_lock
from workbench.project.runs import runs_dir
from workbench.project.store import ProjectFile
from workbench.project.unfinished import ASIDE, clear_unfinished


def test_it_is_removed_once_nobody_is_at_work(tmp_path):
    folder = ProjectFile.create(tmp_path / "p", Project()).folder
    clear_unfinished(folder)
    assert not runs_dir(folder).exists(), "looking makes nothing"
    aside = runs_dir(folder) / ASIDE
    (aside / "002-blend" / "results").mkdir(parents=True)
    with run_lock(runs_dir(folder), "002-blend"):
        clear_unfinished(folder)
        assert (aside / "002-blend").is_dir(), "it is being made"
    clear_unfinished(folder)
    assert not aside.exists()
