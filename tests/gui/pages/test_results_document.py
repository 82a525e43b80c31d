"""Documents of `evaluate` as arrays, and what is drawn from them."""

import time
from pathlib import Path

import numpy as np
import pytest

from tests.gui import synthetic
from workbench.gui.pages.results.details import gallery_items, read_details
from workbench.gui.pages.results.document import parse
from workbench.gui.pages.results.metric_words import doubt, metric_help, metric_text, metric_with_doubt
from workbench.gui.pages.results.other_pictures import table_columns
from workbench.project.scores import class_scores


def task_of(images, **options):
    return parse(synthetic.evaluate_document(images, ("material",), **options)).tasks["material"]


def test_orders_put_the_right_pictures_first():
    result = task_of([f"{index}.jpg" for index in range(400)], accuracy=0.7)
    worst = result.ordered("worst")
    assert result.wrong[worst].all() and len(worst) == result.wrong.sum()
    assert (np.diff(result.confidence[worst]) <= 0).all()
    best = result.ordered("best")
    assert not result.wrong[best].any() and (np.diff(result.confidence[best]) <= 0).all()
    assert (np.diff(result.confidence[result.ordered("unsure")]) >= 0).all()
    everything = result.ordered("all")
    assert sorted(everything) == list(range(400)) and everything[: len(worst)].tolist() == worst.tolist()


def test_only_parts_with_a_file_of_their_own_are_stored(tmp_path):
    folder = synthetic.write_run(tmp_path, images=["a.jpg", "b.jpg"], parts=("test",))
    (folder / "results/metrics.json").write_text((folder / "results/metrics-test.json").read_text(encoding="utf-8"))
    found = read_details(folder)
    assert found.stored == ("test",) and found.part == "test"


def test_a_cell_holds_exactly_its_pictures():
    result = task_of([f"{index}.jpg" for index in range(300)], accuracy=0.6)
    for true in range(len(result.classes)):
        for said in range(len(result.classes)):
            rows = result.in_cell(true, said)
            assert len(rows) == result.confusion[true, said]
            assert (result.target[rows] == true).all() and (result.prediction[rows] == said).all()


def test_class_scores_are_those_of_the_matrix():
    scores = class_scores(np.array([[8, 2, 0], [1, 9, 0], [0, 0, 0]]))
    np.testing.assert_allclose(scores.recall, [0.8, 0.9, np.nan])
    np.testing.assert_allclose(scores.precision, [8 / 9, 9 / 11, np.nan])
    np.testing.assert_allclose(scores.f1, [16 / 19, 18 / 21, np.nan])
    assert scores.count.tolist() == [10, 10, 0]


def test_missing_metrics_and_answers_are_no_error():
    document = synthetic.evaluate_document(["a.jpg"], ("material",))
    task = document["tasks"]["material"]
    task["metrics"] |= {"calibration_error": None, "accuracy_interval": None}
    task["images"][0] |= {"confidence": None, "prediction": "a class nobody knows"}
    result = parse(document).tasks["material"]
    assert result.interval("accuracy") is None and "calibration_error" not in result.metrics
    assert result.prediction.tolist() == [-1]
    assert gallery_items(result, [0], Path("/project"))[0].caption.endswith("→ ?")


def test_the_card_of_a_run_that_abstains_says_how_much_it_answers():
    document = synthetic.evaluate_document(["a.jpg"], ("material",))
    assert "answers" not in parse(document).tasks["material"].headline().caption
    document["tasks"]["material"]["metrics"] |= {"answered": 0.83, "answered_accuracy": 0.95}
    lines = parse(document).tasks["material"].headline().caption.split("\n")
    assert lines[1] == "answers 83.0 %, 95.0 % of these rightly"


def test_a_document_of_something_else_is_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        parse({"run": "001"})


def test_paths_are_absolute_or_inside_the_project(tmp_path):
    outside = tmp_path / "outside.jpg"
    result = task_of(["pictures/a.jpg", str(outside)])
    items = gallery_items(result, [0, 1], tmp_path / "project")
    assert [item.path for item in items] == [str(tmp_path / "project" / "pictures/a.jpg"), str(outside)]


def test_a_hundred_thousand_pictures_are_sorted_and_filtered_at_once():
    result = task_of([f"{index}.jpg" for index in range(100_000)])
    started = time.perf_counter()
    for order in ("worst", "unsure", "best", "all"):
        result.ordered(order)
    result.in_cell(0, 1)
    assert (time.perf_counter() - started) / 5 < 0.1


def test_details_prefer_the_test_part(tmp_path):
    run = synthetic.write_run(tmp_path, images=["a.jpg"], parts=("train", "validation", "test"))
    assert read_details(run).part == "test"
    assert read_details(run, "train").evaluation.part == "train"
    bare = synthetic.write_run(tmp_path, run="002-probe")
    details = read_details(bare)
    assert (details.part, details.evaluation, details.counts["train"]) == ("", None, 192)
    assert read_details(bare, "validation").part == "validation"


def test_a_run_that_was_never_set_up_has_no_counts(tmp_path):
    folder = tmp_path / "runs" / "001-balanced"
    folder.mkdir(parents=True)
    assert read_details(folder).counts == {}


def test_words_of_metrics():
    assert metric_text("accuracy", 0.941) == "94.1 %" and metric_text("mae", 3.14159) == "3.142"
    assert doubt(0.941, (0.912, 0.97)) == "± 2.9" and doubt(0.941, None) == "" == doubt(None, None)
    assert doubt(0.265, (0.239, 0.335)) == "(23.9 to 33.5)", "one side reaches much farther"
    assert metric_with_doubt("rmse", 1.8069, (1.6423, 1.9715)) == "1.81 ± 0.16"
    assert metric_with_doubt("r2", -0.2297, (-0.309, -0.1503)) == "−0.230 ± 0.079"
    assert metric_with_doubt("accuracy", 0.9, None) == "90.0 %"
    assert "calibration" in metric_help("calibration_error")


def test_columns_of_a_table(tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("image;material;season\na.jpg;glass;Fall\nb.jpg;paper;Winter\n", encoding="utf-8")
    assert table_columns(table) == ["image", "material", "season"]
    assert table_columns(tmp_path / "none.csv") == []
