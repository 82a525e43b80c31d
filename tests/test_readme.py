"""What the README tells people to type."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.cli.parser import COMMANDS
from workbench.core.parsing import project_settings
from workbench.gui.display import QT_PACKAGES

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_two_lines_stand_on_the_first_screen_and_by_themselves() -> None:
    first_screen = README.splitlines()[:40]
    demo = 'python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/python main.py --demo'
    tests = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest'
    assert demo in first_screen and tests in first_screen
    windows = [line.replace("python3", "py").replace("bin/", "Scripts/") for line in (demo, tests)]
    spelt = [line.replace("\\", "/") for line in first_screen]
    assert all(line in spelt for line in windows)


def test_the_system_packages_are_those_that_the_program_names() -> None:
    match = re.search(r"^sudo apt-get install -y (.+)$", README, re.MULTILINE)
    assert match is not None and match[1].split() == list(QT_PACKAGES)


def test_the_commands_and_settings_exist() -> None:
    used = re.findall(r"^\.venv/bin/workbench (\w+)", README, re.MULTILINE)
    assert used and set(used) <= set(COMMANDS)
    keys = re.findall(r"--set ([\w.]+)=", README)
    assert keys and set(keys) <= set(project_settings())


def test_every_place_in_the_table_exists() -> None:
    root = Path(__file__).parent.parent
    places = re.findall(r"^\| `([\w./]+)` \|", README, re.MULTILINE)
    assert len(places) >= 7
    assert all((root / place).is_dir() for place in places)


def test_the_pictures_and_files_that_it_links_are_there() -> None:
    root = Path(__file__).parent.parent
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links and all((root / link).is_file() for link in links)
