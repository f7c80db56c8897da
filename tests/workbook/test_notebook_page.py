"""Exported pages: nothing from the internet, nothing missing without it, pictures described, headings in order."""

import itertools
import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from posenet_lib.plots.turnable import PLOTLY_MIME
from posenet_lib.workbook.notebook_files import notebook_paths, read_notebook
from posenet_lib.workbook.notebook_page import notebook_page
from tests.support.places import NOTEBOOKS


@pytest.fixture(scope="module")
def pages() -> dict[str, BeautifulSoup]:
    return {
        path.stem: BeautifulSoup(notebook_page(read_notebook(path), path.stem, NOTEBOOKS), "html.parser")
        for path in notebook_paths(NOTEBOOKS)
    }


def test_pages_need_nothing_else(pages):
    for name, page in pages.items():
        assert not page.find_all("script")
        assert not page.find_all("link")
        assert all(image["src"].startswith("data:image/") for image in page.find_all("img")), name
        styles = " ".join(style.get_text() for style in page.find_all("style"))
        assert not re.findall(r"(?:url\(|@import )['\"]?https?:", styles)


def test_formulas_are_mathml(pages):
    page = pages["04_loss"]
    assert len(page.find_all("math")) >= 6
    for math in page.find_all("math"):
        assert "\\" not in math.get_text()
    assert "$" not in page.find("main").get_text().replace("$PWD", "")


def test_headings_are_in_order_and_say_something(pages):
    for name, page in pages.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1, name
        assert all(following <= level + 1 for level, following in itertools.pairwise(levels)), name


def test_links_lead_to_the_other_pages(pages):
    for page in pages.values():
        local = [a["href"] for a in page.find_all("a", href=True) if not a["href"].startswith(("http", "#"))]
        assert all((NOTEBOOKS / link.replace(".html", ".ipynb")).is_file() for link in local)


def test_cameras_that_turn_carry_their_script_and_keep_the_still_picture():
    notebook = nbformat.v4.new_notebook()
    still = '<img alt="Cameras" src="data:image/png;base64,AAAA">'
    data = {PLOTLY_MIME: {"data": [{"name": "it's </script>"}]}, "text/html": still, "text/plain": "Cameras"}
    output = nbformat.v4.new_output("display_data", data=data)
    notebook.cells = [nbformat.v4.new_code_cell("TurnableCameras()", outputs=[output])]
    page = BeautifulSoup(notebook_page(notebook, "x", NOTEBOOKS), "html.parser")
    place = page.select_one(".turnable")
    assert json.loads(place["data-figure"]) == data[PLOTLY_MIME]
    assert place.img["alt"] == "Cameras"
    library, start = page.find_all("script")
    assert len(library.string) > 1e6 and "Plotly.newPlot" in start.string
    assert not library.get("src") and "https://cdn" not in start.string
    assert PLOTLY_MIME in notebook.cells[0].outputs[0].data, "the notebook stays as it was"


def test_sliders_become_their_value():
    state = {
        "box": {"state": {"children": ["IPY_MODEL_slider", "IPY_MODEL_menu", "IPY_MODEL_label"]}},
        "slider": {"state": {"description": "top (pixels)", "value": 16}},
        "menu": {"state": {"description": "Scene:", "_options_labels": ["one", "two"], "index": 1}},
        "label": {"state": {"value": "<b>100 %</b>"}},
    }
    notebook = nbformat.v4.new_notebook()
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "box"}, "text/plain": "VBox(...)"}
    cell = nbformat.v4.new_code_cell("explore()", outputs=[nbformat.v4.new_output("display_data", data=view)])
    notebook.cells = [cell]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}
    page = BeautifulSoup(notebook_page(notebook, "x", NOTEBOOKS), "html.parser")
    assert page.select_one(".jp-OutputArea-output").get_text().strip() == "top (pixels) 16 Scene: two 100 %"
    assert "VBox" not in page.get_text()
    assert notebook.cells[0].outputs[0].data["text/plain"] == "VBox(...)", "the notebook stays as it was"

    cell.outputs[0].data["text/html"] = '<img alt="the crop" src="data:image/png;base64,AAAA">'
    page = BeautifulSoup(notebook_page(notebook, "x", NOTEBOOKS), "html.parser")
    assert page.select_one(".jp-OutputArea-output p").get_text() == "top (pixels) 16 Scene: two 100 %"
    assert page.select_one(".jp-OutputArea-output img")["alt"] == "the crop"
