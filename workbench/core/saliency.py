"""The ways to find where a network looked, and the colours that maps are drawn in: what window and terminal offer."""

from __future__ import annotations

METHODS = {
    "auto": "HiResCAM, or integrated gradients for a transformer",
    "hirescam": "HiResCAM: what each place of the last stage adds to the answer; instant",
    "tokens": "gradient times activation of a transformer's tokens, over all blocks; instant",
    "occlusion": "how far the answer falls when a part is covered; slow, and needs no gradient",
    "integrated-gradients": "the gradient summed on the way from a blurred picture; slow",
}
"""Name → what it is. Methods that draw the same map whatever the head says are not offered."""

OF_ANY_NETWORK = ("auto", "occlusion", "integrated-gradients")
"""The methods that fit every network; one of the others does, too."""

COLOURS = {
    "inferno": ("000004", "280b54", "65156e", "9f2a63", "d44842", "f57d15", "fac127", "fcffa4"),
    "viridis": ("440154", "46327f", "365c8d", "277f8e", "1fa187", "4ac26d", "9fda3a", "fde725"),
    "turbo": ("30123b", "466be3", "28bbec", "31f299", "a2fc3c", "edd03a", "fb8022", "7a0403"),
}
"""Colours at even steps from nothing to everything, in hexadecimal RGB."""
OPACITY = 0.6
"""How much of a place's own colour the strongest mark hides."""
