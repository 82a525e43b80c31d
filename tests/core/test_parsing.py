import pytest

from workbench.core.errors import RequestError
from workbench.core.parsing import assign, parse_project, parse_source, parse_task, unused_name, validate_project
from workbench.core.project import Project

ONE_TASK = {"tasks": [{"name": "a", "source": "b"}]}


def test_a_project_of_the_contract_is_read():
    project = parse_project(
        """
        format = 1
        name = "Waste"
        [[tasks]]
        name = "material"
        kind = "single-label"
        source = "photos/trash"
        head = "linear"
        weight = 1
        [[tasks]]
        name = "season"
        source = "/data/labels.csv"
        column = "season"
        image = "images/{id}.jpg"
        [split]
        validation = 0.2
        seed = 0
        [backbone]
        name = "mobilenet_v3_small"
        freeze = "all"
        [recipe]
        preset = "probe"
        batch_size = "auto"
        learning_rate = 1e-3
        """
    )
    assert [task.source_text for task in project.tasks] == ["photos/trash", "/data/labels.csv:season"]
    assert project.tasks[0].weight == 1.0
    assert project.recipe.learning_rate == 1e-3


@pytest.mark.parametrize(
    ("text", "named", "mended"),
    [
        ("a =", "not valid TOML", "Mend that line"),
        ("[recipe]\nepochz = 3", "recipe.epochz is not a setting", "recipe.epochs"),
        ("[recipe]\nepochs = 0", "recipe.epochs = 0", "from 1 to 10000"),
        ('[recipe]\nepochs = "ten"', "recipe.epochs = 'ten'", "a whole number"),
        ("[recipe]\nepochs = 3.5", "recipe.epochs = 3.5", "a whole number"),
        ("[recipe]\nseed = true", "recipe.seed = True", "a whole number"),
        ('[recipe]\npreset = "foo"', "recipe.preset = 'foo'", "balanced"),
        ("[split]\nvalidation = 0.6\ntest = 0.6", "nothing to train on", "Lower"),
        ('[[tasks]]\nname = "a"', "tasks.a.source is missing", "Write it"),
        ('[[tasks]]\nname = "a"\nsource = "x"\nhed = "mlp"', "tasks.a.hed", "tasks.a.head"),
        ('[[tasks]]\nname = "a"\nsource = "x"\nhead = "foo"', "tasks.a.head = 'foo'", "linear"),
        ('[[tasks]]\nname = "a"\nsource = "x"\nkind = "foo"', "tasks.a.kind = 'foo'", "single-label"),
        ('[[tasks]]\nname = "a/b"\nsource = "x"', "'a/b' cannot be a task's name", "letters"),
        ('[[tasks]]\nname="a"\nsource="x"\n[[tasks]]\nname="A"\nsource="y"', "same name", "name of its own"),
        ("colour = 3", "colour is not a setting", ""),
        ("tasks = 3", "tasks = 3", ""),
        ("format = 2", "format = 2", "Update"),
        ("[backbone]\nfreeze = -1", "backbone.freeze = -1", "or all"),
        ("[recipe]\nlearning_rate = nan", "recipe.learning_rate", ""),
    ],
)
def test_what_is_wrong_is_named_with_the_way_to_mend_it(text, named, mended):
    with pytest.raises(RequestError) as caught:
        parse_project(text)
    assert named in caught.value.text
    assert mended in caught.value.fix
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("assignment", "section", "key", "value"),
    [
        ("recipe.epochs=3", "recipe", "epochs", 3),
        ("recipe.learning_rate=auto", "recipe", "learning_rate", "auto"),
        ("recipe.learning_rate=1", "recipe", "learning_rate", 1.0),
        ("backbone.freeze=all", "backbone", "freeze", "all"),
        ("backbone.weights=file:/a=b.pt", "backbone", "weights", "file:/a=b.pt"),
        ("split.group=12", "split", "group", "12"),
    ],
)
def test_assignments_are_read_as_their_setting_wants(assignment, section, key, value):
    project = validate_project(assign(dict(ONE_TASK), [assignment]))
    assert getattr(getattr(project, section), key) == value


def test_a_task_is_addressed_by_its_name():
    data = {"tasks": [{"name": "white cells", "source": "b"}]}
    assert validate_project(assign(data, ["tasks.white cells.head=mlp"])).tasks[0].head == "mlp"


@pytest.mark.parametrize("text", ["recipe.epochs", "recipe.epoch=3", "tasks.b.head=mlp", "tasks.a.hat=3", "nonsense=1"])
def test_assignments_that_name_nothing_are_refused(text):
    with pytest.raises(RequestError):
        validate_project(assign({"tasks": [{"name": "a", "source": "b"}]}, [text]))


def test_sources(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert parse_source("photos") == {"source": str(tmp_path / "photos")}
    assert parse_source("a b.csv:cls") == {"source": str(tmp_path / "a b.csv"), "column": "cls"}
    assert parse_source("/x/A.CSV:first name")["column"] == "first name"
    for wrong in ("table.csv", "table.csv:"):
        with pytest.raises(RequestError):
            parse_source(wrong)
    with pytest.raises(RequestError):
        parse_task("photos")
    with pytest.raises(RequestError, match="--data photos is not of the form"):
        parse_task("photos", option="--data")


def test_unused_names():
    assert unused_name("trash", []) == "trash"
    assert unused_name("Trash", ["trash", "trash 2"]) == "Trash 3"
    assert unused_name("a.b/c", []) == "a b c"
    assert unused_name("...", []) == "task"


def test_written_keeps_only_what_was_asked():
    project = Project.model_validate({"tasks": [{"name": "a", "source": "b"}], "recipe": {"preset": "probe"}})
    assert project.written() == {"format": 1, "tasks": [{"name": "a", "source": "b"}], "recipe": {"preset": "probe"}}


@pytest.mark.parametrize(
    ("assignment", "place", "wanted"),
    [
        ("tasks.a.source=photos/x", ("tasks", 0, "source"), "photos/x"),
        ("backbone.weights=file:w.pt", ("backbone", "weights"), "w.pt"),
    ],
)
def test_paths_of_a_command_line_are_relative_to_the_current_folder(assignment, place, wanted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = assign({"tasks": [{"name": "a", "source": "s"}]}, [assignment])
    for key in place:
        data = data[key]
    assert data.removeprefix("file:") == str(tmp_path / wanted)
