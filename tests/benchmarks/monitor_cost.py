"""What watching costs: the meter within the shortest steps, a sample of the load, and showing it.

    python -m tests.benchmarks.monitor_cost [--steps 100]

Processor time, so that other programs disturb it little. Steps are those of heads on features, which are the shortest
there are; with and without the meter they take turns. Aims: the meter at most 1.02 times the time of a step, showing a
sample under 2 ms on the window's thread, a sample under 2 % of the second that it is taken in.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import torch

from tests.engine.training.test_trainer import batch, trainer
from tests.gui import synthetic
from workbench.core.control import Control
from workbench.gui.pages.train.load_sampler import INTERVAL_MS, LoadSampler
from workbench.gui.pages.train.monitor import MonitorCard
from workbench.gui.session import application
from workbench.gui.theme import theme
from workbench.project.history import RunHistory
from workbench.project.load import MachineLoad

ROUNDS = 9
AIM_STEP, AIM_SHOWN_MS, AIM_SAMPLE = 1.02, 2.0, 0.02


def cpu_s(work: Callable[[], object], times: int) -> float:
    """Processor seconds of this process for one piece of work."""
    begin = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begin) / times


def step_ratio(steps: int) -> tuple[float, float]:
    """A step with the meter over one without, and the milliseconds of the latter; medians of rounds that take turns."""
    torch.set_num_threads(1)
    made, inputs = trainer(100)
    whole = batch(inputs)

    def step() -> None:
        made.step(whole, 1, Control())

    def metered(measured: bool) -> float:
        made.meter._marks.clear()  # not started
        if measured:
            made.meter.start()
        each_s = cpu_s(step, steps)
        return each_s + (cpu_s(made.meter.take, 1) / steps if measured else 0.0)

    metered(True)
    pairs = [(metered(False), metered(True)) for _ in range(ROUNDS)]
    return statistics.median(on / off for off, on in pairs), 1000 * statistics.median(off for off, _ in pairs)


def shown_ms() -> float:
    """Taking in a sample and painting the card, on the window's thread."""
    app = application()
    theme().apply(app, "light")
    LoadSampler.start = lambda self: None  # type: ignore[method-assign]
    sampler = LoadSampler(lambda: None)
    card, history = MonitorCard(sampler), RunHistory()
    for event in synthetic.run_events(upto=8):
        history.add(event)
    card.set_run(history, True)
    card.resize(372, 300)
    card.show()
    machine = MachineLoad()
    load = machine.sample(os.getpid())
    machine.close()

    def show() -> None:
        sampler.sampled.emit(load)
        app.processEvents()

    cpu_s(show, 20)
    return 1000 * statistics.median(cpu_s(show, 20) for _ in range(ROUNDS))


def sample_share() -> float:
    """Processor time of a sample over the time between two."""
    machine = MachineLoad()
    spent_s = statistics.median(cpu_s(lambda: machine.sample(os.getpid()), 10) for _ in range(ROUNDS))
    machine.close()
    return spent_s / (INTERVAL_MS / 1000)


def main(argv: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100, help="steps in a round")
    ratio, step_ms = step_ratio(parser.parse_args(argv).steps)
    shown, sample = shown_ms(), sample_share()
    for name, value, aim, unit in (
        (f"step of {step_ms:.2f} ms, with the meter over without", ratio, AIM_STEP, ""),
        ("sample taken in and painted", shown, AIM_SHOWN_MS, " ms"),
        ("sample over the time between two", sample, AIM_SAMPLE, ""),
    ):
        print(f"{name:<52}{value:>8.3f}{unit:<4} aim {aim:g}{unit}: {'reached' if value <= aim else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
