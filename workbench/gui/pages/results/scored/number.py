"""Results of a task that answers with a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.gui.numbers import count, measured
from workbench.gui.pages.results.metric_words import interval_words, metric_help, reaches
from workbench.gui.pages.results.scored.base import (
    Caption,
    Floats,
    Headline,
    Rows,
    TaskResult,
    common,
    number,
    numbers,
    within,
)
from workbench.gui.pages.results.scored.base import translated as _tr
from workbench.gui.pages.results.scored.fields import Field, Span, Value

SPREADS = 1.645
"""Standard deviations to each side of the answer that hold 90 % of a normal distribution."""


@dataclass(frozen=True)
class NumberResult(TaskResult):
    """A number for each picture, in the unit of its column.

    Attributes:
        constant: the mean absolute error of always answering the mean of the training pictures; NaN where not said.
        target, prediction: (N,); NaN where they are not said.
        spread: (N,) the predicted standard deviation; NaN where it is not said.
    """

    constant: float
    target: Floats
    prediction: Floats
    spread: Floats

    @classmethod
    def read(cls, name: str, task: dict[str, Any]) -> NumberResult:
        images = task.get("images", [])
        return cls(
            **common(name, task),
            constant=number(task.get("constant_mae")),
            target=numbers(images, "target"),
            prediction=numbers(images, "prediction"),
            spread=numbers(images, "spread"),
        )

    @property
    def residual(self) -> Floats:
        """(N,) what was said less what is true."""
        return self.prediction - self.target

    @property
    def reach(self) -> Floats:
        """(N,) how far the 90 % interval reaches to each side of the answer."""
        return self.spread * SPREADS

    def orders(self) -> Sequence[tuple[str, str]]:
        return (
            ("worst", _tr("Largest error first")),
            ("unsure", _tr("Widest interval first")),
            ("best", _tr("Smallest error first")),
            ("value", _tr("By the true number")),
        )

    def ordered(self, order: str) -> Rows:
        error = np.abs(self.residual)
        keys = {"worst": -error, "unsure": -self.spread, "best": error, "value": self.target}
        return np.argsort(keys[order], kind="stable")  # NaN last

    def order_title(self, order: str, rows: Rows) -> tuple[str, str]:
        return _tr("{0} pictures").format(count(len(rows))), _tr("This document names no pictures.")

    def fields(self) -> Sequence[Field]:
        inside = (("inside", _tr("within the 90 % interval")), ("outside", _tr("outside of it")))
        finding = self.finding(*(inside if np.isfinite(self.spread).any() else ()))
        return (
            *((finding,) if finding.options else ()),
            Span("true", _tr("True"), *_ends(self.target)),
            Span("error", _tr("Off by"), 0.0, _ends(np.abs(self.residual))[1]),
        )

    def passes(self, key: str, value: Value) -> NDArray[np.bool_]:
        if key in ("true", "error"):
            return within(self.target if key == "true" else np.abs(self.residual), value)
        inside = np.abs(self.residual) <= self.reach
        own = {"inside": inside, "outside": ~inside}
        return own[str(value)] if value in own else self.marks[str(value)]

    def text(self, value: float) -> str:
        """A number with as many decimals as the mean error makes sense of."""
        return measured(value, self.metrics.get("mae", float("nan")))

    def said(self, row: int) -> str:
        """The answer and how far its 90 % interval reaches, such as "38.2 ± 2"."""
        reach = float(self.reach[row])
        answer = self.text(float(self.prediction[row]))
        if reach != reach:
            return answer
        far = self.text(reach)
        return f"{answer} ± {far if far != '0' else measured(reach, reach)}"

    def caption(self, row: int) -> Caption:
        true = self.text(float(self.target[row]))
        words = _tr("true {0} → said {1}").format(true, self.said(row))
        answer, reach = float(self.prediction[row]), float(self.reach[row])
        if reach != reach:
            return Caption(words)
        tip = _tr("{0}\n90 % interval: {1} to {2}")
        return Caption(words, tip=tip.format(words, self.text(answer - reach), self.text(answer + reach)))

    def headline(self) -> Headline:
        mae, interval = self.metrics.get("mae", float("nan")), self.interval("mae")
        half = float("nan") if interval is None else (interval[1] - interval[0]) / 2
        scale = half if half == half else mae

        def text(value: float) -> str:
            return measured(value, scale, padded=interval is not None)

        caption = _tr("mean error on {0} pictures").format(count(self.count))
        tip = metric_help("mae") + interval_words(interval, self.text)
        if self.constant == self.constant:
            constant = measured(self.constant, min(self.constant, mae))
            caption += "\n" + _tr("always saying the mean: {0}").format(constant)
            tip += " " + _tr("Always saying the mean of the training pictures would be off by {0}.").format(constant)
        return Headline(text(mae), reaches(mae, interval, text), caption, tip)


def _ends(values: Floats) -> tuple[float, float]:
    """The least and the largest that is known, outwards to three decimals."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0.0, 0.0
    return math.floor(float(known.min()) * 1000) / 1000, math.ceil(float(known.max()) * 1000) / 1000
