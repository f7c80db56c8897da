"""What an experiment's file asks for, and what is wrong with it."""

import itertools

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.experiment.plan import parse_experiment, read_experiment


def test_lists_make_a_grid():
    runs = parse_experiment(
        {
            "seeds": [0, 1],
            "settings": {"max_minutes": 2},
            "runs": [{"trunk": ["googlenet-bn", "resnet18"], "head": ["posenet", "poselstm"]}, {"seeds": [5]}],
        }
    ).runs
    assert len(runs) == 2 * 2 * 2 + 1
    asked = itertools.product(("googlenet-bn", "resnet18"), ("posenet", "poselstm"), (0, 1))
    assert [(r.config.trunk, r.config.head, r.config.seed) for r in runs[:8]] == list(asked)
    assert runs[0].name == "trunk googlenet-bn, head posenet"
    assert (runs[8].name, runs[8].config.seed, runs[8].config.max_minutes) == ("as in [settings]", 5, 2.0)
    assert len({run.folder("") for run in runs}) == 9
    assert runs[0].folder("") != runs[0].folder("other answers")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"sedes": [1]}, "unknown 'sedes' at the top; known are scene, seeds"),
        ({"settings": {"learningrate": 1}}, r"unknown 'learningrate' in \[settings\]"),
        ({"runs": [{}, {"momentum": 0.9}]}, r"unknown 'momentum' in \[\[runs\]\] number 2"),
        ({"runs": [{"trunk": ["resnet18", "vgg"]}]}, "number 1: trunk is 'vgg'; choose one of googlenet"),
        ({"runs": [{"epochs": "three"}]}, "epochs is 'three'; it must be a whole number"),
        ({"runs": [{"compile": 1}]}, "compile is 1; it must be true or false"),
        ({"seeds": 3}, r"seeds is 3; give a list of whole numbers"),
        ({"seeds": [True]}, "seeds is"),
        ({"test_time": ["center"]}, "'center'; choose one of centre, dense"),
        ({"crops": 0}, "crops is 0"),
        ({"runs": {"trunk": "resnet18"}}, r"\[\[runs\]\] in double brackets"),
        ({"scene": 7}, "scene is 7"),
        ({"runs": [{}, {}]}, "same name and seed: 'as in"),
        ({"settings": {"epochs": "three"}}, r"^in \[settings\]: epochs is 'three'"),
        ({"settings": {"seed": 4}}, r"unknown 'seed' in \[settings\]; write `seeds = \[...\]` at the top"),
        ({"runs": [{"seed": 4}]}, r"unknown 'seed' in \[\[runs\]\] number 1; write .*known are name, seeds"),
        ({"runs": []}, "asks for no run"),
        ({"runs": [{"trunk": []}]}, "asks for no run"),
        ({"test_time": []}, r"test_time is \[\]; give at least one of centre, dense"),
        ({"test_time": ["dense", "dense"]}, "each once"),
    ],
)
def test_a_bad_file_is_named_before_the_first_run(data, words):
    with pytest.raises(WorkbookError, match=words):
        parse_experiment(data)


def test_a_byte_order_mark_of_windows_editors_does_no_harm(tmp_path):
    (tmp_path / "plan.toml").write_text("seeds = [0, 1]\n", encoding="utf-8-sig")
    assert len(read_experiment(tmp_path / "plan.toml").runs) == 2
