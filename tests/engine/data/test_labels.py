from __future__ import annotations

import unicodedata

from workbench.engine.data.labels import clean_label, sort_classes


def test_classes_sort_naturally_and_without_regard_to_case() -> None:
    assert sort_classes(["img10", "Img2", "apple", "Banana", "img1"]) == ["apple", "Banana", "img1", "Img2", "img10"]


def test_numbers_sort_by_value() -> None:
    assert sort_classes(["10", "9.5", "-3", "2010.0"]) == ["-3", "9.5", "10", "2010.0"]


def test_labels_stay_text_without_blanks() -> None:
    assert clean_label(" 2010.0 ") == "2010.0"
    assert clean_label(" \t") is None


def test_both_unicode_spellings_of_a_letter_are_one_class() -> None:
    assert clean_label(unicodedata.normalize("NFD", "grün")) == clean_label(unicodedata.normalize("NFC", "grün"))


def test_classes_that_differ_only_in_case_keep_a_fixed_order() -> None:
    assert sort_classes(["b", "B", "a"]) == sort_classes(["B", "a", "b"])
