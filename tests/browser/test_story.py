"""A student's afternoon: from the first stub to the figures of notebook 06, with mistakes on the way."""

import re

import pytest

from tests.browser.lab_page import LabPage
from tests.browser.lab_server import LabServer, make_scene
from tests.support.places import ANSWERS, SOLUTIONS

CELLS = {name: source.rstrip("\n") for name, source in SOLUTIONS.items()}
UINT8_SUM = (ANSWERS / "generate_mean_image" / "wrong" / "uint8_sum.py").read_text()
SCENE = "SmallCourt"


@pytest.fixture(scope="module")
def server(clone, tmp_path_factory):
    """A small scene beside the embedded one, so that an epoch takes a second; more time than the story needs."""
    make_scene(clone / "data" / "datasets" / SCENE)
    running = LabServer(clone, tmp_path_factory.mktemp("home"), POSENET_TRAIN_MINUTES="10")
    yield running
    running.stop()


def test_a_students_afternoon(lab: LabPage, clone):
    choose_the_scene(lab, clone)
    first_todo(lab, clone)
    lab.cell("text-questions").get_by_role("link", name="02 · Transforms").click()
    lab.wait_until_shown("02_transforms.ipynb")
    lab.run_all()
    assert lab.errors() == {}
    lab.shot("story-13-transforms")
    other_todos(lab, clone)
    train_stop_and_resume(lab)
    look_at_the_result(lab)


def choose_the_scene(lab: LabPage, clone) -> None:
    lab.open_from_browser("00_start_here.ipynb")
    lab.shot("story-00-opened")
    for cell in ("imports", "choose-scene"):
        lab.run_cell(cell)
    lab.cell("choose-scene").locator("select").select_option(SCENE)
    lab.wait_for_text("choose-scene", f"'{SCENE}'")
    assert SCENE in (clone / "answers" / "scene.json").read_text()
    lab.shot("story-01-scene-chosen")


def first_todo(lab: LabPage, clone) -> None:
    todo, recorded = "generate_mean_image", clone / "answers" / "generate_mean_image.py"
    lab.open_from_browser("01_mean_image.ipynb")
    for cell in ("imports", todo, f"check_{todo}"):
        lab.run_cell(cell)
    assert "not attempted yet, so nothing is recorded" in lab.text_of(todo)
    assert "Replace that line with your own code" in lab.text_of(f"check_{todo}")
    assert not recorded.exists()
    lab.shot("story-02-not-attempted")

    lab.type_into(todo, re.sub(r"^# .*\n", "", UINT8_SUM, flags=re.MULTILINE).strip())
    lab.run_cell(todo)
    lab.run_cell(f"check_{todo}")
    assert lab.errors() == {f"check_{todo}": "CheckFailed"}
    message = lab.text_of(f"check_{todo}")
    assert "The sum overflowed" in message and "uint8" in message
    lab.shot("story-03-wrong")
    for number in (1, 2):
        lab.run_cell(f"hint_{todo}")
        assert f"Hint {number} of" in lab.text_of(f"hint_{todo}")
        lab.shot(f"story-0{3 + number}-hint")

    lab.type_into(todo, CELLS[todo])
    lab.run_cell(todo)
    lab.run_cell(f"check_{todo}")
    assert "TODO 1 is done" in lab.text_of(f"check_{todo}")
    assert lab.errors() == {} and recorded.is_file()
    lab.shot("story-06-passed")

    lab.save()
    assert "np.float64" in (clone / "notebooks" / "01_mean_image.ipynb").read_text()
    lab.restart_kernel()
    lab.run_all()
    assert lab.errors() == {}
    assert "nothing left to hint at" in lab.text_of(f"hint_{todo}")
    lab.shot("story-07-after-restart")


def other_todos(lab: LabPage, clone) -> None:
    lab.open_from_browser("04_loss.ipynb")
    for name in ("head_loss", "PoseLoss"):
        lab.type_into(name, CELLS[name])
    lab.run_all()
    assert lab.errors() == {}
    recorded = {path.stem for path in (clone / "answers").glob("*.py")}
    assert recorded == {"generate_mean_image", "head_loss", "PoseLoss"}, "practice was left out"
    lab.shot("story-20-losses")


def train_stop_and_resume(lab: LabPage) -> None:
    lab.open_from_browser("05_training.ipynb")
    for cell in ("imports", "ready", "settings", "estimate"):
        lab.run_cell(cell)
    assert "missing nothing" in lab.text_of("ready")
    lab.start_cell("train")
    lab.wait_for_picture("train")
    lab.shot("story-30-training")
    lab.press_stop()
    lab.wait_until_done()
    assert lab.errors() == {}, "the stop button ends in a sentence, not in a traceback"
    stopped = re.search(r"Stopped\. (\d+) epochs? (?:is|are) saved", lab.text_of("train"))
    assert stopped
    lab.shot("story-31-stopped")

    goal = int(stopped[1]) + 2
    settings = next(cell["source"] for cell in lab.cells() if cell["id"] == "settings")
    lab.type_into("settings", settings.replace("max_minutes=minutes", f"epochs={goal}"))
    lab.run_cell("settings")
    lab.run_cell("resume")
    assert f"complete: {goal} epochs" in lab.text_of("resume")
    for cell in ("curves", "run-folder", "checkpoint"):
        lab.run_cell(cell)
    assert lab.errors() == {}
    lab.shot("story-32-resumed")


def look_at_the_result(lab: LabPage) -> None:
    lab.open_from_browser("06_visualization.ipynb")
    lab.run_all()
    assert lab.errors() == {}
    assert "always the mean training pose" in lab.text_of("table")
    for number, cell in enumerate(("cdf", "trajectory", "best", "worst", "walk-slider", "distance")):
        picture = lab.cell(cell).locator(".jp-OutputArea-output img")
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.naturalWidth") > 300
        lab.shot(f"story-4{number}-{cell}")
