"""Real ImageNet weights in our stages: they fit to the last tensor, and see what is on real photographs.

The weights and pictures are not shipped; without them these tests skip.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image, ImageOps
from torch import Tensor, nn

from tests.real.places import DATA, WEIGHTS_DIR, needs_pictures, needs_weights
from workbench.core.events import Notice
from workbench.engine.model import zoo
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.model.weights import WeightsReport, load_weights

NAMES = ("mobilenet_v2", "squeezenet1_0")


SEEN_AS = {
    "cardboard": ("carton", "crate", "envelope", "packet"),
    "glass": ("beer bottle", "beer glass", "goblet", "perfume", "pill bottle", "pop bottle", "wine bottle"),
}
"""What ImageNet calls the photographs in two folders of rubbish."""


def file_of(name: str) -> Path:
    return WEIGHTS_DIR / f"{name}-imagenet-fp16.pt"


def loaded(name: str) -> tuple[MultiTaskNetwork, WeightsReport, Notice]:
    network = build_network(name, {"task": HeadChoice("linear", 3)})
    job = load_weights(network.backbone, f"file:{file_of(name)}", Path())
    notice = next(job)
    assert isinstance(notice, Notice)
    with pytest.raises(StopIteration) as end:
        next(job)
    return network.eval(), end.value.value, notice


def class_head(name: str) -> nn.Module:
    whole = zoo.network(name)
    state = torch.load(file_of(name), weights_only=True)
    whole.load_state_dict({key: value.float() for key, value in state.items()}, strict=True)
    return whole.eval().get_submodule("classifier")


def pictures(name: str, count: int) -> Tensor:
    """(count, 3, 224, 224) in [0, 1]."""
    rows = []
    for path in sorted((DATA / "trash" / name).iterdir())[:count]:
        with Image.open(path) as image:
            square = ImageOps.fit(image.convert("RGB"), (224, 224), Image.Resampling.BILINEAR)
        rows.append(torch.frombuffer(bytearray(square.tobytes()), dtype=torch.uint8).view(224, 224, 3))
    return torch.stack(rows).permute(0, 3, 1, 2).float() / 255


@needs_weights
@pytest.mark.parametrize("name", NAMES)
def test_real_weights_fit_to_the_last_tensor(name: str) -> None:
    network, report, notice = loaded(name)
    assert report.complete and report.matched == report.total and notice.level == "info"
    stored = torch.load(file_of(name), weights_only=True)
    for key, value in network.backbone.state_dict().items():
        assert torch.equal(value, stored[key].to(value.dtype)), key


@needs_weights
@needs_pictures
@pytest.mark.parametrize("name", NAMES)
def test_the_network_sees_what_is_on_real_photographs(name: str) -> None:
    """ImageNet's own class head, put on our stages, tells cardboard boxes from bottles."""
    network, _, _ = loaded(name)
    head, categories = class_head(name), zoo.default_weights(name).meta["categories"]
    kinds = {kind: [categories.index(each) for each in names] for kind, names in SEEN_AS.items()}
    right, rows = 0, 20
    for index, truth in enumerate(SEEN_AS):
        images = pictures(truth, rows)
        with torch.no_grad():
            # MobileNetV2's class head takes the pooled features, SqueezeNet's the last map.
            seen = network.features(images) if name == "mobilenet_v2" else network.maps(images)[-1]
            logits = head(seen).flatten(1)
        best = torch.stack([logits[:, classes].amax(1) for classes in kinds.values()]).argmax(0)
        right += int((best == index).sum())
    assert right >= 0.75 * rows * len(kinds), f"{right} of {rows * len(kinds)}"
