"""A browser, or the reason why there is none; a JupyterLab for each module; a place for screenshots."""

import os
import shutil
from pathlib import Path

import pytest

SCREENSHOTS = "POSENET_SCREENSHOTS"  # a folder that keeps the tests' screenshots; else they go with pytest's own files
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # WebGL without a GPU, for cameras that turn
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """Everything here is slow: a browser, kernels, training."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def own_workspace(monkeypatch):
    """Answers and runs go into the clone's copy: what a student has, without `POSENET_WORKSPACE`."""
    monkeypatch.delenv("POSENET_WORKSPACE", raising=False)


def find_chromium(playwright) -> dict[str, str]:
    """How to start it: Debian's package, or what `playwright install chromium` brought."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return {"executable_path": found}
    if Path(playwright.chromium.executable_path).is_file():
        return {}
    pytest.skip("no browser here: `apt-get install chromium`, or `playwright install chromium`")
    return {}


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="the browser tests need Playwright: pip install -e '.[test]'"
    )
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(args=CHROMIUM_OPTIONS, **find_chromium(playwright))
        yield running
        running.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory) -> Path:
    """Where screenshots go."""
    chosen = os.environ.get(SCREENSHOTS)
    return Path(chosen).resolve() if chosen else tmp_path_factory.mktemp("screenshots")


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A student's clone, with the embedded scene's photos decoded already."""
    from tests.browser.lab_server import copy_clone

    return copy_clone(tmp_path_factory.mktemp("student") / "posenet-workbook")


@pytest.fixture(scope="module")
def server(clone, tmp_path_factory):
    """`posenet lab` on the clone; training takes seconds."""
    from tests.browser.lab_server import LabServer

    running = LabServer(clone, tmp_path_factory.mktemp("home"), POSENET_TRAIN_MINUTES="0.1")
    yield running
    running.stop()


@pytest.fixture
def lab(browser, server, shots, request):
    """JupyterLab in a window of its own, as if opened for the first time."""
    from tests.browser.lab_page import LabPage

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = LabPage(context.new_page(), server, shots)
    page.enter()
    yield page
    page.shot(f"{request.node.name}-end".replace("/", "-"))
    page.shut_down_kernels()
    context.close()
