"""Works out the facts that ship in `resources`; a test holds the files to what is worked out here.

`python -m workbench.engine.model.facts torchvision` rewrites `backbones.json`, and `timm`, with the extra `hub`,
`timm.json`, which takes half an hour.
"""
