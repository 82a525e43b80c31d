"""Drawings are well-formed, whatever they are given."""

from xml.etree import ElementTree

import numpy as np
import pytest

from workbench.project.report.charts import Line, curves, matrix, points, reliability_chart
from workbench.project.scores import reliability

NAN = float("nan")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart):
    root = ElementTree.fromstring(chart.svg)
    assert (root.get("width"), root.get("height")) == (f"{chart.width}", f"{chart.height}")
    return root


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [Line("training", [1.0], [2.0])],
        [Line("a <b>", list(range(5000)), [NAN, *range(4999)]), Line("b & c", [1, 2], [0.5, 0.5], dots=True)],
    ],
)
def test_curves_of_none_one_or_many_points(lines):
    root = drawn(curves("loss & more", lines, ("step", "loss")))
    found = [line.get("points").split() for line in root.iter(f"{SVG}polyline")]
    assert len(found) == len(lines) and all(len(each) <= 160 for each in found)
    for each in found:
        for point in each:
            x, y = map(float, point.split(","))
            assert 0 <= x <= 380 and 0 <= y <= 240


def test_a_matrix_of_a_hundred_classes_draws_only_what_is_there():
    counts = np.eye(100, dtype=int) * 3
    counts[0, 99] = 1
    root = drawn(matrix("m", [f"class {number}" for number in range(100)], counts.tolist()))
    shades = [each.get("fill-opacity") for each in root.iter(f"{SVG}rect") if each.get("class") == "heat"]
    assert len(shades) == 101 and shades[:2] == ["0.76", "0.29"]
    few = drawn(matrix("m", ["a", "a very long name of a class"], [[2, 1], [0, 0]]))
    words = [each.text for each in few.iter(f"{SVG}text")]
    assert words[:2] == ["2", "1"] and any("…" in word for word in words)


def test_points_and_bins():
    assert len(list(drawn(points("p", [1.0, 2.0], [1.0, 1.0], ("true", "answer"))).iter(f"{SVG}circle"))) == 2
    bins = reliability(np.array([0.2, 0.95, 0.96]), np.array([True, True, False]))
    assert len(list(drawn(reliability_chart("r", bins)).iter(f"{SVG}circle"))) == 2
