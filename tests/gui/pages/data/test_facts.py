from workbench.gui.pages.data.facts import corrected_line, counts_by_part, problems, shared_line, split_sentence


def entry(text, level="warning"):
    return {"level": level, "text": text, "fix": "Mend it."}


def test_problems_find_their_tasks_by_how_they_begin():
    tasks = ["material", "material 2", "a", "b and c"]
    texts = [
        "Task material: `source` is empty.",
        "material 2: 3 pictures cannot be read.",
        "a and material: twins.",
        "Bad.",
    ]
    found = problems({"problems": [entry(text) for text in texts]}, tasks)
    assert [problem.tasks for problem in found] == [("material",), ("material 2",), ("material", "a"), ()]
    assert found[1].text == "3 pictures cannot be read."
    assert found[2].text == "a and material: twins."


def test_a_name_with_and_in_it_is_still_one_task():
    found = problems({"problems": [entry("b and c: nothing.")]}, ["b", "c", "b and c"])
    assert found[0].tasks == ("b and c",)


def test_counts_are_turned_to_parts():
    task = {"parts_by_class": {"glass": {"train": 3, "validation": 1, "test": 0}, "metal": {"train": 2}}}
    assert counts_by_part(task) == {
        "train": {"glass": 3, "metal": 2},
        "validation": {"glass": 1, "metal": 0},
        "test": {"glass": 0, "metal": 0},
    }


def test_shared_pictures_are_named():
    report = {
        "tasks": {"a": {"count": 240}, "b": {"count": 240}, "c": {"count": 100}},
        "shared": {"a|b": 240, "a|c": 60, "b|c": 80},
    }
    assert shared_line(report, "a", []) == ""
    assert shared_line(report, "b", ["a"]) == "the same 240 pictures as a"
    assert shared_line(report, "c", ["a", "b"]) == "80 pictures are also in b"


def test_corrected_labels_are_counted():
    report = {
        "tasks": {"a": {"corrected": {"relabelled": 3, "aside": 1}}, "b": {"corrected": {"relabelled": 0, "aside": 2}}}
    }
    assert corrected_line(report, "a") == "3 labels corrected, 1 set aside"
    assert corrected_line(report, "b") == "2 set aside" and corrected_line(report, "c") == ""


def test_the_split_is_said_in_one_sentence():
    one = {"tasks": {"a": {"count": 1240, "parts": {"train": 992, "validation": 248, "test": 0}}}}
    assert split_sentence(one, 0.2, 0.0) == "992 pictures train the model and 248 choose its best state."
    assert "248 choose its best state" in split_sentence(one, 0.2, 0.0)
    assert split_sentence(None, 0.2, 0.1).startswith("About 70 % of the pictures train the model, 20 %")
