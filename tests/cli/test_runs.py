"""`runs`: one line a run, with the score by which each task is judged."""

from workbench.cli.commands.runs import run_line
from workbench.project.runs import RunInfo


def test_each_task_has_the_score_by_which_it_is_judged(tmp_path):
    metrics = {
        "material": {"accuracy": 0.941, "loss": 0.2},
        "tags": {"mean_average_precision": 0.658, "label_accuracy": 0.9},
        "weight": {"mae": 17.8, "r2": 0.646},
        "wall": {"mean_iou": 0.5},
        "age": {"mae": 3.0, "r2": None},
    }
    info = RunInfo("001-full", tmp_path, "finished", "", 19.0, {"backbone": {"name": "resnet18"}}, metrics)
    assert run_line(info).split("resnet18")[1].strip() == (
        "material accuracy 94.1 %, tags mean average precision 65.8 %, weight R² 0.65, wall mean IoU 50.0 %, age –"
    )
