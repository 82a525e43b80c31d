from workbench.core import catalogue
from workbench.core.parsing import project_settings, task_settings
from workbench.core.project import Project


def test_every_setting_says_what_it_is():
    for key, setting in {**project_settings(), **task_settings()}.items():
        assert setting.title, key
        assert setting.help.endswith("."), key
        assert setting.range_text(), key


def test_types_ranges_and_words_are_read_from_the_annotation():
    settings = project_settings()
    assert settings["recipe.batch_size"].type == "integer"
    assert settings["recipe.batch_size"].words == ("auto",)
    assert (settings["recipe.epochs"].minimum, settings["recipe.epochs"].maximum) == (1, 10000)
    assert settings["recipe.learning_rate"].type == "number"
    assert settings["recipe.preset"].choices == ("few-shot", "probe", "balanced", "full")
    assert settings["recipe.augment"].choices == ("none", "light", "standard", "strong")
    assert settings["backbone.freeze"].words == ("all",)
    assert settings["recipe.precision"].advanced
    assert task_settings()["class_weights"].type == "flag"


def test_every_field_of_the_project_is_a_setting():
    sections = Project.model_fields
    for name in ("split", "backbone", "recipe"):
        model = sections[name].annotation
        assert {f"{name}.{field}" for field in model.model_fields} <= set(project_settings())


def test_defaults_are_allowed_values():
    project = Project()
    follows = {"backbone.weights": catalogue.default_weights(project.backbone.name)}
    for key, setting in project_settings().items():
        section, name = key.split(".")
        assert getattr(getattr(project, section), name) == follows.get(key, setting.default)


def test_every_balancing_method_has_a_sentence():
    setting = project_settings()["recipe.balancing"]
    assert setting.choices[0] == setting.default == "equal"
    assert len(setting.choice_help) == len(setting.choices) == 10
    assert all(sentence.endswith(".") for sentence in setting.choice_help)
