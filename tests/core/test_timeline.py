from __future__ import annotations

from typing import Any

import pytest

from workbench.core.errors import RequestError
from workbench.core.parsing import assign, validate_project
from workbench.core.project import Project
from workbench.core.timeline import check_timeline, phase_name, timeline
from workbench.project.store import trainable_or_refuse


def project(backbone: dict[str, Any] | None = None, **recipe: Any) -> Project:
    """resnet18 has five stages."""
    data = {"tasks": [{"name": "a", "source": "x"}], "backbone": {"name": "resnet18", **(backbone or {})}}
    return Project.model_validate({**data, "recipe": recipe})


def phases(*args: Any, **recipe: Any) -> list[tuple[int | str, int]]:
    return [(phase.freeze, phase.epochs) for phase in timeline(project(*args, **recipe).effective())]


def test_presets_as_timelines() -> None:
    assert phases() == [("all", 40), (2, 10)]
    assert phases(preset="probe") == [("all", 40)]
    assert phases(preset="full") == [(0, 10)]
    assert phases(preset="few-shot") == [("all", 1)]
    assert phases({"freeze": "all"}, head_epochs=6) == phases({"freeze": 5}, head_epochs=6) == [("all", 6)]


def test_one_group_after_another_shares_the_epochs() -> None:
    assert phases(unfreeze="one-by-one") == [("all", 40), (4, 3), (3, 3), (2, 4)]
    assert phases(unfreeze="one-by-one", epochs=2, head_epochs=0) == [(3, 1), (2, 1)]
    assert phases(unfreeze="one-by-one", preset="full", epochs=5) == [(4, 1), (3, 1), (2, 1), (1, 1), (0, 1)]
    assert phases({"freeze": "all"}, unfreeze="one-by-one", head_epochs=6) == [("all", 6)]


def test_heads_for_pixels_alone_have_no_phase_before() -> None:
    mask = {"name": "m", "kind": "mask", "source": "x", "masks": "y"}
    wanted = project().model_copy(update={"tasks": Project.model_validate({"tasks": [mask]}).tasks})
    assert [phase.freeze for phase in timeline(wanted.effective())] == [2]


def test_a_timeline_of_ones_own_stands_for_all_else() -> None:
    own = [{"freeze": "all", "epochs": 3}, {"freeze": 4, "epochs": 2, "learning_rate": 1e-3}]
    wanted = project({"freeze": 0}, preset="full", phases=own)
    assert [phase.model_dump(exclude_unset=True) for phase in timeline(wanted.effective())] == own
    assert wanted.effective().backbone.freeze == 4 and wanted.effective().effective() == wanted.effective()
    assert wanted.written()["recipe"]["phases"] == own
    assert project(phases=own[:1]).effective().backbone.freeze == "all"


def test_a_phase_of_too_many_stages_is_refused() -> None:
    with pytest.raises(RequestError, match="Phase 2 freezes 6 stages, and resnet18 has 5"):
        check_timeline(project(phases=[{"freeze": 5}, {"freeze": 6}]))


def test_it_is_refused_before_anything_is_written() -> None:
    with pytest.raises(RequestError, match="Phase 1 freezes 6 stages"):
        trainable_or_refuse(project(phases=[{"freeze": 6}]))


def test_phases_are_named_after_what_trains() -> None:
    assert [phase_name(freeze, 5, True) for freeze in ("all", 5, 4, 2, 0)] == [
        "heads",
        "heads",
        "last stage",
        "last 3 stages",
        "all stages",
    ]
    assert phase_name(2, 5, False) == "stages"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{epochs = 0}]", "recipe.phases.1.epochs = 0 is not allowed. It takes a whole number from 1 to 10000."),
        ("[{}, {frz = 1}]", "recipe.phases.2.frz is not a setting. Did you mean recipe.phases.2.freeze?"),
        ("[{freeze = 'most'}]", "recipe.phases.1.freeze = 'most' is not allowed."),
        ("3", "recipe.phases = 3 is not allowed. It takes a list of tables"),
    ],
)
def test_what_is_wrong_with_a_phase_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        validate_project(assign({}, [f"recipe.phases={text}"]), "--set")
    assert said in f"{caught.value.text} {caught.value.fix}"
