"""The year in which each of timm's families was first published, by the module of timm that holds it."""

from __future__ import annotations

YEARS = {
    "vgg": 2014, "inception_v3": 2015, "resnet": 2015, "xception": 2016, "xception_aligned": 2017, "inception_v4": 2016,
    "inception_resnet_v2": 2016, "resnetv2": 2016, "densenet": 2016, "nasnet": 2017, "pnasnet": 2017, "dpn": 2017,
    "senet": 2017, "dla": 2017, "mobilenetv3": 2019, "efficientnet": 2019, "selecsls": 2019, "hrnet": 2019,
    "cspnet": 2019, "vovnet": 2019, "ghostnet": 2019, "tresnet": 2020, "regnet": 2020, "rexnet": 2020, "byobnet": 2021,
    "vision_transformer": 2020, "vision_transformer_hybrid": 2020, "vision_transformer_relpos": 2021,
    "vision_transformer_sam": 2023, "deit": 2020, "nfnet": 2021, "swin_transformer": 2021, "swin_transformer_v2": 2021,
    "swin_transformer_v2_cr": 2021, "pit": 2021, "tnt": 2021, "twins": 2021, "cait": 2021, "coat": 2021,
    "convit": 2021, "levit": 2021, "visformer": 2021, "crossvit": 2021, "xcit": 2021, "mlp_mixer": 2021, "nest": 2021,
    "volo": 2021, "beit": 2021, "hardcorenas": 2021, "pvt_v2": 2021, "mvitv2": 2021, "metaformer": 2021,
    "convmixer": 2022, "convnext": 2022, "sequencer": 2022, "davit": 2022, "gcvit": 2022, "maxxvit": 2022,
    "efficientformer": 2022, "efficientformer_v2": 2022, "mobilevit": 2021, "edgenext": 2022, "focalnet": 2022,
    "tiny_vit": 2022, "nextvit": 2022, "eva": 2022, "hgnet": 2023, "inception_next": 2023, "fasternet": 2023,
    "fastvit": 2023, "repghost": 2022, "repvit": 2023, "efficientvit_mit": 2022, "efficientvit_msra": 2023,
    "hiera": 2023, "hieradet_sam2": 2024, "swiftformer": 2023, "mambaout": 2024, "rdnet": 2024, "starnet": 2024,
    "shvit": 2024, "mobilenetv5": 2025, "naflexvit": 2025, "efficientvim": 2024, "iformer": 2025, "cspnext": 2022,
    "lowformer": 2024,
}  # fmt: skip
