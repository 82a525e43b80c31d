"""Pictures and maps small enough for a file that is mailed."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from workbench.core.saliency import OPACITY
from workbench.engine import device as devices
from workbench.engine.data.masks import IGNORED, read_mask, to_classes
from workbench.engine.data.view import open_rgb, to_view
from workbench.engine.insight.mask_judge import best_classes
from workbench.engine.insight.overlay import at_picture_size, laid_over
from workbench.engine.insight.predictor import Predictor
from workbench.engine.insight.saliency import METHODS, Question, method_for
from workbench.engine.training.inputs import as_they_are

SIDE = 168
"""The longer side of a picture, px."""
_QUALITY = 80
_WRONG, _MARKED = (213, 94, 0), 0.7
"""The colour of wrong pixels, and how much of it covers them."""


def thumbnail(path: Path) -> str:
    """A picture as a data URI.

    Raises:
        UnreadableImage: it cannot be read.
    """
    return _uri(_reduced(open_rgb(path)))


def looked(predictor: Predictor, task: str, path: Path) -> str:
    """A picture under the map of where a head looked for the answer that it finds likeliest, as a data URI.

    Raises:
        UnreadableImage: it cannot be read.
    """
    picture, view = open_rgb(path), predictor.resolved.view
    seen = np.asarray(to_view(picture, view))
    image = as_they_are(devices.move(seen.copy(), predictor.device)[None].permute(0, 3, 1, 2))
    answers = Question(predictor.network, task, 0).answers(image)[0]
    of_class = bool(predictor.facts[task].classes)
    question = Question(predictor.network, task, int(answers.argmax()) if of_class else 0)
    found = METHODS[method_for(question, "auto")](question, image)[0]
    small = _reduced(picture)
    return _uri(laid_over(small, at_picture_size(found, (small.height, small.width), view), "inferno", OPACITY))


def erred(predictor: Predictor, task: str, path: Path, mask: Path) -> str:
    """A picture with the pixels marked whose class is not that of its mask, as a data URI; ignored ones never are.

    Raises:
        UnreadableImage: it, or its mask, cannot be read.
    """
    small = _reduced(open_rgb(path))
    truth = to_classes(read_mask(mask), predictor.facts[task].mask_values)
    wanted = np.asarray(Image.fromarray(truth).resize(small.size, Image.Resampling.NEAREST))
    answer = predictor.predict([path])[0].answers[task]
    said = best_classes(answer, (small.height, small.width), predictor.resolved.view)
    wrong = (said != wanted) & (wanted != IGNORED)
    pixels = np.asarray(small, np.float32)
    marked = np.where(wrong[..., None], (1 - _MARKED) * pixels + _MARKED * np.array(_WRONG, np.float32), pixels)
    return _uri(Image.fromarray(np.rint(marked).astype(np.uint8)))


def _reduced(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return small


def _uri(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
