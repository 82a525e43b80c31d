import pytest

from workbench.gui.preferences import MOST_RECENT, Preferences
from workbench.project.store import PROJECT_FILE


@pytest.fixture
def preferences(tmp_path, qapp):
    return Preferences(tmp_path / "settings.ini")


def project(folder):
    folder.mkdir()
    (folder / PROJECT_FILE).write_text("format = 1\n")
    return folder


def test_what_is_set_is_remembered(preferences, tmp_path):
    assert (preferences.theme, preferences.expert) == ("system", False)
    preferences.theme, preferences.expert, preferences.last_folder = "dark", True, tmp_path
    preferences._settings.sync()
    again = Preferences(tmp_path / "settings.ini")
    assert (again.theme, again.expert, again.last_folder) == ("dark", True, tmp_path)


def test_a_folder_that_is_gone_is_not_offered(preferences, tmp_path):
    preferences.last_folder = tmp_path / "gone"
    assert preferences.last_folder.is_dir()


def test_recent_projects_are_kept_latest_first_and_once(preferences, tmp_path, qtbot):
    first, second = project(tmp_path / "a b"), project(tmp_path / "ü")
    for folder in (first, second, first):
        preferences.add_recent(folder)
    assert preferences.recent() == [first, second]
    with qtbot.assertNotEmitted(preferences.recent_changed):
        preferences.add_recent(first)
    with qtbot.waitSignal(preferences.recent_changed):
        preferences.clear_recent()
    assert preferences.recent() == []


def test_recent_projects_are_few_and_still_there(preferences, tmp_path):
    folders = [project(tmp_path / str(number)) for number in range(MOST_RECENT + 3)]
    for folder in folders:
        preferences.add_recent(folder)
    assert preferences.recent() == folders[:2:-1]
    (folders[-1] / PROJECT_FILE).unlink()
    assert folders[-1] not in preferences.recent()


def test_a_single_recent_project_survives_the_file(preferences, tmp_path):
    folder = project(tmp_path / "only, one")
    preferences.add_recent(folder)
    preferences._settings.sync()
    assert Preferences(tmp_path / "settings.ini").recent() == [folder]
