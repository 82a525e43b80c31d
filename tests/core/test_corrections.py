"""`labels.toml`: what it may hold, and the sentence where it holds something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.corrections import CORRECTIONS_FILE, Correction, Corrections, read_corrections
from workbench.core.errors import RequestError


def write(folder: Path, text: str) -> None:
    (folder / CORRECTIONS_FILE).write_text(text, encoding="utf-8")


def test_without_the_file_nothing_is_decided(tmp_path: Path) -> None:
    assert read_corrections(tmp_path).decided == ()


def test_decisions_by_path_and_the_later_one_counts(tmp_path: Path) -> None:
    other = (tmp_path / "elsewhere" / "b.png").as_posix()
    write(
        tmp_path,
        f"""
        [[corrections]]
        picture = "d/a.png"
        task = "t"
        label = "x"
        [[corrections]]
        picture = "d/a.png"
        task = "t"
        aside = true
        [[corrections]]
        picture = "{other}"
        task = "t"
        keep = true
        [[corrections]]
        picture = "d/a.png"
        task = "u"
        label = "y"
        """,
    )
    found = read_corrections(tmp_path)
    of_t = found.of("t")
    assert {path: each.verdict for path, each in of_t.items()} == {
        str(tmp_path / "d" / "a.png"): "aside",
        str(tmp_path / "elsewhere" / "b.png"): "kept",
    }
    assert found.by_name()["u", "d/a.png"] == Correction(picture="d/a.png", task="u", label="y")
    other = Corrections(tmp_path, (Correction(picture="d/a.png", task="t", aside=True),))
    assert other.digest(["t"]) == found.digest(["t"]) != found.digest(["t", "u"]), "a label that is kept changes none"
    assert found.digest(["v"]) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "cannot be read"),
        ("format = 2", "format is not a decision"),
        ("[[correction]]\npicture = 'a'", "correction is not a decision"),
        ("[[corrections]]\npicture = 'a'\ntask = 't'", "number 1 is not a decision"),
        ("[[corrections]]\npicture = 'a'\ntask = 't'\nlabel = ' '", "number 1 is not a decision"),
        ("[[corrections]]\npicture = 'a'\ntask = 't'\nlabel = 'x'\nkeep = true", "number 1 is not a decision"),
        ("[[corrections]]\npicture = 'a'\ntask = 't'\nlabel = 4", "number 1 is not a decision"),
        ("[[corrections]]\npicture = 'a'\ntask = 't'\nlable = 'x'", "number 1 is not a decision"),
    ],
)
def test_what_is_no_decision_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, text)
    with pytest.raises(RequestError) as caught:
        read_corrections(tmp_path)
    assert said in caught.value.text and caught.value.fix
