"""Sliders, closed tabs, two notebooks at once, and a kernel that dies in the middle of training."""

import os
import re
import signal
import subprocess

import pytest

from tests.browser.lab_page import LabPage
from tests.browser.lab_server import POSENET, LabServer, lab_environment, make_scene
from tests.support.places import SOLUTIONS

CELLS = {name: source.rstrip("\n") for name, source in SOLUTIONS.items()}
SCENE = "SmallCourt"


@pytest.fixture(scope="module")
def server(clone, tmp_path_factory):
    """All answers are recorded, and a small scene is chosen."""
    make_scene(clone / "data" / "datasets" / SCENE)
    (clone / "answers").mkdir()
    for name, source in CELLS.items():
        (clone / "answers" / f"{name}.py").write_text(source + "\n")
    (clone / "answers" / "scene.json").write_text(f'{{"scene": "{SCENE}"}}')
    running = LabServer(clone, tmp_path_factory.mktemp("home"), POSENET_TRAIN_MINUTES="10")
    yield running
    running.stop()


def press(lab: LabPage, cell: str, key: str, slider: int = 0) -> None:
    """Move a slider with the keyboard, and wait for another picture."""
    before = lab.picture(cell)
    lab.cell(cell).locator(".noUi-handle").nth(slider).focus()
    lab.page.keyboard.press(key)
    lab.wait_for_picture(cell, other_than=before)


def test_sliders_change_the_picture_also_in_a_reopened_tab(browser, server, shots):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    lab = LabPage(context.new_page(), server, shots)
    lab.enter()
    lab.open_from_browser("02_transforms.ipynb")
    for cell in ("imports", "load-photo", "crop-sliders"):
        lab.run_cell(cell)
    first = lab.picture("crop-sliders")
    press(lab, "crop-sliders", "ArrowRight", slider=0)
    press(lab, "crop-sliders", "Home", slider=1)
    assert lab.picture("crop-sliders") != first
    lab.save()
    lab.shot("tabs-0-slider")
    lab.page.close()

    again = LabPage(context.new_page(), server, shots)
    again.enter()
    again.open_from_browser("02_transforms.ipynb")
    again.cell("crop-sliders").locator(".noUi-handle").first.wait_for()
    press(again, "crop-sliders", "End", slider=1)
    again.run_cell("toy-subtraction")  # the kernel is the same, and answers
    assert again.errors() == {}
    again.shot("tabs-1-reopened")
    again.shut_down_kernels()
    context.close()


def test_two_notebooks_do_not_disturb_each_other(lab: LabPage, clone):
    for file in (clone / "answers").glob("*.py"):
        file.unlink()
    for name, cells in (("01_mean_image", ["imports"]), ("04_loss", ["imports", "turn-about-z"])):
        lab.open_from_browser(f"{name}.ipynb")
        for cell in cells:
            lab.run_cell(cell)
    for name, todo in (("01_mean_image", "generate_mean_image"), ("04_loss", "head_loss")):
        lab.switch_to(f"{name}.ipynb")
        lab.type_into(todo, CELLS[todo])
        lab.run_cell(todo)
    for name, todo in (("01_mean_image", "generate_mean_image"), ("04_loss", "head_loss")):
        lab.switch_to(f"{name}.ipynb")
        lab.run_cell(f"check_{todo}")
        assert "is done" in lab.text_of(f"check_{todo}")
        lab.run_cell(f"hint_{todo}")
        assert f"check({todo}) has passed" in lab.text_of(f"hint_{todo}")
    for todo in ("generate_mean_image", "head_loss"):
        assert CELLS[todo].splitlines()[-1] in (clone / "answers" / f"{todo}.py").read_text()
    for name, source in CELLS.items():
        (clone / "answers" / f"{name}.py").write_text(source + "\n")


def test_a_killed_kernel_leaves_a_usable_checkpoint(lab: LabPage, clone, tmp_path):
    lab.open_from_browser("05_training.ipynb")
    for cell in ("imports", "ready"):
        lab.run_cell(cell)
    settings = next(cell["source"] for cell in lab.cells() if cell["id"] == "settings")
    lab.type_into("settings", settings + '\nimport os\nprint("process", os.getpid())')
    lab.run_cell("settings")
    process = int(re.search(r"process (\d+)", lab.text_of("settings"))[1])
    lab.start_cell("train")
    lab.wait_for_picture("train")
    os.kill(process, signal.SIGKILL)
    lab.page.get_by_text("appears to have died").wait_for()
    lab.shot("tabs-2-killed")
    run = next((clone / "runs").glob("*"))
    command = [*POSENET, "evaluate", "--scene", SCENE, "--checkpoint", str(run)]
    done = subprocess.run(
        command, cwd=clone, env=lab_environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "PoseNet" in done.stdout
