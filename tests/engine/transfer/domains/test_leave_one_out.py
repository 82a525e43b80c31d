"""Each domain left out in turn: by a probe, by runs, and told by folders or by a column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.documents import document_of
from tests.engine.training.runs import COLOURS, draw
from tests.engine.transfer.domains.pictures import asked, lamplit, source_folder
from workbench.cli import main
from workbench.core.domains import domain_folders
from workbench.core.errors import RequestError
from workbench.project.store import project_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project, and beside its own pictures a domain of stripes and one under a lamp."""
    (tmp_path / "project.toml").write_text(project_text(asked(tmp_path, epochs=2)), encoding="utf-8")
    source_folder(tmp_path / "domains" / "plain")
    for number, colour in enumerate(COLOURS):
        for index in range(8):
            draw(tmp_path / "domains" / "striped" / colour / f"{index}.png", colour, True, 9000 + 100 * number + index)
    (tmp_path / "domains" / "plain").joinpath("colours").rename(tmp_path / "domains" / "even")
    (tmp_path / "domains" / "plain").rmdir()
    lamplit(tmp_path / "domains")
    return tmp_path


def test_a_probe_forecasts_each_domain_beside_what_its_own_pictures_give(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    document = document_of(capfd, "leave-one-out", folder, "--in", folder / "domains")
    assert (document["task"], document["how"]) == ("colour", "probe")
    rows = {row["name"]: row for row in document["domains"]}
    assert {name: row["pictures"] for name, row in rows.items()} == {"even": 36, "lamplit": 18, "striped": 24}
    for row in rows.values():
        low, high = row["left_out"]["interval"]
        assert low <= row["left_out"]["score"] <= high and row["classes"] == 3
        assert row["difference"] == pytest.approx(row["left_out"]["score"] - row["own"]["score"])
    assert rows["even"]["left_out"]["score"] > 0.6, "stripes tell the same colours"
    assert rows["lamplit"]["left_out"]["score"] < rows["lamplit"]["own"]["score"], "no other domain knows the lamp"
    assert document["mean"]["mean"] == pytest.approx(sum(row["left_out"]["score"] for row in rows.values()) / 3)


def test_runs_leave_out_as_well_and_leave_nothing_behind(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--domain", folder / "domains" / "even", "--domain", folder / "domains" / "striped", "--how", "runs"]
    document = document_of(capfd, "leave-one-out", folder, *words)
    assert [row["name"] for row in document["domains"]] == ["even", "striped"]
    assert all(row["own"] is None and row["left_out"]["interval"] for row in document["domains"])
    assert not (folder / "cache" / "leave-one-out").exists() and not (folder / "runs").exists()


def test_a_column_tells_the_domain(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = ["image,colour,place"]
    for number, colour in enumerate(COLOURS):
        for index in range(6):
            path = draw(tmp_path / "pictures" / f"{colour}{index}.png", colour, index % 2 == 0, 100 * number + index)
            lines.append(f"{path.relative_to(tmp_path).as_posix()},{colour},{'north' if index % 2 else 'south'}")
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wanted = asked(tmp_path)
    data = wanted.written() | {"tasks": [{"name": "colour", "source": "table.csv", "column": "colour"}]}
    (tmp_path / "project.toml").write_text(project_text(type(wanted).model_validate(data)), encoding="utf-8")
    document = document_of(capfd, "leave-one-out", tmp_path, "--column", "place")
    assert [(row["name"], row["pictures"]) for row in document["domains"]] == [("north", 9), ("south", 9)]


def test_what_cannot_be_left_out_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*words: str) -> str:
        assert main(["leave-one-out", str(folder), *words]) == 2
        return capsys.readouterr().err

    even = str(folder / "domains" / "even")
    assert "not clear what the domains are" in refused()
    assert "needs two domains, and there is one" in refused("--domain", even)
    assert "has no table" in refused("--column", "place")
    assert "no task shape" in refused("--task", "shape", "--domain", even, "--domain", even)
    assert "but no class folders" in refused("--domain", even, "--domain", str(folder / "domains" / "even" / "red"))
    with pytest.raises(RequestError, match="no folder"):
        domain_folders([folder / "nowhere"], None)
