"""The layers: who may import whom, what starts without torch or Qt, and where shipped files are found."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import workbench
from workbench.core import resources
from workbench.core.resources import resource

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

QUICK_ENGINE = ["workbench.engine", "workbench.engine.jobs"] + [
    f"workbench.engine.data.{name}" for name in ("sources", "table", "split", "view", "check")
]


def modules_below(package: str) -> list[str]:
    """Every module of a package, by walking its files; nothing is imported."""
    folder = ROOT / package.replace(".", "/")
    found = [package]
    for info in pkgutil.iter_modules([str(folder)]):
        found += modules_below(f"{package}.{info.name}") if info.ispkg else [f"{package}.{info.name}"]
    return found


def run_python(code: str) -> str:
    """Run code in a fresh interpreter in the root of the checkout; what it printed."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


IMPORT_ALL = """
import importlib, sys
for name in {names}:
    importlib.import_module(name)
print(sorted({{name.partition(".")[0] for name in sys.modules}} & set({unwanted})))
"""


def test_every_contract_of_imports_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


def test_a_broken_contract_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    config = tmp_path / "contract.ini"
    config.write_text(
        "[importlinter]\nroot_package = workbench\n"
        "[importlinter:contract:1]\nname = nobody imports core\ntype = forbidden\n"
        "source_modules = workbench.project\nforbidden_modules = workbench.core\n"
    )
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(config), no_cache=True) != EXIT_STATUS_SUCCESS


def test_every_layer_has_a_contract() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    assert {source for contract in contracts for source in contract["source_modules"]} >= {
        f"workbench.{layer}" for layer in ("core", "engine", "project", "gui")
    }


@pytest.mark.parametrize("package", ["workbench.core", "workbench.project", "workbench.gui"])
def test_the_window_and_what_it_stands_on_never_load_torch(package: str) -> None:
    names = [name for name in modules_below(package) if name != "workbench.gui.__main__"]
    assert len(names) > 5
    assert run_python(IMPORT_ALL.format(names=names, unwanted=["torch", "torchvision"])) == "[]"


def test_the_engine_imports_with_qt_absent() -> None:
    names = modules_below("workbench.engine")
    assert len(names) > 20
    block = "import sys\nsys.modules['PySide6'] = None\nsys.modules['pyqtgraph'] = None\n"
    unwanted = ["workbench.gui", "shiboken6"]
    assert run_python(block + IMPORT_ALL.format(names=names, unwanted=unwanted)) == "[]"


def test_the_check_of_data_starts_without_torch() -> None:
    assert run_python(IMPORT_ALL.format(names=QUICK_ENGINE, unwanted=["torch", "torchvision"])) == "[]"


def test_shipped_files_are_found_in_a_checkout() -> None:
    assert resource("backbones.json") == ROOT / "resources" / "backbones.json"
    with pytest.raises(FileNotFoundError, match="nothing-of-that-name"):
        resource("nothing-of-that-name")


def test_shipped_files_are_found_inside_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel puts `resources` where `resource()` looks for it beside the package's modules."""
    mapping = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    package = tmp_path / "site-packages" / "workbench"
    installed = tmp_path / "site-packages" / mapping["resources"]
    installed.mkdir(parents=True)
    (installed / "backbones.json").write_text("{}")
    monkeypatch.setattr(resources.workbench, "__file__", str(package / "__init__.py"))
    assert resource("backbones.json") == package / "resources" / "backbones.json"


def test_everything_that_ships_is_in_the_wheel_and_in_the_sdist() -> None:
    build = PYPROJECT["tool"]["hatch"]["build"]["targets"]
    assert build["wheel"]["packages"] == [workbench.__name__]
    assert {"workbench", "resources", "README.md", "LICENSE", "pyproject.toml"} <= set(build["sdist"]["include"])
    assert (ROOT / PYPROJECT["project"]["readme"]).is_file()
    assert all((ROOT / name).is_file() for name in PYPROJECT["project"]["license-files"])
