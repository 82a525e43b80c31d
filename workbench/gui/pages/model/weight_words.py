"""Where a backbone's weights come from, in words; and which are here, looked up once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from workbench.core import catalogue, weights_cache
from workbench.core.backbone_facts import BackboneFacts
from workbench.core.catalogue import default_weights
from workbench.core.errors import RequestError


def _tr(text: str) -> str:
    return QCoreApplication.translate("WeightWords", text)


_SHIPPED = {
    "starter": QT_TRANSLATE_NOOP("WeightWords", "starter · ships with the program"),
    "none": QT_TRANSLATE_NOOP("WeightWords", "no pretrained weights"),
}


class Here:
    """Which backbones' weights are on this computer; each is looked up once until `forget`."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bool] = {}
        self._project: Path | None = None

    def look_from(self, project: Path | None) -> None:
        """Paths and runs are those of this project."""
        if project != self._project:
            self._project = project
            self.forget()

    def __call__(self, facts: BackboneFacts, weights: str = "") -> bool:
        """Whether weights can be used without a download; without a name, whether pretrained ones are here."""
        asked = (facts.name, weights)
        if asked not in self._known:
            wanted = weights or default_weights(facts.name)
            nothing = not weights and wanted == "none"
            self._known[asked] = not nothing and weights_cache.is_here(facts.name, wanted, self._project)
        return self._known[asked]

    def named(self, name: str, weights: str) -> bool:
        """The same of a backbone that the catalogue may not know."""
        try:
            return self(catalogue.get(name), weights)
        except RequestError:  # of another version of the program
            return False

    def forget(self) -> None:
        """Look anew the next time: something was downloaded or removed."""
        self._known.clear()


def where(facts: BackboneFacts, here: bool) -> str:
    """Where the weights that are taken unasked come from."""
    weights = default_weights(facts.name)
    if weights in _SHIPPED:
        return _tr(_SHIPPED[weights])
    return _tr("on this computer") if here else download_words(facts.download_mb)


def download_words(megabytes: float) -> str:
    """45 MB, downloaded once."""
    return _tr("{0} MB, downloaded once").format(size_words(megabytes))


def size_words(megabytes: float) -> str:
    """Two figures at least: 9.8, 45."""
    return f"{megabytes:,.0f}" if megabytes >= 9.95 else f"{megabytes:.1f}"


def in_a_row(facts: Iterable[str]) -> str:
    """Facts with dots between them; no line begins with a dot."""
    return "\u00a0· ".join(facts)
