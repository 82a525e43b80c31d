"""Steps that learn from a teacher: the objective by hand, in pieces, without memory, with kinds of balancing."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
import torch
from torch import Tensor
from torch.nn import functional

from tests.engine.training.test_phases import resolved
from tests.engine.training.test_task_gradients import CPU, Pictures, batch, heads, same, table
from workbench.core.control import Control
from workbench.core.resolved import Resolved
from workbench.core.transfer import Transfer
from workbench.engine.model.network import MultiTaskNetwork, build_network
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.labels import Labels
from workbench.engine.training.optimiser import set_rates
from workbench.engine.training.phases import plan
from workbench.engine.training.trainer import Trainer
from workbench.engine.transfer.distillation.teacher import Teacher

FEW = {"a": [0, 1, -1, 1, -1, 0, -1, -1], "b": [-1, -1, -1, -1, -1, -1, -1, -1]}
"""Three pictures have no label at all, and task b has none."""
SHARE, TEMPERATURE, FEATURES = 0.3, 2.0, 0.4


def network(seed: int) -> MultiTaskNetwork:
    return build_network("resnet18", heads(), freeze=3, batch_norm="eval", seed=seed).train()


def facts(method: str = "equal") -> Resolved:
    asked = resolved({"freeze": 3}, head_epochs=0, epochs=2, balancing=method, clip=0.0, relatedness=False)
    transfer = Transfer(teacher="1", share=SHARE, temperature=TEMPERATURE, features=FEATURES)
    return asked.model_copy(update={"project": asked.project.model_copy(update={"transfer": transfer})})


@pytest.fixture(scope="module")
def teacher_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "001-teacher"
    folder.mkdir()
    asked = facts()
    asked = asked.model_copy(update={"view": asked.view.model_copy(update={"size": 32})})
    (folder / "resolved.toml").write_text(tomli_w.dumps(asked.to_data()), encoding="utf-8")
    Checkpoints(folder).save("best", network(11).state_dict(), {})
    return folder


def trainer(teacher_dir: Path, method: str = "equal", **pictures: Any) -> tuple[Trainer, Pictures, Teacher]:
    student, asked = network(4), facts(method)
    inputs, teacher = Pictures(student, **pictures), Teacher(teacher_dir, asked, student, CPU)
    inputs.network = student
    labels = Labels(table(FEW), student.tasks, CPU, {})
    made = Trainer(student, _Seen(inputs), labels, asked, plan(asked, 8)[-1], CPU, teacher=teacher)  # type: ignore[arg-type]
    return made, inputs, teacher


class _Seen:
    """The pictures, with what the backbone makes of them beside the answers."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pictures, name)

    def training_answers(self, varied: Tensor, tasks: Any) -> Any:
        heard = self._pictures.training_answers(varied, tasks)
        seen = self._pictures.network.see(varied, tasks)
        return heard._replace(answers=self._pictures.network.answer(seen), features=dict(seen))


def gradients(made: Trainer, teacher: Teacher) -> dict[str, Tensor]:
    named = [*made.network.named_parameters(), *teacher.maps.named_parameters()]
    return {name: p.grad.clone() for name, p in named if p.grad is not None}


def test_the_objective_is_that_of_the_text(teacher_dir: Path) -> None:
    made, inputs, teacher = trainer(teacher_dir)
    student, maps = copy.deepcopy(made.network), copy.deepcopy(teacher.maps)
    assert made.step(batch(inputs), 1, Control()) is not None
    seen, theirs = student.see(inputs.images), teacher.network.see(inputs.images)
    answers, soft = student.answer(seen), teacher.network.answer(theirs)
    terms = []
    for task, targets in FEW.items():
        labels = torch.tensor(targets)
        mine, belief = (each[task] / TEMPERATURE for each in (answers, soft))
        divergence = functional.kl_div(mine.log_softmax(1), belief.softmax(1), reduction="batchmean")
        loss = SHARE * TEMPERATURE**2 * divergence
        if bool((labels >= 0).any()):
            loss = loss + (1 - SHARE) * functional.cross_entropy(answers[task], labels, ignore_index=-1)
        apart = 1 - functional.cosine_similarity(maps[task](seen[task]), theirs[task])
        terms.append(loss / np.log(2) + FEATURES * apart.mean())
    sum(terms).backward()
    named = [*student.named_parameters(), *maps.named_parameters()]
    expected = {name: p.grad for name, p in named if p.grad is not None}
    assert same(expected, gradients(made, teacher))


def test_the_losses_that_are_shown_are_those_of_the_labels(teacher_dir: Path) -> None:
    made, inputs, _ = trainer(teacher_dir)
    with torch.no_grad():
        answers = made.network(inputs.images)["a"]
    expected = functional.cross_entropy(answers, torch.tensor(FEW["a"]), ignore_index=-1)
    outcome = made.step(batch(inputs), 1, Control())
    assert outcome is not None and outcome.counts == (4, 0)
    assert float(outcome.losses[0]) == pytest.approx(float(expected), rel=1e-4)


@pytest.mark.parametrize("method", ["equal", "famo", "pcgrad"])
def test_pieces_and_a_lack_of_memory_change_nothing(teacher_dir: Path, method: str) -> None:
    found = []
    for settings in ({}, {"chunk": 3}, {"most": 2}):
        made, inputs, teacher = trainer(teacher_dir, method, **settings)
        outcome = made.step(batch(inputs), 1, Control())
        assert outcome is not None and max(inputs.sizes) <= settings.get("chunk", settings.get("most", 8))
        found.append((gradients(made, teacher), outcome))
    for other, outcome in found[1:]:
        assert same(found[0][0], other)
        assert torch.allclose(found[0][1].losses, outcome.losses, atol=1e-5)
    assert any("weight" in name and not name.startswith(("backbone", "heads")) for name in found[0][0])


def test_the_teacher_stays_as_it_is_and_the_map_of_features_learns(teacher_dir: Path) -> None:
    made, inputs, teacher = trainer(teacher_dir)
    before = {name: value.clone() for name, value in teacher.network.state_dict().items()}
    maps = {name: value.clone() for name, value in teacher.maps.state_dict().items()}
    set_rates(made.optimiser, 1.0)
    made.step(batch(inputs), 1, Control())
    assert all(torch.equal(value, before[name]) for name, value in teacher.network.state_dict().items())
    assert not teacher.network.training and all(p.grad is None for p in teacher.network.parameters())
    assert not any(torch.equal(value, maps[name]) for name, value in teacher.maps.state_dict().items())
    kept = made.state()["lesson"]
    assert isinstance(kept, dict) and kept.keys() == maps.keys()
