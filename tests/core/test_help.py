"""The help pages: complete, short, and saying what the program does."""

from __future__ import annotations

import re

import pytest

from workbench.cli.parser import COMMANDS
from workbench.core.balancing import BALANCING
from workbench.core.help import SETTINGS_PAGE, help_page, help_pages, settings_page
from workbench.core.parsing import project_settings, task_settings
from workbench.core.presets import PRESETS
from workbench.core.resources import resource

TWO_SCREENS = 80


@pytest.mark.parametrize("name", help_pages())
def test_a_page_has_a_title_and_links_that_lead_somewhere(name: str) -> None:
    text = help_page(name)
    assert text.startswith(f"# {help_pages()[name]}\n")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert {link.removesuffix(".md") for link in links} <= set(help_pages())
    assert "!" not in re.sub(r"`[^`]*`|^    .*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", [name for name in help_pages() if name != SETTINGS_PAGE])
def test_a_written_page_is_two_screens_at_most(name: str) -> None:
    assert help_page(name).count("\n") <= TWO_SCREENS


def test_every_shipped_page_is_listed() -> None:
    files = {path.stem for path in resource("help").glob("*.md")}
    assert files == set(help_pages()) - {SETTINGS_PAGE}


def test_an_unknown_page_is_refused() -> None:
    with pytest.raises(KeyError):
        help_page("../README")


def test_the_settings_page_holds_every_setting_with_its_help_default_and_range() -> None:
    page = settings_page()
    for setting in [*project_settings().values(), *task_settings().values()]:
        row = next(line for line in page.splitlines() if f"| `{setting.name}` |" in line and setting.help in line)
        assert setting.range_text().replace("|", "\\|") in row
        assert setting.unit in row
    assert all(f"**{name}**" in page for name in PRESETS)
    assert all(f"- **{name}**: {sentence}" in page for name, sentence in BALANCING.items())


def test_tables_have_the_same_number_of_cells_in_every_row() -> None:
    rows = [line for line in settings_page().splitlines() if line.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {7}


def test_every_command_is_explained() -> None:
    page = help_page("command-line")
    assert all(f"| `{command}" in page for command in COMMANDS)
