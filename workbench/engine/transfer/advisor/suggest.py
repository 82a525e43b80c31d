"""From what can be read after each stage to a freeze depth, and why.

The natural depth is the deepest whose probe is within noise of the best: what comes before it can be used as it is, and
what comes after it has grown away from these pictures. Where that is the end of the backbone nothing has: then its last
stage with parameters may train gently, after the heads have (LP-FT: Kumar et al., ICLR 2022, arXiv 2202.10054), if
there are pictures enough for so many parameters. `PARAMETERS_PER_IMAGE` moderates both: stages stay frozen until what
trains is in proportion to the labelled pictures. That ratio is a rule of thumb; no probe can say what training would
reach.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.advice import PARAMETERS_PER_IMAGE
from workbench.core.text import count, percent
from workbench.engine.transfer.advisor.compare import Score


def suggest(
    means: Sequence[Score], near: Sequence[bool], trainable: Sequence[int], titles: Sequence[str], labelled: int
) -> tuple[int, str]:
    """A freeze depth from 0 to S, and the reason in one sentence.

    Args:
        means: S + 1 scores of probes, after no stage, after the first, and so on.
        near: which of them are within noise of the best.
        trainable: parameters of the backbone that train at each depth.
        titles: of the stages; the first is that of the pictures themselves.
        labelled: training pictures with a label.
    """
    end = len(means) - 1
    deepest = max(depth for depth in range(end + 1) if near[depth])
    last = max((depth for depth in range(end) if trainable[depth] > 0), default=end)
    wanted = min(deepest, last)
    room = labelled * PARAMETERS_PER_IMAGE
    depth = next(each for each in range(wanted, end + 1) if trainable[each] <= room)
    where = "the pictures themselves" if deepest == 0 else titles[deepest].lower()
    read = _in_words(means[deepest], "after " + where if deepest else "from " + where)
    if depth > wanted:
        few = f"{count(labelled)} labelled pictures are few for {count(trainable[wanted])} parameters"
        return depth, f"{_freeze(depth, end)}: {read}, and {few}."
    if deepest < end:
        return (
            depth,
            f"{_freeze(depth, end)}: {read}, and what later stages add is not for these pictures: let them learn.",
        )
    if depth == end:
        return depth, f"{_freeze(depth, end)}: {read}."
    enough = f"{count(labelled)} labelled pictures allow its {count(trainable[depth])} parameters to train gently"
    return depth, f"{_freeze(depth, end)}: {read}, and {enough}."


def _freeze(depth: int, end: int) -> str:
    if depth == end:
        return "Freeze all stages"
    return f"Freeze {depth} of {end} stages" if depth else "Freeze nothing"


def _in_words(mean: Score, where: str) -> str:
    if mean.value is None:
        return f"nothing can be scored {where}"
    doubt = f" ± {percent(mean.standard_error)}" if mean.standard_error is not None else ""
    return f"{where} the tasks are read as well as anywhere ({percent(mean.value)}{doubt})"
