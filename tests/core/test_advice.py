from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core import catalogue
from workbench.core.advice import (
    SHORTLIST,
    Candidate,
    advice_file,
    ladder_file,
    short_list,
    weights_in_words,
    with_candidate,
)
from workbench.core.project import Project


def test_the_short_list_begins_with_the_projects_own() -> None:
    own = short_list(Project.model_validate({"backbone": {"name": "vgg11", "weights": "none"}}))
    assert own[0] == Candidate("vgg11", "none") and [name for name, _ in own[1:]] == list(SHORTLIST)
    assert all(weights == catalogue.default_weights(name) for name, weights in own[1:])
    resnet50 = Candidate("resnet50", catalogue.default_weights("resnet50"))
    listed = Project.model_validate({"backbone": resnet50._asdict()})
    assert len(short_list(listed)) == len(SHORTLIST)


@pytest.mark.parametrize(("freeze", "kept"), [(9, 5), ("all", "all"), (1, 1)])
def test_what_a_backbone_has_not_stages_enough_for_is_lowered(freeze: int | str, kept: int | str) -> None:
    project = Project.model_validate(
        {
            "tasks": [{"name": "a", "source": "x", "own_stages": 7}, {"name": "b", "source": "y"}],
            "backbone": {"name": "vit_b_16", "freeze": freeze},
            "recipe": {"epochs": 3},
        }
    )
    found = with_candidate(project, Candidate("mobilenet_v2", "none"))
    assert (found.backbone.name, found.backbone.weights, found.backbone.freeze) == ("mobilenet_v2", "none", kept)
    assert [task.own_stages for task in found.tasks] == [5, 0] and found.written()["recipe"] == {"epochs": 3}


def test_where_advice_lies_and_how_weights_are_named() -> None:
    assert advice_file(Path("p")) == Path("p/advice/advice.json")
    assert ladder_file(Path("p"), "timm/resnet10t") == Path("p/advice/ladder-timm-resnet10t.json")
    assert weights_in_words("file:/a/b c.pt") == "b c.pt" and weights_in_words("file:C:\\a\\b.pt") == "b.pt"
    assert weights_in_words("starter") == "starter" and weights_in_words("run:001-a") == "run:001-a"
