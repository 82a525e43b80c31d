"""`workbench advise` and `workbench ladder`: tables for people, one document for programs, sentences for mistakes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.engine.training.runs import two_tasks
from tests.warm import shell
from workbench.cli import main
from workbench.cli.backbones import backbones_typed
from workbench.core import catalogue
from workbench.core.advice import Candidate
from workbench.core.errors import RequestError

QUICK = ["recipe.image_size=32", "recipe.precision=fp32", "recipe.device=cpu"]
SETTINGS = [word for setting in QUICK for word in ("--set", setting)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project p."""
    place = tmp_path_factory.mktemp("advise")
    two_tasks(place, each=16)
    tasks = ["--task", f"colour={place / 'colours'}", "--task", f"pattern={place / 'patterns.csv'}:pattern"]
    assert main(["new", str(place / "p"), *tasks, "--backbone", "squeezenet1_0", "--weights", "none", *SETTINGS]) == 0
    return place


def spoken(*words: object) -> str:
    """What a command of its own process prints; programs read the real standard output."""
    done = shell(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def sentences(out: str) -> list[str]:
    return [line for line in out.rstrip().splitlines() if not line.startswith("Note: ")]


def test_a_table_and_advice_for_people(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(place / "empty"))
    wanted = f"squeezenet1_0@none, resnet18@none,vgg11@default,vgg11@IMAGENET1K_V1,resnet50@file:{place / 'x.pt'}"
    (place / "x.pt").write_bytes(b"")
    assert main(["advise", str(place / "p"), "--backbones", wanted]) == 0
    lines = sentences(capsys.readouterr().out)
    assert "of 5 backbones, compared on 39 training pictures." in lines[0]
    head = lines[1]
    for word in ("colour: probe", "pattern: probe", "kNN", "LogME", "mean rank", "ImageNet", "pictures/s", "memory"):
        assert word in head
    assert {line.split()[0] for line in lines[2:4]} == {"1", "2"} and "±" in lines[2]
    assert any(line.startswith("resnet50@x.pt: ") for line in lines)
    assert "Get them with: workbench weights download vgg11 vgg11@IMAGENET1K_V1" in lines
    assert lines[-1].endswith(".")


def test_one_document_for_programs(place: Path) -> None:
    out = spoken("advise", place / "p", "--backbones", "resnet18@none", "--images", "20", "--json")
    document = json.loads(out)
    assert out.isascii() and document["images"] == 20
    (row,) = document["backbones"]
    assert (row["name"], row["weights"], row["rank"], row["status"]) == ("resnet18", "none", 1, "measured")
    assert json.loads((place / "p" / "advice" / "advice.json").read_text(encoding="utf-8")) == document


def test_every_event_for_programs(place: Path) -> None:
    out = spoken("advise", place / "p", "--backbones", "squeezenet1_0@none", "--images", "20", "--events")
    events = [json.loads(line) for line in out.splitlines()]
    assert any(event["event"] == "progress" and event["what"].startswith("squeezenet1_0 (1 of 1)") for event in events)
    assert [event["what"] for event in events if event["event"] == "result"] == ["advise"]


def test_the_ladder_for_people_and_for_programs(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ladder", str(place / "p")]) == 0
    out = sentences(capsys.readouterr().out)
    assert out[0].startswith("squeezenet1_0@none, read after each stage on 39 training pictures")
    depths = len(catalogue.get("squeezenet1_0").stages) + 1
    rungs = out[2 : 2 + depths]
    assert [rung.removeprefix(">").split()[0] for rung in rungs] == [str(depth) for depth in range(depths)]
    assert sum(rung.startswith(">") for rung in rungs) == 1 and out[-1].startswith("Freeze")
    document = json.loads(spoken("ladder", place / "p", "--images", "12", "--json"))
    assert document["backbone"] == "squeezenet1_0" and (place / "p" / "advice" / "ladder-squeezenet1_0.json").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["advise", "--backbones", "resnet19"], "resnet19"),
        (["advise", "--backbones", ","], "--backbones names no backbone."),
        (["advise", "--backbones", "resnet18@file:nowhere.pt"], "--backbones: there is no file nowhere.pt"),
        (["advise", "--images", "3"], "--images 3 are too few. Give 10 or more."),
        (["ladder", "--images", "3"], "--images 3 are too few. Give 10 or more."),
        (["advise", "--backbones", "resnet18@none,resnet18@run:9"], "There is no run 9."),
        (["advise", "--backbones", "resnet18@V9"], "V9 is no source of weights for resnet18."),
        (["ladder", "--backbone", "vgg11@starter"], "No starter weights ship for vgg11."),
        (["ladder", "--backbone", "resnet18,resnet34"], "--backbone takes one backbone."),
    ],
)
def test_mistakes_are_said_in_a_sentence(
    place: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    other = place / "other"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(place / "p", other, ignore=shutil.ignore_patterns("cache", "advice"))
    assert main([words[0], str(other), *words[1:]]) == 2
    caught = capsys.readouterr()
    assert said in caught.err and "Traceback" not in caught.err and caught.out == ""
    assert not (other / "advice").exists() and not (other / "cache").exists()


def test_backbones_as_they_are_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.pt").write_bytes(b"")
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "there.pt").write_bytes(b"")
    typed = "resnet18, vgg11@none,vgg11@file:here.pt,vgg11@file:there.pt,resnet18"
    assert backbones_typed(typed, "--backbones", tmp_path / "p") == (
        Candidate("resnet18", catalogue.default_weights("resnet18")),
        Candidate("vgg11", "none"),
        Candidate("vgg11", f"file:{tmp_path / 'here.pt'}"),
        Candidate("vgg11", f"file:{tmp_path / 'p' / 'there.pt'}"),
    )
    with pytest.raises(RequestError, match="there is no file"):
        backbones_typed("vgg11@file:", "--backbones", tmp_path)
