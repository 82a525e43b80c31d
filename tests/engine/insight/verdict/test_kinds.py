"""A verdict over all kinds of task at once, with stages that train and a test part."""

import json

from tests.engine.insight.verdict.test_job import carry_out, verdicts
from tests.engine.training.runs import four_kinds, project
from workbench.core.specs import VerdictSpec


def test_every_kind_is_compared_on_its_test_pictures(tmp_path):
    folder = tmp_path / "project" / "verdicts" / "001"
    folder.mkdir(parents=True)
    asked = project(four_kinds(tmp_path), {"freeze": 2}, epochs=1, head_epochs=0, augment="none")
    asked = type(asked).model_validate({**asked.written(), "split": {"validation": 0.2, "test": 0.2}})
    spec = VerdictSpec(
        project=asked, project_dir=folder.parent.parent, verdict_dir=folder, verdict="Verdict 001", seeds=2
    )
    (result,) = verdicts(carry_out(spec))
    rows = result.document["tasks"]
    assert [row["kind"] for row in rows.values()] == ["single-label", "multi-label", "number", "mask"]
    assert {row["part"] for row in rows.values()} == {"test"}
    assert all(row["pictures"] > 1 and row["interval"] is not None for row in rows.values())
    for name, metric in (("colour", "accuracy"), ("marks", "label_accuracy"), ("size", "mae")):
        assert abs(rows[name]["alone"] - rows[name]["metrics"]["alone"][metric]) < 1e-6
    assert (rows["size"]["difference"] > 0) == (rows["size"]["together"] < rows["size"]["alone"])
    assert 0 <= rows["area"]["alone"] <= 1
    json.dumps(result.document, allow_nan=False)
