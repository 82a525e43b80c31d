from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.fuzzy import fuzzy_score


def best(wanted, *texts):
    scored = [(score, text) for text in texts if (score := fuzzy_score(wanted, text)) is not None]
    return max(scored)[1] if scored else None


def test_letters_in_order_are_found():
    assert fuzzy_score("npr", "New project…") is not None
    assert fuzzy_score("rpn", "New project…") is None


def test_starts_of_words_count_most():
    assert best("ul", "Undo the last change", "Full screen", "Results") == "Undo the last change"
    assert best("train", "Train", "Restrain the rest", "Run 1 trains") == "Train"


def test_nothing_wanted_finds_everything():
    assert fuzzy_score("  ", "anything") == 0


@given(st.text(max_size=20), st.text(max_size=40))
def test_a_text_is_found_by_any_of_its_subsequences(text, other):
    letters = [letter for letter in text.casefold() if not letter.isspace()]
    assert fuzzy_score("".join(letters[::2]), text) is not None
    score = fuzzy_score(other, text)
    assert score is None or isinstance(score, int)
