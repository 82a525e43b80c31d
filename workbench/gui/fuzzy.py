"""Finding by a few letters, as the command palette does."""

from __future__ import annotations

_START_OF_WORD = 8
_IN_A_ROW = 5
_GAP = 1


def fuzzy_score(wanted: str, text: str) -> int | None:
    """How well `wanted` names `text`; None where its letters do not stand in it in that order.

    Letters at the start of a word and letters in a row count most. Case and spaces in `wanted` do not matter.
    """
    letters = [letter for letter in wanted.casefold() if not letter.isspace()]
    folded = text.casefold()
    starts = [first for first, letter in enumerate(folded) if letters[:1] == [letter]]
    scores = [score for first in starts if (score := _score_from(letters, folded, first)) is not None]
    return 0 if not letters else max(scores, default=None)


def _score_from(letters: list[str], text: str, first: int) -> int | None:
    score, place, before = 0, first, first - 1
    for letter in letters:
        place = text.find(letter, place)
        if place < 0:
            return None
        if place == 0 or not text[place - 1].isalnum():
            score += _START_OF_WORD
        score += _IN_A_ROW if place == before + 1 else -_GAP * min(place - before, 10)
        before, place = place, place + 1
    return score - len(text) // 8
