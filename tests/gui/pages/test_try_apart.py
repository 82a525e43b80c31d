"""By how much the answers of two runs to one picture are apart, in words."""

import pytest

from workbench.gui.pages.try_out.said import read


def of_class(label, **shares):
    return read({"label": label, "confidence": shares[label], "probabilities": shares, "unknown": None})


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (of_class("glass", glass=0.9, metal=0.1), of_class("metal", glass=0.25, metal=0.75), "differs by 65 points"),
        (of_class("glass", glass=0.9, metal=0.1), of_class("glass", glass=0.6, metal=0.4), "surer by 30 points"),
        (of_class("glass", glass=0.6, metal=0.4), of_class("glass", glass=0.9, metal=0.1), "less sure by 30 points"),
        (of_class("glass", glass=0.9, metal=0.1), of_class("glass", glass=0.8, metal=0.2), ""),
        (read({"labels": ["a", "b"]}), read({"labels": ["b", "c"]}), "differs by 2 labels"),
        (read({"labels": ["a", "b"]}), read({"labels": ["b"]}), "differs by 1 label"),
        (read({"labels": ["a"]}), read({"labels": ["a"]}), ""),
        (
            read({"value": 10.0, "interval": [7.0, 13.0]}),
            read({"value": 14.0, "interval": [13.5, 14.5]}),
            "differs by 4",
        ),
        (read({"value": 10.0, "interval": [8.0, 12.0]}), read({"value": 11.0, "interval": [9.0, 13.0]}), ""),
        (
            read({"areas": {"ground": 0.6, "wall": 0.3, "hole": 0.1}}),
            read({"areas": {"ground": 0.4, "wall": 0.45, "hole": 0.15}}),
            "ground differs by 20 points",
        ),
        (read({"areas": {"ground": 0.7, "wall": 0.3}}), read({"areas": {"ground": 0.68, "wall": 0.32}}), ""),
    ],
)
def test_how_far_two_answers_are_apart(one, other, words):
    assert one.apart(other) == words
