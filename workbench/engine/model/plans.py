"""How each torchvision backbone falls into stages: one row per backbone, plain data.

A stage is the stem or one resolution step of a convolutional network, and one block of a transformer. Layers
that work at the stem's resolution belong to the stem, and a layer that lowers the resolution begins the next
stage, so that the stages' maps have one resolution each. The pooling and what follows it up to the classifier
belong to the last stage: frozen whole, a backbone is a function from pictures to features.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StagePlan:
    """One stage: its modules in order, and bare parameters that belong to it, by torchvision's names."""

    name: str
    title: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A backbone as data.

    Attributes:
        name: torchvision's name.
        features: width C of the pooled features, as torchvision feeds them to its class head.
        head: paths of what is left out: the class head and what leads to it.
        stages: in the order in which they run.
        after_pool: paths of modules between the pooling and the features, on (B, C, 1, 1).
        shape: "maps" where stages hand on (B, C, H, W), "tokens" where they hand on (B, 1 + N, C).
    """

    name: str
    title: str
    family: str
    year: int
    features: int
    head: tuple[str, ...]
    stages: tuple[StagePlan, ...]
    after_pool: tuple[str, ...] = ()
    shape: str = "maps"

    def paths(self, index: int) -> tuple[str, ...]:
        """Everything that stage `index` owns, by torchvision's names."""
        last = index == len(self.stages) - 1
        return self.stages[index].paths + (self.after_pool if last else ())


def _steps(*paths: tuple[str, ...]) -> tuple[StagePlan, ...]:
    """Stem and resolution steps from the paths of each."""
    names = [("stem", "Stem")] + [(f"stage{n}", f"Stage {n}") for n in range(1, len(paths))]
    return tuple(StagePlan(name, title, each) for (name, title), each in zip(names, paths, strict=True))


def _cuts(*cuts: int) -> tuple[StagePlan, ...]:
    """Stages of a network whose layers are `features.0`, `features.1` …, cut before the given indices."""
    bounds = zip((0, *cuts[:-1]), cuts, strict=True)
    return _steps(*(tuple(f"features.{index}" for index in range(first, last)) for first, last in bounds))


_TOKENS = ("conv_proj", "class_token", "encoder.pos_embedding")


def _blocks(count: int) -> tuple[StagePlan, ...]:
    """Stem and blocks of a vision transformer.

    The final norm belongs to the last block: 1,536 parameters are no rung of their own on a ladder, and so
    the last stage ends, as in every other family, with what the head sees.
    """
    stem = StagePlan("stem", "Patches", (*_TOKENS, "encoder.dropout"))
    blocks = []
    for index in range(count):
        paths = (f"encoder.layers.encoder_layer_{index}",) + (("encoder.ln",) if index == count - 1 else ())
        blocks.append(StagePlan(f"block{index + 1}", f"Block {index + 1}", paths))
    return (stem, *blocks)


_RESNET = _steps(("conv1", "bn1", "relu"), ("maxpool", "layer1"), ("layer2",), ("layer3",), ("layer4",))
_V3_SMALL = _cuts(1, 2, 4, 9, 13)
_V3_LARGE = _cuts(2, 4, 7, 13, 17)
_EFFICIENT = _cuts(2, 3, 4, 6, 9)
# The stem is a patch embedding, already at the first stage's resolution; it stays a rung of its own.
_CONVNEXT = _cuts(1, 2, 4, 6, 8)
_FC = ("avgpool", "fc")
_TOP = ("avgpool", "classifier")
_LINEAR = ("avgpool", "classifier.1", "classifier.2")
_NORM = ("classifier.0",)

_ROWS = (
    Plan("resnet18", "ResNet-18", "ResNet", 2015, 512, _FC, _RESNET),
    Plan("resnet34", "ResNet-34", "ResNet", 2015, 512, _FC, _RESNET),
    Plan("resnet50", "ResNet-50", "ResNet", 2015, 2048, _FC, _RESNET),
    Plan("mobilenet_v2", "MobileNetV2", "MobileNet", 2018, 1280, _TOP, _cuts(2, 4, 7, 14, 19)),
    Plan("mobilenet_v3_small", "MobileNetV3 Small", "MobileNet", 2019, 576, _TOP, _V3_SMALL),
    Plan("mobilenet_v3_large", "MobileNetV3 Large", "MobileNet", 2019, 960, _TOP, _V3_LARGE),
    Plan("efficientnet_b0", "EfficientNet-B0", "EfficientNet", 2019, 1280, _TOP, _EFFICIENT),
    Plan("convnext_tiny", "ConvNeXt Tiny", "ConvNeXt", 2022, 768, _LINEAR, _CONVNEXT, _NORM),
    Plan("squeezenet1_0", "SqueezeNet 1.0", "SqueezeNet", 2016, 512, _TOP, _cuts(2, 6, 11, 13)),
    Plan("vit_b_16", "ViT-B/16", "ViT", 2020, 768, ("heads",), _blocks(12), shape="tokens"),
)

PLANS: dict[str, Plan] = {plan.name: plan for plan in _ROWS}
"""Every backbone that ships, by torchvision's name, in the order in which it is offered."""
