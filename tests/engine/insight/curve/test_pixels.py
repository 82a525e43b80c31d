"""What a learning curve asks of masks."""

from __future__ import annotations

import numpy as np

from workbench.engine.data.masks import IGNORED
from workbench.engine.insight.curve.pixels import PixelClasses
from workbench.engine.insight.kinds.mask import mean_iou


def test_the_score_is_the_mean_overlap_over_the_pixels_of_the_pictures_that_are_drawn() -> None:
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 3, (4, 50)).astype(np.uint8)
    truth[0, :9] = IGNORED
    question = PixelClasses(truth, 3)
    answers = draw.random((200, 3))
    said = answers.argmax(axis=1).reshape(4, 50)
    times = np.array([[1.0, 1, 1, 1], [2, 0, 0, 1]])
    for drawn, score in zip(times, question.score(answers, times).tolist(), strict=True):
        matrix = np.zeros((3, 3), np.int64)
        for picture, count in enumerate(drawn.astype(int)):
            for true, answer in zip(truth[picture], said[picture], strict=True):
                if true != IGNORED:
                    matrix[true, answer] += count
        assert score == mean_iou(matrix)
    fewer = question.only(np.array([False, True, False, True]))
    rows = np.r_[50:100, 150:200]
    assert fewer.score(answers[rows], np.ones((1, 2))) == question.score(answers, np.array([[0.0, 1, 0, 1]]))
