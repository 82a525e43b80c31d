"""Which command a command line means: each is a module of `cli.commands` with `add_arguments`, and `Job` or `run`."""

from __future__ import annotations

import argparse
import difflib
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import workbench

COMMANDS = {
    "new": "make a project from folders and tables of pictures",
    "check": "read a project and its data, and say what should be mended",
    "train": "train a project",
    "tell": "pause, stop or change the run that trains now",
    "evaluate": "score a run on its own or on other labelled pictures",
    "predict": "answer every task for new pictures",
    "calibrate": "make a run's confidence come true, and let it tell unknown pictures",
    "explain": "draw where a head looked in a picture, and check whether the map can be trusted",
    "rate": "find a learning rate by a short trial",
    "affinity": "measure what a step for one task does to the others",
    "advise": "compare backbones on a project's own pictures",
    "ladder": "say how deep to freeze a backbone, and what each depth costs",
    "doubts": "list labels that are probably wrong, and near-identical pictures",
    "map": "draw a run's pictures as points, near where the model sees them alike",
    "curve": "say whether more training pictures would help, from a probe on fewer of them",
    "neighbours": "list the training pictures that a model sees most like a picture",
    "relabel": "correct a label, set a picture aside, or take that back",
    "verdict": "find out whether tasks do better together or apart",
    "transfer": "find out what pretraining is worth: random weights, frozen, partly frozen, fine-tuned",
    "shots": "say how good answers get with a few pictures a class",
    "blend": "score and keep a mixture of a run's pretrained and trained weights",
    "soup": "average several runs of one recipe",
    "shrink": "teach a smaller network what a run knows, and make any run smaller in int8",
    "compare": "compare runs on the same pictures, and tell differences from chance",
    "report": "write what there is to know of a run into one file that can be mailed",
    "teach": "give a head that is worked out at once more pictures or more classes",
    "add-task": "give a run one more task, and keep its other answers as they are",
    "domains": "say how far pictures of another domain lie from a run's own",
    "adapt": "bring a run's model nearer to unlabelled pictures of another domain",
    "leave-one-out": "say how good answers are on a domain that was not trained on",
    "extend": "train a run on more pictures beside a memory of those that it knows",
    "forgetting": "say what runs that followed each other have forgotten",
    "queue": "let runs wait for their turn, and work through them",
    "pretrain": "make a backbone from pictures that are drawn from formulas",
    "weights": "list, download and remove pretrained weights",
    "runs": "list a project's runs",
    "demo": "make the demo project and train it",
}
_INNER = ("host", "rank")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of printing the whole usage."""

    def error(self, message: str) -> NoReturn:
        stop = "" if message.endswith("?") else "."
        self.exit(2, f"{self.prog}: {message}{stop} See {self.prog} --help.\n")


def parse(argv: list[str]) -> tuple[Any, argparse.Namespace]:
    """The module of the command that `argv` means, and its arguments. Exits with 2 where it means none."""
    if argv and (argv[0] in COMMANDS or argv[0] in _INNER):
        module = _load(argv[0])
        parser = _Parser(
            prog=f"workbench {argv[0]}",
            description=COMMANDS.get(argv[0], "").capitalize() + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(parser)
        return module, parser.parse_args(argv[1:])
    module = _load("window")
    parser = _window_parser(module)
    if argv and not argv[0].startswith("-"):
        _refuse_misspelt_command(parser, argv[0])
    return module, parser.parse_args(argv)


def _window_parser(module: ModuleType) -> _Parser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    parser = _Parser(
        prog="workbench",
        description=workbench.__doc__,
        epilog=f"commands without a window:\n{listing}\n\nSee `workbench COMMAND --help` for each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"workbench {workbench.__version__}")
    module.add_arguments(parser)
    return parser


def _refuse_misspelt_command(parser: _Parser, word: str) -> None:
    if not Path(word).exists():
        close = difflib.get_close_matches(word, COMMANDS, n=1)
        parser.error(f"{word} is neither a command nor a project" + (f", did you mean {close[0]}?" if close else ""))


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"workbench.cli.commands.{name.replace('-', '_')}")
