"""Networks whose layers are one sequence, `features.0`, `features.1` …: where the sequence is cut."""

from __future__ import annotations

from workbench.engine.model.plans.base import Plan, cuts

_TOP = ("avgpool", "classifier")
_ALEX = cuts(2, 5, 13)
_V3_SMALL = cuts(1, 2, 4, 9, 13)
_V3_LARGE = cuts(2, 4, 7, 13, 17)
_EFFICIENT = cuts(2, 3, 4, 6, 9)
_EFFICIENT_V2_S = cuts(2, 3, 4, 6, 8)
_MNAS = cuts(8, 9, 10, 12, 17, of="layers")
# The stem is a patch embedding, already at the first stage's resolution; it stays a rung of its own.
_CONVNEXT = cuts(1, 2, 4, 6, 8)
_LINEAR = ("avgpool", "classifier.1", "classifier.2")
_NORM = ("classifier.0",)

MOBILENETS = (
    Plan("mobilenet_v2", "MobileNetV2", "MobileNet", 2018, 1280, _TOP, cuts(2, 4, 7, 14, 19)),
    Plan("mobilenet_v3_small", "MobileNetV3 Small", "MobileNet", 2019, 576, _TOP, _V3_SMALL),
    Plan("mobilenet_v3_large", "MobileNetV3 Large", "MobileNet", 2019, 960, _TOP, _V3_LARGE),
)

EFFICIENTNETS = (
    Plan("efficientnet_b0", "EfficientNet-B0", "EfficientNet", 2019, 1280, _TOP, _EFFICIENT),
    Plan("efficientnet_b1", "EfficientNet-B1", "EfficientNet", 2019, 1280, _TOP, _EFFICIENT),
    Plan("efficientnet_b2", "EfficientNet-B2", "EfficientNet", 2019, 1408, _TOP, _EFFICIENT),
    Plan("efficientnet_b3", "EfficientNet-B3", "EfficientNet", 2019, 1536, _TOP, _EFFICIENT),
    Plan("efficientnet_b4", "EfficientNet-B4", "EfficientNet", 2019, 1792, _TOP, _EFFICIENT),
    Plan("efficientnet_b5", "EfficientNet-B5", "EfficientNet", 2019, 2048, _TOP, _EFFICIENT),
    Plan("efficientnet_b6", "EfficientNet-B6", "EfficientNet", 2019, 2304, _TOP, _EFFICIENT),
    Plan("efficientnet_b7", "EfficientNet-B7", "EfficientNet", 2019, 2560, _TOP, _EFFICIENT),
    Plan("efficientnet_v2_s", "EfficientNetV2-S", "EfficientNetV2", 2021, 1280, _TOP, _EFFICIENT_V2_S),
    Plan("efficientnet_v2_m", "EfficientNetV2-M", "EfficientNetV2", 2021, 1280, _TOP, _EFFICIENT),
    Plan("efficientnet_v2_l", "EfficientNetV2-L", "EfficientNetV2", 2021, 1280, _TOP, _EFFICIENT),
)

CONVNEXTS = (
    Plan("convnext_tiny", "ConvNeXt Tiny", "ConvNeXt", 2022, 768, _LINEAR, _CONVNEXT, _NORM),
    Plan("convnext_small", "ConvNeXt Small", "ConvNeXt", 2022, 768, _LINEAR, _CONVNEXT, _NORM),
    Plan("convnext_base", "ConvNeXt Base", "ConvNeXt", 2022, 1024, _LINEAR, _CONVNEXT, _NORM),
    Plan("convnext_large", "ConvNeXt Large", "ConvNeXt", 2022, 1536, _LINEAR, _CONVNEXT, _NORM),
)

MNASNETS = (
    Plan("mnasnet0_5", "MNASNet 0.5", "MNASNet", 2018, 1280, ("classifier",), _MNAS),
    Plan("mnasnet0_75", "MNASNet 0.75", "MNASNet", 2018, 1280, ("classifier",), _MNAS),
    Plan("mnasnet1_0", "MNASNet 1.0", "MNASNet", 2018, 1280, ("classifier",), _MNAS),
    Plan("mnasnet1_3", "MNASNet 1.3", "MNASNet", 2018, 1280, ("classifier",), _MNAS),
)

SQUEEZENETS = (
    Plan("squeezenet1_0", "SqueezeNet 1.0", "SqueezeNet", 2016, 512, _TOP, cuts(2, 6, 11, 13)),
    Plan("squeezenet1_1", "SqueezeNet 1.1", "SqueezeNet", 2016, 512, _TOP, cuts(2, 5, 8, 13)),
)

# The class heads of AlexNet and VGG begin with layers for 224 pixels alone and nine tenths of all parameters; they are
# left out like any class head, and the last map is averaged.
VGGS = (
    Plan("vgg11", "VGG-11", "VGG", 2014, 512, _TOP, cuts(2, 5, 10, 15, 21)),
    Plan("vgg11_bn", "VGG-11 with batch norm", "VGG", 2014, 512, _TOP, cuts(3, 7, 14, 21, 29)),
    Plan("vgg13", "VGG-13", "VGG", 2014, 512, _TOP, cuts(4, 9, 14, 19, 25)),
    Plan("vgg13_bn", "VGG-13 with batch norm", "VGG", 2014, 512, _TOP, cuts(6, 13, 20, 27, 35)),
    Plan("vgg16", "VGG-16", "VGG", 2014, 512, _TOP, cuts(4, 9, 16, 23, 31)),
    Plan("vgg16_bn", "VGG-16 with batch norm", "VGG", 2014, 512, _TOP, cuts(6, 13, 23, 33, 44)),
    Plan("vgg19", "VGG-19", "VGG", 2014, 512, _TOP, cuts(4, 9, 18, 27, 37)),
    Plan("vgg19_bn", "VGG-19 with batch norm", "VGG", 2014, 512, _TOP, cuts(6, 13, 26, 39, 53)),
)
ALEXNETS = (Plan("alexnet", "AlexNet", "AlexNet", 2012, 256, _TOP, _ALEX),)
