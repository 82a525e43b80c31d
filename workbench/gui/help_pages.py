"""The help: pages that ship as Markdown, and the page of all settings, made from the settings themselves."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.core import help as texts

FIRST = "index"
SETTINGS = texts.SETTINGS_PAGE


@dataclass(frozen=True)
class HelpPage:
    """A page: its name, its title (its first heading) and its Markdown."""

    name: str
    title: str
    text: str


def help_pages() -> list[HelpPage]:
    """All pages, in the order in which they are read."""
    return [help_page(name) for name in texts.help_pages()]


def help_page(name: str) -> HelpPage:
    """One page.

    Raises:
        KeyError: there is none of that name.
    """
    text = texts.help_page(name, _translated)
    return HelpPage(name, text.partition("\n")[0].removeprefix("# "), text)


def search(pages: list[HelpPage], wanted: str) -> list[HelpPage]:
    """The pages that hold every wanted word, those with them in the title first."""
    words = wanted.casefold().split()
    found = [page for page in pages if all(word in page.text.casefold() for word in words)]
    return sorted(found, key=lambda page: not all(word in page.title.casefold() for word in words))


def _translated(text: str) -> str:
    return QCoreApplication.translate("settings", text)
