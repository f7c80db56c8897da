"""Cameras that the mouse turns: in JupyterLab and in an exported page, without the internet."""

import nbformat
import pytest

from posenet_lib.plots import TurnableCameras
from posenet_lib.scenes.scene import load_scene
from posenet_lib.scenes.views import ground_plan
from posenet_lib.workbook.notebook_page import notebook_page
from tests.browser.lab_page import LabPage
from tests.support.places import NOTEBOOKS

EYE = "() => JSON.stringify(document.querySelector('.js-plotly-plot')._fullLayout.scene._scene.getCamera().eye)"


def turn(page) -> tuple[str, str]:
    """Where the eye was before and after a drag with the mouse."""
    plot = page.locator(".js-plotly-plot").first
    plot.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('.js-plotly-plot canvas')")
    page.wait_for_timeout(1500)  # the first drawing, without a GPU
    before, box = page.evaluate(EYE), plot.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y + 30, steps=8)
    page.mouse.up()
    page.wait_for_timeout(800)
    return before, page.evaluate(EYE)


@pytest.fixture
def exported(tmp_path):
    scene = load_scene("practice-court")
    shown = TurnableCameras(scene.train.poses, scene.test.poses, ground_plan(scene))._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data=shown)
    cell = nbformat.v4.new_code_cell("TurnableCameras(...)", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Cameras"), cell])
    path = tmp_path / "cameras.html"
    path.write_text(notebook_page(notebook, "cameras", NOTEBOOKS))
    return path


def test_they_turn_in_an_exported_page_without_the_internet(browser, exported, shots):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(exported.as_uri())
    before, after = turn(page)
    shots.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=shots / "turnable-page.png")
    assert before != after
    assert not page.locator(".turnable img").count(), "the still picture has made room"
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    context.close()


def test_without_scripts_the_still_picture_stays(browser, exported):
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(exported.as_uri())
    assert "480 training photos" in page.locator(".turnable img").get_attribute("alt")
    assert page.locator(".turnable img").is_visible()
    context.close()


def test_they_turn_in_jupyterlab(lab: LabPage):
    lab.open_from_browser("00_start_here.ipynb")
    for cell in ("imports", "scene-info", "plot-cameras"):
        lab.run_cell(cell)
    assert lab.errors() == {}
    lab.cell("plot-cameras")
    before, after = turn(lab.page)
    lab.shot("turnable-lab")
    assert before != after
