"""Everything that the window can be told to do: one table of actions, and the menus made of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.icons import set_icon


@dataclass(frozen=True)
class ActionFacts:
    """A row of the table.

    Attributes:
        menu: the menu that it stands in.
        text: what it does, translated when it is shown; three dots where it asks first.
        shortcut: in Qt's portable spelling, several apart by a space; empty where it has only its place in the menu.
        icon: the name of a drawing, or nothing.
        after_line: a line stands above it in the menu.
        group: of actions of which one is checked.
        checkable: it is on or off by itself.
    """

    name: str
    menu: str
    text: str
    shortcut: str = ""
    icon: str = ""
    after_line: bool = False
    group: str = ""
    checkable: bool = False


MENUS: tuple[tuple[str, str], ...] = (
    ("file", QT_TRANSLATE_NOOP("Actions", "&File")),
    ("edit", QT_TRANSLATE_NOOP("Actions", "&Edit")),
    ("view", QT_TRANSLATE_NOOP("Actions", "&View")),
    ("run", QT_TRANSLATE_NOOP("Actions", "&Run")),
    ("help", QT_TRANSLATE_NOOP("Actions", "&Help")),
)

TABLE: tuple[ActionFacts, ...] = (
    ActionFacts("new", "file", QT_TRANSLATE_NOOP("Actions", "New project…"), "Ctrl+N", "plus"),
    ActionFacts("open", "file", QT_TRANSLATE_NOOP("Actions", "Open project…"), "Ctrl+O", "folder"),
    ActionFacts("demo", "file", QT_TRANSLATE_NOOP("Actions", "Try the demo"), "", "try"),
    ActionFacts("save", "file", QT_TRANSLATE_NOOP("Actions", "Save"), "Ctrl+S", "save", True),
    ActionFacts("save_copy", "file", QT_TRANSLATE_NOOP("Actions", "Save a copy…"), "Ctrl+Shift+S", "copy"),
    ActionFacts("show_folder", "file", QT_TRANSLATE_NOOP("Actions", "Show the project's folder"), "Ctrl+Shift+E"),
    ActionFacts("quit", "file", QT_TRANSLATE_NOOP("Actions", "Close the window"), "Ctrl+Q", "", True),
    ActionFacts("undo", "edit", QT_TRANSLATE_NOOP("Actions", "Undo the last change"), "Ctrl+Z", "undo"),
    ActionFacts("add_folders", "edit", QT_TRANSLATE_NOOP("Actions", "Add pictures…"), "Ctrl+Shift+O", "folder", True),
    ActionFacts("add_table", "edit", QT_TRANSLATE_NOOP("Actions", "Add a table…"), "Ctrl+Shift+T", "table"),
    ActionFacts("add_masks", "edit", QT_TRANSLATE_NOOP("Actions", "Add pictures with masks…"), "", "picture"),
    ActionFacts("read_again", "edit", QT_TRANSLATE_NOOP("Actions", "Read the pictures again"), "F5", "refresh"),
    ActionFacts("page_data", "view", QT_TRANSLATE_NOOP("Actions", "Data"), "Ctrl+1", "data", group="page"),
    ActionFacts("page_model", "view", QT_TRANSLATE_NOOP("Actions", "Model"), "Ctrl+2", "model", group="page"),
    ActionFacts("page_train", "view", QT_TRANSLATE_NOOP("Actions", "Train"), "Ctrl+3", "train", group="page"),
    ActionFacts("page_results", "view", QT_TRANSLATE_NOOP("Actions", "Results"), "Ctrl+4", "results", group="page"),
    ActionFacts("page_try", "view", QT_TRANSLATE_NOOP("Actions", "Try"), "Ctrl+5", "try", group="page"),
    ActionFacts("page_tools", "view", QT_TRANSLATE_NOOP("Actions", "Tools"), "Ctrl+6", "tools", group="page"),
    ActionFacts(
        "palette", "view", QT_TRANSLATE_NOOP("Actions", "Find an action…"), "Ctrl+K Ctrl+Shift+P", "search", True
    ),
    ActionFacts("theme_system", "view", QT_TRANSLATE_NOOP("Actions", "Theme of the system"), "", "", True, "theme"),
    ActionFacts("theme_light", "view", QT_TRANSLATE_NOOP("Actions", "Light theme"), "", "sun", group="theme"),
    ActionFacts("theme_dark", "view", QT_TRANSLATE_NOOP("Actions", "Dark theme"), "", "moon", group="theme"),
    ActionFacts("full_screen", "view", QT_TRANSLATE_NOOP("Actions", "Full screen"), "F11", "", True),
    ActionFacts("train", "run", QT_TRANSLATE_NOOP("Actions", "Train"), "Ctrl+R", "play"),
    ActionFacts("queue", "run", QT_TRANSLATE_NOOP("Actions", "Add to the queue"), "Ctrl+Shift+R", "plus"),
    ActionFacts("pause", "run", QT_TRANSLATE_NOOP("Actions", "Pause"), "Ctrl+P", "pause"),
    ActionFacts("pause_release", "run", QT_TRANSLATE_NOOP("Actions", "Pause and free the memory")),
    ActionFacts("stop", "run", QT_TRANSLATE_NOOP("Actions", "Keep the best and stop"), "Ctrl+.", "stop"),
    ActionFacts("cancel", "run", QT_TRANSLATE_NOOP("Actions", "Cancel the run…"), "Ctrl+Shift+.", "cancel"),
    ActionFacts("queue_switch", "run", QT_TRANSLATE_NOOP("Actions", "Start the queue"), "", "play", True),
    ActionFacts("notify", "run", QT_TRANSLATE_NOOP("Actions", "Tell me when a run has ended"), checkable=True),
    ActionFacts("help", "help", QT_TRANSLATE_NOOP("Actions", "Help on this page"), "F1", "help"),
    ActionFacts("help_settings", "help", QT_TRANSLATE_NOOP("Actions", "All settings"), "Shift+F1", "gear"),
    ActionFacts("about", "help", QT_TRANSLATE_NOOP("Actions", "About Workbench"), "", "info", True),
)

PAGES = ("data", "model", "train", "results", "try", "tools")


class Actions:
    """All actions of a window by name; each is also added to the window, so that its shortcut works on every page."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._groups: dict[str, QActionGroup] = {}
        self._by_name = {facts.name: self._make(facts) for facts in TABLE}

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def all(self) -> list[QAction]:
        """Every action, in the order of the menus."""
        return list(self._by_name.values())

    def menu(self, recent: QMenu) -> QMenu:
        """One menu with a submenu for each part; `recent` is put below "Open project…"."""
        whole = QMenu(self._window)
        for name, title in MENUS:
            part = whole.addMenu(QCoreApplication.translate("Actions", title))
            part.setToolTipsVisible(True)
            for facts in TABLE:
                if facts.menu != name:
                    continue
                if facts.after_line:
                    part.addSeparator()
                part.addAction(self._by_name[facts.name])
                if facts.name == "open":
                    part.addMenu(recent)
        return whole

    def _make(self, facts: ActionFacts) -> QAction:
        action = QAction(QCoreApplication.translate("Actions", facts.text), self._window)
        action.setObjectName(facts.name)
        action.setShortcuts([QKeySequence(text) for text in facts.shortcut.split()])
        if facts.icon:
            set_icon(action, facts.icon)
        action.setCheckable(facts.checkable or bool(facts.group))
        if facts.group:
            self._group(facts.group).addAction(action)
        self._window.addAction(action)
        return action

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(self._window)
        return self._groups[name]
