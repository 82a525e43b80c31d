"""A push button with a role and an icon, made in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from workbench.gui.icons import set_icon

Role = Literal["", "primary", "danger", "flat", "link", "label"]
_ICON_ROLES = {"": "text", "primary": "on_accent", "danger": "bad", "flat": "accent", "link": "accent", "label": "text"}
_ICON = 16  # px: in a button of 32


class Button(QPushButton):
    """A push button.

    Args:
        text: what it does.
        icon: the name of a drawing, or nothing.
        role: "primary" for the one main action of a page, "danger", "flat", "link" (flat without a margin),
        or "" for a plain button. clicked: called when it is pressed; a method of a QObject.
    """

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        role: Role = "",
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role = role
        self._icon = icon
        self.setProperty("role", role)
        if icon:
            set_icon(self, icon, _ICON_ROLES[role], _ICON)
        if clicked is not None:
            self.clicked.connect(clicked)

    def set_icon(self, name: str) -> None:
        """Show another drawing."""
        self._icon = name
        set_icon(self, name, _ICON_ROLES[self._role], _ICON)

    def set_role(self, role: Role) -> None:
        """Take another role and its colours."""
        self._role = role
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        if self._icon:
            self.set_icon(self._icon)


class IconButton(QToolButton):
    """A flat button that shows only an icon; its name is its tooltip and its accessible name."""

    def __init__(
        self,
        icon: str,
        name: str,
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
        tone: str = "text",
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        set_icon(self, icon, tone)
        self.set_name(name)
        if clicked is not None:
            self.clicked.connect(clicked)

    def set_name(self, name: str) -> None:
        """Say what it does, for eyes and for screen readers."""
        self.setToolTip(name)
        self.setAccessibleName(name)

    def set_icon(self, name: str) -> None:
        """Show another drawing."""
        set_icon(self, name, self._tone)
