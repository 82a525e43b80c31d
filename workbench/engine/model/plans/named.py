"""Convolutional networks whose layers have names of their own."""

from __future__ import annotations

from workbench.engine.model.plans.base import Plan, steps

_FC = ("avgpool", "fc")
_RESNET = steps(("conv1", "bn1", "relu"), ("maxpool", "layer1"), ("layer2",), ("layer3",), ("layer4",))
_REGNET = steps(("stem",), *((f"trunk_output.block{n}",) for n in range(1, 5)))
_SHUFFLE = steps(("conv1",), ("maxpool", "stage2"), ("stage3",), ("stage4", "conv5"))
# Each transition lowers the resolution, and so begins the stage of the dense block that follows it.
_DENSE = steps(
    ("features.conv0", "features.norm0", "features.relu0"),
    ("features.pool0", "features.denseblock1"),
    *((f"features.transition{n}", f"features.denseblock{n + 1}") for n in (1, 2)),
    ("features.transition3", "features.denseblock4", "features.norm5"),
)
_GOOGLE = steps(
    ("conv1",),
    ("maxpool1", "conv2", "conv3"),
    ("maxpool2", "inception3a", "inception3b"),
    ("maxpool3", *(f"inception4{letter}" for letter in "abcde")),
    ("maxpool4", "inception5a", "inception5b"),
)
_INCEPTION = steps(
    ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"),
    ("maxpool1", "Conv2d_3b_1x1", "Conv2d_4a_3x3"),
    ("maxpool2", "Mixed_5b", "Mixed_5c", "Mixed_5d"),
    tuple(f"Mixed_6{letter}" for letter in "abcde"),
    ("Mixed_7a", "Mixed_7b", "Mixed_7c"),
)

RESNETS = (
    Plan("resnet18", "ResNet-18", "ResNet", 2015, 512, _FC, _RESNET),
    Plan("resnet34", "ResNet-34", "ResNet", 2015, 512, _FC, _RESNET),
    Plan("resnet50", "ResNet-50", "ResNet", 2015, 2048, _FC, _RESNET),
    Plan("resnet101", "ResNet-101", "ResNet", 2015, 2048, _FC, _RESNET),
    Plan("resnet152", "ResNet-152", "ResNet", 2015, 2048, _FC, _RESNET),
    Plan("resnext50_32x4d", "ResNeXt-50 32×4d", "ResNeXt", 2016, 2048, _FC, _RESNET),
    Plan("resnext101_32x8d", "ResNeXt-101 32×8d", "ResNeXt", 2016, 2048, _FC, _RESNET),
    Plan("resnext101_64x4d", "ResNeXt-101 64×4d", "ResNeXt", 2016, 2048, _FC, _RESNET),
    Plan("wide_resnet50_2", "Wide ResNet-50-2", "Wide ResNet", 2016, 2048, _FC, _RESNET),
    Plan("wide_resnet101_2", "Wide ResNet-101-2", "Wide ResNet", 2016, 2048, _FC, _RESNET),
)

REGNETS = (
    Plan("regnet_y_400mf", "RegNetY-400MF", "RegNet", 2020, 440, _FC, _REGNET),
    Plan("regnet_y_800mf", "RegNetY-800MF", "RegNet", 2020, 784, _FC, _REGNET),
    Plan("regnet_y_1_6gf", "RegNetY-1.6GF", "RegNet", 2020, 888, _FC, _REGNET),
    Plan("regnet_y_3_2gf", "RegNetY-3.2GF", "RegNet", 2020, 1512, _FC, _REGNET),
    Plan("regnet_y_8gf", "RegNetY-8GF", "RegNet", 2020, 2016, _FC, _REGNET),
    Plan("regnet_y_16gf", "RegNetY-16GF", "RegNet", 2020, 3024, _FC, _REGNET),
    Plan("regnet_y_32gf", "RegNetY-32GF", "RegNet", 2020, 3712, _FC, _REGNET),
    Plan("regnet_y_128gf", "RegNetY-128GF", "RegNet", 2020, 7392, _FC, _REGNET),
    Plan("regnet_x_400mf", "RegNetX-400MF", "RegNet", 2020, 400, _FC, _REGNET),
    Plan("regnet_x_800mf", "RegNetX-800MF", "RegNet", 2020, 672, _FC, _REGNET),
    Plan("regnet_x_1_6gf", "RegNetX-1.6GF", "RegNet", 2020, 912, _FC, _REGNET),
    Plan("regnet_x_3_2gf", "RegNetX-3.2GF", "RegNet", 2020, 1008, _FC, _REGNET),
    Plan("regnet_x_8gf", "RegNetX-8GF", "RegNet", 2020, 1920, _FC, _REGNET),
    Plan("regnet_x_16gf", "RegNetX-16GF", "RegNet", 2020, 2048, _FC, _REGNET),
    Plan("regnet_x_32gf", "RegNetX-32GF", "RegNet", 2020, 2520, _FC, _REGNET),
)

SHUFFLENETS = (
    Plan("shufflenet_v2_x0_5", "ShuffleNetV2 ×0.5", "ShuffleNet", 2018, 1024, ("fc",), _SHUFFLE),
    Plan("shufflenet_v2_x1_0", "ShuffleNetV2 ×1.0", "ShuffleNet", 2018, 1024, ("fc",), _SHUFFLE),
    Plan("shufflenet_v2_x1_5", "ShuffleNetV2 ×1.5", "ShuffleNet", 2018, 1024, ("fc",), _SHUFFLE),
    Plan("shufflenet_v2_x2_0", "ShuffleNetV2 ×2.0", "ShuffleNet", 2018, 2048, ("fc",), _SHUFFLE),
)


def _densenet(depth: int, features: int) -> Plan:
    return Plan(
        f"densenet{depth}", f"DenseNet-{depth}", "DenseNet", 2016, features, ("classifier",), _DENSE, shape="dense"
    )


DENSENETS = (_densenet(121, 1024), _densenet(169, 1664), _densenet(201, 1920), _densenet(161, 2208))

# Their auxiliary class heads serve training from scratch alone.
_ASIDE = ("aux1", "aux2", "AuxLogits", "avgpool", "dropout", "fc")
INCEPTIONS = (
    Plan("googlenet", "GoogLeNet", "Inception", 2014, 1024, _ASIDE, _GOOGLE),
    Plan("inception_v3", "Inception v3", "Inception", 2015, 2048, _ASIDE, _INCEPTION),
)
