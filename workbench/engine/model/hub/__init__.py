"""timm's networks as backbones: found out by watching them run, so that any of them has stages."""
