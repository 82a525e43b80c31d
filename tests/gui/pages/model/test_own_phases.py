"""Phases of one's own decide what stands still: the ladder shows the deepest, and why it cannot be moved."""

from __future__ import annotations

from workbench.gui.pages.model.page import ModelPage


def test_the_ladder_follows_phases_of_ones_own(workspace, show):
    page = show(ModelPage(workspace))
    workspace.set_values("recipe", phases=[{"freeze": "all", "epochs": 3}, {"freeze": 1, "epochs": 2}])
    assert page.stages.ladder.freeze() == 1 and not page.stages.ladder.handle.isEnabled()
    assert page.stages.forced.text() == "Your own phases on the Train page say which stages stand still, and when."
    workspace.unset_value("recipe", "phases")
    assert page.stages.ladder.handle.isEnabled() and not page.stages.forced.isVisible()
