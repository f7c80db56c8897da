"""The pictures in img/: each has the command that makes it, its words for those who cannot see it, and its place."""

import importlib.util
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from tests.support.places import ROOT

IMG = ROOT / "img"
_spec = importlib.util.spec_from_file_location("make_figures", IMG / "make_figures.py")
make_figures = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_figures)

MARKDOWN = [ROOT / "README.md", *ROOT.glob("*/README.md"), *ROOT.glob("data/*/README.md")]
DRAWN = {function.__name__: function for function in make_figures.FIGURES}


def markdown_images() -> list[tuple[str, str, Path]]:
    """(where, alt text, file) of every image in Markdown, notebooks included."""
    texts = [(path, path.read_text()) for path in MARKDOWN]
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        texts += [(path, cell.source) for cell in cells if cell.cell_type == "markdown"]
    return [
        (path.name, alt, (path.parent / target).resolve())
        for path, text in texts
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text)
        if not target.startswith("http")
    ]


def test_every_picture_has_the_command_that_makes_it():
    made = set(DRAWN) | set(make_figures.RESULTS)
    assert {path.stem for path in IMG.glob("*.png")} == made


def test_every_picture_is_used_and_every_used_one_is_here():
    used = {file for _, _, file in markdown_images()}
    assert [file for file in used if not file.is_file()] == []
    assert {file.name for file in used if file.parent == IMG} == {path.name for path in IMG.glob("*.png")}


def test_every_picture_is_described():
    short = [(where, alt) for where, alt, _ in markdown_images() if len(alt.split()) < 8]
    assert not short, "an alternative text says what the picture shows"


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_pictures_are_up_to_date(name, tmp_path):
    make_figures.save(DRAWN[name](), tmp_path / "fresh.png")
    kept, fresh = (Image.open(path).convert("RGB") for path in (IMG / f"{name}.png", tmp_path / "fresh.png"))
    assert kept.size == fresh.size, "run `python img/make_figures.py`"
    # Another version of Matplotlib or FreeType moves edges by a pixel; another picture differs in many.
    difference = np.abs(np.asarray(kept, dtype=int) - np.asarray(fresh, dtype=int)).max(axis=2)
    assert (difference > 64).mean() < 0.01, "run `python img/make_figures.py`"


def test_readme_opens_with_results_of_a_walkthrough():
    from posenet_lib.workbook import walkthrough_page

    source = Path(walkthrough_page.__file__).read_text()
    for name, figure in make_figures.RESULTS.items():
        assert f'"{figure}"' in source, f"`posenet walkthrough` leaves no figure {figure} for img/{name}.png"
        assert min(Image.open(IMG / f"{name}.png").size) >= 400
    pictures = [file.stem for where, _, file in markdown_images() if where == "README.md" and file.parent == IMG]
    assert set(pictures[: len(make_figures.RESULTS)]) == set(make_figures.RESULTS)


def luminance(rgb: np.ndarray) -> float:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_text_in_drawn_pictures_has_enough_contrast():
    from matplotlib.colors import to_rgb

    for fill in make_figures.EDGE:
        assert (luminance(np.array(to_rgb(fill))) + 0.05) / 0.05 > 7  # black text on the boxes
    for colour in ("#0072B2", "#B84E00", "#00795A", "#7a5100", "#444444", "#555555"):
        assert 1.05 / (luminance(np.array(to_rgb(colour))) + 0.05) > 4.5  # coloured text on white
