"""What the commands say of scores and answers of every kind."""

from workbench.cli.score_words import FIRST, answer_words, first_score, task_line, told_apart
from workbench.core.kinds import KINDS


def test_every_kind_of_task_has_its_line():
    classes = {"accuracy": 0.94, "accuracy_interval": [0.9, 0.97], "balanced_accuracy": 0.93, "macro_f1": 0.92}
    line = task_line("material", {"metrics": classes, "count": 48})
    assert line == "  material: accuracy 94.0 % (90.0 % to 97.0 %), balanced 93.0 %, macro F1 92.0 % on 48 pictures"
    line = task_line("material", {"metrics": classes | {"macro_precision": 0.91, "macro_recall": 0.93}})
    assert line.endswith("macro F1 92.0 %, precision 91.0 %, recall 93.0 %"), "an epoch's metrics have neither"
    abstaining = classes | {"answered": 0.83, "answered_accuracy": 0.95, "answered_accuracy_interval": [0.91, 0.98]}
    line = task_line("material", {"metrics": abstaining, "count": 48})
    assert line.endswith("92.0 %, answered 83.0 %, right of those 95.0 % (91.0 % to 98.0 %) on 48 pictures")
    number = {"mae": 0.4123, "mae_interval": [0.31, 0.52], "rmse": 0.6, "r2": 0.351, "loss": 0.4}
    line = task_line("white_cells", {"metrics": number, "count": 73, "constant_mae": 0.62})
    assert line == "  white_cells: mean error 0.412 (0.31 to 0.52) (constant 0.62), R² 0.35 on 73 pictures"
    labels = {"mean_average_precision": 0.74, "macro_f1": 0.7, "label_accuracy": 0.86, "label_accuracy_interval": None}
    line = task_line("present", {"metrics": labels})
    assert line == "  present: mean average precision 74.0 %, labels right 86.0 %, macro F1 70.0 %"
    line = task_line("present", {"metrics": labels | {"mean_average_precision_interval": [0.7, 0.78]}})
    assert line.startswith("  present: mean average precision 74.0 % (70.0 % to 78.0 %), labels")
    mask = {"mean_iou": 0.77, "mean_iou_interval": [0.7, 0.8], "pixel_accuracy": 0.91}
    line = task_line("cell_wall", {"metrics": mask, "count": 6})
    assert line == "  cell_wall: mean IoU 77.0 % (70.0 % to 80.0 %), pixels right 91.0 % on 6 pictures"


def test_scores_that_are_not_known_are_dashes():
    assert task_line("a", {"metrics": {"mae": None, "r2": None}}) == "  a: mean error –, R² –"
    assert task_line("a", {"metrics": {"mean_iou": None}}) == "  a: mean IoU –, pixels right –"
    assert task_line("a", {"metrics": {}}) == "  a: accuracy –, balanced –, macro F1 –"


def test_the_likeliest_of_a_wide_set_are_named_and_the_others_counted():
    names = [f"c{number:02}" for number in range(100)]
    shares = {name: (number + 1) / 5050 for number, name in enumerate(names)}

    def words(members):
        return answer_words("m", {"label": "c99", "confidence": 0.02, "probabilities": shares, "set": members})

    assert words(["c99"]) == "m c99 (2.0 %)"
    assert words(names[95:]) == "m c99 (2.0 %) or c98 or c97 or c96 or c95"
    assert words(names[94:]) == "m c99 (2.0 %) or c98 or c97 or c96 or c95 or 1 other"
    assert words(names) == "m c99 (2.0 %) or c98 or c97 or c96 or c95 or one of 95 others"


def test_the_largest_areas_of_many_are_named_in_order_and_the_others_summed():
    areas = {"a": 0.01, "b": 0.3, "c": 0.25, "d": 0.2, "e": 0.0, "f": 0.04, "g": 0.2}
    said = answer_words("w", {"mask": None, "areas": areas})
    assert said == "w b 30.0 % c 25.0 % d 20.0 % f 4.0 % g 20.0 % and 2 others 1.0 %"


def test_every_kind_of_answer_has_its_words():
    assert answer_words("m", {"label": "glass", "confidence": 0.93}) == "m glass (93.0 %)"
    assert answer_words("p", {"labels": ["RBC"], "probabilities": {"RBC": 0.9, "WBC": 0.1}}) == "p RBC (90.0 %)"
    assert answer_words("p", {"labels": [], "probabilities": {"RBC": 0.1}}) == "p no label"
    assert answer_words("n", {"value": 41.72, "spread": 2.1, "interval": [38.2, 45.2]}) == "n 41.7 (38.2 to 45.2)"
    assert answer_words("n", {"value": 41.72}) == "n 41.7"
    assert answer_words("n", {"value": 41.72, "unknown": True}) == "n 41.7, unlike anything in training"
    areas = {"inside": 0.79, "wall": 0.21}
    assert answer_words("w", {"mask": "out/a.png", "areas": areas}) == "w inside 79.0 % wall 21.0 % in out/a.png"
    assert answer_words("w", {"mask": None, "areas": areas}) == "w inside 79.0 % wall 21.0 %"


def test_an_epoch_tells_each_task_by_the_figure_of_its_kind():
    assert first_score({"loss": 1.0, "accuracy": 0.5, "macro_f1": 0.4}) == ["accuracy 50.0 %"]
    assert first_score({"loss": 3.0, "mae": 3.0, "r2": -0.25}) == ["R² −0.25"]
    assert first_score({"loss": 0.2, "mean_iou": 0.712}) == ["mean IoU 71.2 %"]
    assert first_score({"loss": 0.2, "mean_average_precision": None}) == []
    assert set(FIRST) == {facts.metric for facts in KINDS.values()}
    assert (told_apart("number", 0), told_apart("multi-label", 3), told_apart("mask", 2)) == (
        "a number",
        "3 labels",
        "2 classes",
    )
