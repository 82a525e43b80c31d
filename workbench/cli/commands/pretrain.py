"""`pretrain OUT.safetensors`: make a backbone from pictures that are drawn from formulas."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.specs import PretrainSpec

_DEFAULT = PretrainSpec(out=Path("starter.safetensors"))
_LEAST_BATCH, _LEAST_SIZE = 8, 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("out", metavar="OUT.safetensors", type=Path, help="the file to write, fp16")
    parser.add_argument(
        "--backbone", default=_DEFAULT.backbone, help=f"torchvision's name or timm/NAME (default: {_DEFAULT.backbone})"
    )
    parser.add_argument(
        "--start", metavar="FILE", type=Path, help="weights to begin with, such as an earlier OUT's (default: random)"
    )
    parser.add_argument("--steps", type=int, default=_DEFAULT.steps, help=f"how long (default: {_DEFAULT.steps})")
    parser.add_argument(
        "--batch-size", type=int, default=_DEFAULT.batch_size, help=f"scenes in a step (default: {_DEFAULT.batch_size})"
    )
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=list(_DEFAULT.sizes),
        metavar="PX",
        help="sizes of the scenes, each for an equal share of the steps (default: "
        f"{' '.join(map(str, _DEFAULT.sizes))})",
    )
    parser.add_argument(
        "--learning-rate", type=float, default=_DEFAULT.learning_rate, help=f"(default: {_DEFAULT.learning_rate})"
    )
    parser.add_argument("--seed", type=int, default=_DEFAULT.seed, help=f"(default: {_DEFAULT.seed})")
    parser.add_argument("--device", default=_DEFAULT.device, help="auto, cpu, cuda, cuda:1 or mps (default: auto)")
    parser.add_argument(
        "--precision", default=_DEFAULT.precision, choices=("auto", "fp32", "bf16", "fp16"), help="(default: auto)"
    )
    parser.add_argument("--resume", action="store_true", help="go on where it was interrupted")
    add_output_arguments(parser)


class Job(CommandJob):
    """Draws scenes and trains a backbone on them."""

    def events(self, control: Control) -> Iterator[Event]:
        args = self.args
        _check("--steps", args.steps, 1)
        _check("--batch-size", args.batch_size, _LEAST_BATCH)
        _check("--sizes", min(args.sizes), _LEAST_SIZE)
        _check("--seed", args.seed, 0)
        if not 0 < args.learning_rate < 1:
            raise RequestError(f"--learning-rate {args.learning_rate} cannot be.", "Give a number between 0 and 1.")
        spec = PretrainSpec(
            out=Path(os.path.abspath(args.out)),
            backbone=args.backbone,
            start=Path(os.path.abspath(args.start)) if args.start else None,
            steps=args.steps,
            batch_size=args.batch_size,
            sizes=tuple(args.sizes),
            learning_rate=args.learning_rate,
            seed=args.seed,
            device=args.device,
            precision=args.precision,
            resume=args.resume,
        )
        yield from run_job("pretrain", spec, control)

    def describe(self, document: dict[str, Any]) -> str:
        size = document["bytes"] / 1e6
        return (
            f"{document['file']} holds {document['backbone']} after {document['steps']} steps, {size:.1f} MB.\n"
            f"Use it with backbone.weights = file:{document['file']}."
        )


def _check(option: str, value: int, least: int) -> None:
    if value < least:
        raise RequestError(f"{option} {value} is too small.", f"Give {least} or more.")
