"""Each method's own law, and what all of them have in common, on networks of random weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.engine.insight.saliency.checking import checked
from workbench.core import saliency
from workbench.core.errors import RequestError
from workbench.engine.insight.saliency import METHODS, Question, method_for
from workbench.engine.insight.saliency.base import blurred, products
from workbench.engine.insight.saliency.integrated_gradients import attributions
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network

SIDE = 32
PLACES = {"resnet18": (2, 2), "vit_b_32": (2, 2), "swin_t": (2, 2), "timm/deit_tiny_patch16_224": (4, 4)}
"""Of the last stage at 64 px."""


def network(backbone: str = "resnet18", own_stages: int = 0) -> MultiTaskNetwork:
    heads = {"kind": HeadChoice("linear", 3), "size": HeadChoice("number", 0, own_stages=own_stages)}
    return build_network(backbone, heads, weights="none").eval()


@pytest.fixture(scope="module")
def images() -> Tensor:
    return torch.rand(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))


def corner(question: Question, images: Tensor) -> Tensor:
    """A method that marks the upper left quarter, whatever is asked."""
    found = torch.zeros(len(images), SIDE, SIDE)
    found[:, : SIDE // 2, : SIDE // 2] = 1
    return found


class BrightCorner(Question):
    """A number that is the brightness of the upper left quarter."""

    def __init__(self) -> None:
        super().__init__(network(), "kind", 0)

    def scores(self, images: Tensor) -> Tensor:
        return images[:, :, : SIDE // 2, : SIDE // 2].mean(dim=(1, 2, 3))

    def answers(self, images: Tensor) -> Tensor:
        return self.scores(images)[:, None]


def test_the_window_offers_the_methods_that_there_are() -> None:
    assert [*saliency.METHODS] == ["auto", *METHODS]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("task", ["kind", "size"])
def test_maps_are_as_large_as_pictures_finite_and_never_negative(name: str, task: str, images: Tensor) -> None:
    found = METHODS[name](Question(network(), task, 0), images)
    assert found.shape == (2, SIDE, SIDE)
    assert bool(found.isfinite().all()) and float(found.min()) >= 0


@pytest.mark.parametrize("name", METHODS)
def test_a_picture_has_the_same_map_whatever_stands_beside_it(name: str, images: Tensor) -> None:
    question = Question(network(), "kind", 1)
    together = METHODS[name](question, images)
    torch.testing.assert_close(METHODS[name](question, images[1:]), together[1:], atol=1e-5, rtol=1e-3)


def test_hirescam_of_a_linear_head_adds_up_to_the_answer_without_bias(images: Tensor) -> None:
    asked = network()
    question = Question(asked, "kind", 2)
    found = products(question, images, question.last).sum(dim=(1, 2))
    bias = asked.heads["kind"](torch.zeros(1, asked.backbone.out_features))[0, 2]
    torch.testing.assert_close(found, question.scores(images) - bias, atol=1e-5, rtol=1e-4)


def test_integrated_gradients_add_up_to_what_the_picture_answers_more_than_its_blurred_self(images: Tensor) -> None:
    question = Question(network("mobilenet_v3_small"), "kind", 0)
    difference = question.scores(images) - question.scores(blurred(images))
    torch.testing.assert_close(attributions(question, images).sum(dim=(1, 2, 3)), difference, atol=2e-4, rtol=0.05)


def test_occlusion_finds_the_part_that_the_answer_is_made_of(images: Tensor) -> None:
    bright = images.clone()
    bright[:, :, :12, :12] = 1.0
    found = METHODS["occlusion"](BrightCorner(), bright)
    inside = found[:, : SIDE // 2, : SIDE // 2].sum(dim=(1, 2))
    assert bool((inside > 0.9 * found.sum(dim=(1, 2))).all())


@pytest.mark.parametrize(
    ("backbone", "wanted"),
    [
        ("resnet18", "hirescam"),
        ("vit_b_32", "integrated-gradients"),
        ("swin_t", "integrated-gradients"),
        ("timm/deit_tiny_patch16_224", "integrated-gradients"),
    ],
)
def test_each_network_has_its_own_first_method_and_one_that_does_not_fit(backbone: str, wanted: str) -> None:
    question = Question(network(backbone), "kind", 0)
    assert method_for(question, "auto") == wanted
    assert method_for(question, "occlusion") == "occlusion"
    unfit = "tokens" if wanted == "hirescam" else "hirescam"
    with pytest.raises(RequestError, match=f"{unfit} does not fit this network.*Choose {wanted}, or auto"):
        method_for(question, unfit)
    assert question.places(torch.rand(1, 3, 64, 64)) == PLACES[backbone]


@pytest.mark.parametrize("backbone", ["vit_b_32", "swin_t", "timm/deit_tiny_patch16_224"])
def test_tokens_tell_places_apart_whether_a_class_token_is_read_or_all_are_averaged(backbone: str) -> None:
    images = torch.rand(2, 3, 96, 96, generator=torch.Generator().manual_seed(1))
    found = METHODS["tokens"](Question(network(backbone), "kind", 0), images)
    assert bool((found.amax(dim=(1, 2)) > 0).all()) and float(found.std()) > 0


def test_a_task_with_own_stages_is_asked_through_them(images: Tensor) -> None:
    asked = network(own_stages=2)
    before = Question(asked, "size", 0).scores(images), Question(asked, "kind", 0).scores(images)
    torch.testing.assert_close(before[0], asked(images)["size"][:, 0])
    with torch.no_grad():
        for parameter in asked.branches["size"].parameters():
            parameter.mul_(1.5)
    after = Question(asked, "size", 0).scores(images), Question(asked, "kind", 0).scores(images)
    assert not torch.equal(before[0], after[0]) and torch.equal(before[1], after[1])


def test_a_map_that_never_changes_is_not_trusted(images: Tensor) -> None:
    trust = checked(Question(network(), "kind", 0), corner, images[0])
    assert trust.remains == pytest.approx(1.0) and not trust.hangs_on_head
    assert trust.sentence.startswith("Be careful: a head of random weights")


def test_deletion_and_insertion_tell_the_right_place_from_random_ones(images: Tensor) -> None:
    image = images[0].clone()
    image[:, : SIDE // 2, : SIDE // 2] = 0.9
    image[:, :4, :4] = 0.0
    trust = checked(BrightCorner(), corner, image, "number")
    assert trust.finds_places
    assert trust.deletion < min(trust.deletion_random) and trust.insertion > max(trust.insertion_random)


def test_blurring_keeps_a_level_picture_and_the_mean() -> None:
    level = torch.full((1, 3, 32, 32), 0.4)
    torch.testing.assert_close(blurred(level), level)
