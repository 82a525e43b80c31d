"""What differs between the settings of runs, and which of them repeat one recipe."""

from workbench.core.differences import differing, flat_settings, repeat_key, repeats

TASK = {"name": "material", "source": "photos"}


def settings(split=None, **recipe):
    return {"tasks": [TASK], "recipe": recipe, "split": split or {}}


def test_only_settings_that_differ_are_named():
    runs = [settings(preset="full"), settings(epochs=3, seed=4, preset="probe"), {}]
    assert differing(runs) == ["recipe.preset", "recipe.epochs", "recipe.seed"]
    assert differing([settings(), settings(seed=0)]) == [], "what is written is what follows a default anyway"
    assert flat_settings(settings())["tasks.material.head"] == "linear"
    assert not any(key.endswith(".source") for key in flat_settings(settings()))


def test_runs_of_one_recipe_differ_in_seed_or_fold_alone():
    base = settings()
    seed, fold = settings(seed=3), settings({"folds": 3, "fold": 2})
    assert repeat_key(base) == repeat_key(seed) != repeat_key(fold)
    assert repeat_key(fold) == repeat_key(settings({"folds": 3, "fold": 1}, seed=9))
    other = {**base, "tasks": [{**TASK, "source": "elsewhere"}]}
    assert repeat_key(base) not in (repeat_key(other), repeat_key(settings(epochs=3)))
    assert [repeats(each) for each in ([base], [base, seed], [fold, settings({"folds": 3, "fold": 3}, seed=1)])] == [
        "",
        "seeds",
        "folds",
    ]
