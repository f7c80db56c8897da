"""Exported pages in a browser without the internet: complete, readable, and without what axe-core objects to."""

import shutil

import pytest
from nbclient import NotebookClient

from posenet_lib.workbook.notebook_files import fill_answers, notebook_paths, read_notebook
from posenet_lib.workbook.notebook_page import notebook_page
from tests.browser.inspection import axe
from tests.support.places import ROOT, SOLUTIONS

EXECUTED = (
    "01_mean_image",
    "02_transforms",
)  # the quick ones, with every kind of output; the others as they are stored


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every notebook as a page, two of them executed; and a page of results."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSENET_WORKSPACE", str(folder / "workspace"))
        for path in notebook_paths(ROOT / "notebooks"):
            notebook = read_notebook(path)
            if path.stem in EXECUTED:
                fill_answers(notebook, SOLUTIONS)
                NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
            (folder / f"{path.stem}.html").write_text(notebook_page(notebook, path.stem, path.parent))
    return folder


@pytest.fixture
def page(browser):
    """A window without network that notes what would have been fetched."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    context.close()


def check(page, path, shots) -> list[str]:
    """What is wrong with a page, at two widths."""
    page.goto(path.as_uri())
    problems = [f"asks for {url[:80]}" for url in page.asked if not url.startswith(("file:", "data:"))]
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
            problems.append(f"scrolls sideways at {width}")
        page.screenshot(path=shots / f"page-{path.stem}-{width}.png", full_page=True)
    for image in page.locator("img").all():
        if not image.evaluate("image => image.complete && image.naturalWidth"):
            problems.append(f"broken image: {image.get_attribute('alt')}")
        if "No description" in (image.get_attribute("alt") or "No description"):
            problems.append(f"image without description: {image.get_attribute('src')[:40]}")
    for violation in axe(page, None, {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}):
        problems += [f"{violation['id']}: {node['html'][:120]}" for node in violation["nodes"][:3]]
    return problems


@pytest.mark.parametrize("name", [path.stem for path in notebook_paths(ROOT / "notebooks")])
def test_a_notebooks_page(page, pages, shots, name):
    shots.mkdir(parents=True, exist_ok=True)
    assert check(page, pages / f"{name}.html", shots) == []


def test_the_page_of_results(page, pages, shots):
    from posenet_lib.workbook import walkthrough_page

    shots.mkdir(parents=True, exist_ok=True)
    folder = pages / "results"
    folder.mkdir()
    shutil.copyfile(ROOT / "img" / "result.png", folder / "result.png")
    methods = list(walkthrough_page.METHOD_TITLES.values())
    text = walkthrough_page._PAGE.format(
        scene="practice-court",
        count=96,
        answers="the reference answers",
        minutes="8 minutes",
        device="CPU with 2 cores, bf16",
        unit="m",
        rows="\n".join(f"<tr><td>{method}</td><td>1.00</td><td>10.00</td></tr>" for method in methods),
        figures='<figure><img src="result.png" alt="A photo beside a view"><figcaption>Both.</figcaption></figure>',
        expectations="<p>Expectations: 70 of 70 came true.</p>",
        notebooks='<li><a href="notebooks/00_start_here.html">00_start_here</a> (6 s)</li>',
    )
    (folder / "index.html").write_text(text)
    assert check(page, folder / "index.html", shots) == []
