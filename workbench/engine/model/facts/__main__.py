"""Rewrites the files of facts that are named: torchvision, timm."""

from __future__ import annotations

import sys

from workbench.core.files import write_atomically
from workbench.core.resources import resource
from workbench.engine.model.facts import timm, torchvision

_DOCUMENTS = {"torchvision": ("backbones.json", torchvision.document), "timm": ("timm.json", timm.document)}

if __name__ == "__main__":
    for library in sys.argv[1:]:
        file, document = _DOCUMENTS[library]
        write_atomically(resource() / file, document())
