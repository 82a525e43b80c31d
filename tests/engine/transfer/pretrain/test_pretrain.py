"""The job: it learns, can be interrupted and gone on with to the same weights, and its file is a backbone's."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Notice, Progress, Result
from workbench.core.specs import PretrainSpec
from workbench.engine.model.backbones import build_backbone
from workbench.engine.transfer.pretrain import job
from workbench.engine.transfer.pretrain.job import pretrain, rate_at, size_at
from workbench.engine.transfer.pretrain.losses import multi_instance, nt_xent


def _spec(out: Path, **changes: Any) -> PretrainSpec:
    tiny = {"steps": 4, "batch_size": 8, "sizes": (32,), "systems": 3, "signs": 2, "variants": 2, "grounds": 3}
    return PretrainSpec(**{"out": out, **tiny, "device": "cpu", "precision": "fp32", **changes})


def test_the_file_is_a_whole_backbone_with_its_history(tmp_path: Path) -> None:
    out = tmp_path / "starter.safetensors"
    events = list(pretrain(_spec(out, sizes=(32, 40)), Control()))
    (result,) = [event for event in events if isinstance(event, Result)]
    assert result.document["bytes"] == out.stat().st_size
    assert any(isinstance(event, Notice) for event in events) and any(isinstance(event, Progress) for event in events)
    state = load_file(out)
    backbone = build_backbone("mobilenet_v3_small", seed=0)
    wanted = {name for name in backbone.state_dict() if not name.endswith("num_batches_tracked")}
    assert set(state) == wanted and all(value.dtype == torch.float16 for value in state.values())
    before = backbone.state_dict()
    assert any(not torch.equal(value.float(), before[name].half().float()) for name, value in state.items())
    with safe_open(out, "pt") as file:
        about = file.metadata()
    assert json.loads(about["request"])["steps"] == 4 and "formulas" in about["pictures"]
    lines = [json.loads(line) for line in out.with_suffix(".log.jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["backbone"] == "mobilenet_v3_small" and lines[-1]["step"] == 4 and lines[-1]["size_px"] == 40
    assert not out.with_suffix(".state.pt").exists()


def test_a_run_begins_with_the_weights_of_an_earlier_one_and_tells_of_both(tmp_path: Path) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    list(pretrain(_spec(first), Control()))
    rate = 1e-8  # as good as none: what it began with stays
    list(pretrain(_spec(second, start=first, steps=1, sizes=(40,), learning_rate=rate), Control()))
    before, after = load_file(first), load_file(second)
    weights = [name for name, value in before.items() if value.ndim > 1]
    assert all(torch.allclose(before[name].float(), after[name].float(), atol=1e-3) for name in weights)
    with safe_open(second, "pt") as file:
        about = file.metadata()
    assert [json.loads(about[key])["steps"] for key in ("began_with", "request")] == [4, 1]


class _StopsAt(Control):
    """Asks for the end once a number of steps has begun."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._left = steps

    def wait_while_paused(self, *args: Any, **kwargs: Any) -> bool:
        self._left -= 1
        if self._left < 0:
            self.cancel()
        return True


def test_an_interrupted_run_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    list(pretrain(_spec(whole), Control()))
    events = list(pretrain(_spec(parts), _StopsAt(3 + 2)))  # after three rests while drawing, two steps
    assert not any(isinstance(event, Result) for event in events) and not parts.exists()
    with pytest.raises(RequestError, match="begun before"):
        list(pretrain(_spec(parts), Control()))
    with pytest.raises(RequestError, match="other settings"):
        list(pretrain(_spec(parts, resume=True, seed=1), Control()))
    list(pretrain(_spec(parts, resume=True), Control()))
    first, second = load_file(whole), load_file(parts)
    assert all(torch.equal(value, second[name]) for name, value in first.items())


def test_what_cannot_be_is_refused_before_anything_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(job, "draw_banks")
    for spec, words in (
        (_spec(tmp_path / "starter.pt"), "safetensors"),
        (_spec(tmp_path / "nowhere" / "starter.safetensors"), "no folder"),
        (_spec(tmp_path / "x.safetensors", resume=True), "nothing to go on from"),
        (_spec(tmp_path / "x.safetensors", backbone="resnet"), "not a known backbone"),
        (_spec(tmp_path / "x.safetensors", start=tmp_path / "gone.pt"), "no file .*gone.pt to begin with"),
        (_spec(tmp_path / "x.safetensors", backbone="inception_v3", sizes=(80, 48)), "no pictures of 48 px"),
    ):
        with pytest.raises(RequestError, match=words):
            list(pretrain(spec, Control()))
    (tmp_path / "there.safetensors").write_bytes(b"kept")
    with pytest.raises(RequestError, match="there already"):
        list(pretrain(_spec(tmp_path / "there.safetensors"), Control()))
    assert (tmp_path / "there.safetensors").read_bytes() == b"kept"


def test_rate_and_size_follow_their_schedules(tmp_path: Path) -> None:
    spec = _spec(tmp_path / "x.safetensors", steps=1000, sizes=(32, 48), learning_rate=0.01)
    assert rate_at(spec, 0) == pytest.approx(0.01 / 200, rel=1e-3)
    rates = [rate_at(spec, step) for step in range(200, 1000)]
    assert rates == sorted(rates, reverse=True) and rates[-1] == pytest.approx(0.0001, rel=0.02)
    assert [size_at(spec, step) for step in (0, 499, 500, 999)] == [32, 32, 48, 48]


def test_the_losses_are_what_their_papers_say() -> None:
    random = torch.Generator().manual_seed(0)
    first, second = torch.randn(2, 5, 7, generator=random)
    views = torch.nn.functional.normalize(torch.cat([first, second]), dim=1)
    total = 0.0
    for i in range(10):
        other = (i + 5) % 10
        weights = [math.exp(float(views[i] @ views[k]) / 0.2) for k in range(10) if k != i]
        total -= math.log(math.exp(float(views[i] @ views[other]) / 0.2) / sum(weights))
    assert float(nt_xent(first, second)) == pytest.approx(total / 10, rel=1e-4)
    logits = torch.tensor([[0.0, 1.0, 2.0]])
    shares = torch.tensor([[0.5, 0.5, 0.0]])
    expected = -(0.5 * logits.log_softmax(1)[0, 0] + 0.5 * logits.log_softmax(1)[0, 1])
    assert float(multi_instance(logits, shares)) == pytest.approx(float(expected))
