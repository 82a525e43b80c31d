import pytest

from workbench.core.errors import RequestError
from workbench.gui.app import open_window
from workbench.gui.display import display_missing, libraries_missing, x_server_answers


@pytest.fixture
def screenless(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")


def test_without_a_display_the_window_is_refused(screenless):
    assert display_missing()
    with pytest.raises(RequestError) as caught:
        open_window(None)
    assert caught.value.text == "There is no display to open a window on."
    assert "workbench train PROJECT" in caught.value.fix


def test_platforms_that_need_no_screen_are_not_refused(screenless, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen:size=800x600")
    assert not display_missing()


def test_other_systems_always_have_a_display(screenless, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert not display_missing()


def test_a_wayland_session_has_a_display(screenless, monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert not display_missing()


@pytest.mark.parametrize("display", ["", "nonsense", ":64123", "no-such-host.invalid:3"])
def test_a_display_that_nobody_serves_is_missing(screenless, monkeypatch, display):
    monkeypatch.setenv("DISPLAY", display)
    assert not x_server_answers(display)
    assert display_missing()


def test_missing_libraries_name_the_packages(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    error = libraries_missing(ImportError("libEGL.so.1: cannot open shared object file"))
    assert "libEGL.so.1" in error.text
    assert "apt-get install" in error.fix and "libegl1" in error.fix and "libxcb-cursor0" in error.fix
