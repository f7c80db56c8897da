"""A student at the browser: opens notebooks from the file browser, types into cells, presses buttons, looks."""

import time
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_server import THEMES, LabServer

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
SCROLLER = f"{PANEL} .jp-WindowedPanel-outer"
WAIT_MS = 240_000  # for what is computed: seconds on an idle machine
CLICK_MS = 120_000  # for what the front end does at once

# The front end's own state. `notebook` is the one in the visible tab.
expect.set_options(timeout=CLICK_MS)
_STATE = """
    const app = window.jupyterapp;
    const panel = [...app.shell.widgets('main')].find(w => w.isVisible && w.content && w.content.widgets);
    const notebook = panel && panel.content;
"""


class LabPage:
    """One browser tab with JupyterLab. Screenshots go to `shots`."""

    def __init__(self, page: Page, server: LabServer, shots: Path):
        self.page, self.server, self.shots = page, server, shots
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.set_default_timeout(CLICK_MS)

    # Opening.

    def enter(self, path: str = "", *, workspace: str = "auto-a") -> None:
        """Load JupyterLab, as if for the first time; `path` is a notebook to open at once."""
        tree = f"/tree/{quote(path)}" if path else ""
        self.page.goto(f"{self.server.base}/lab/workspaces/{workspace}{tree}?reset&token={self.server.token}")
        self.page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell", timeout=WAIT_MS)
        expect(self.page.locator(".jp-SideBar").first).to_be_attached()

    def open_from_browser(self, name: str) -> None:
        """Double-click a notebook in the file browser."""
        files = self.page.locator(".jp-DirListing:visible")
        if not files.get_by_text(name, exact=True).count():
            files.get_by_text("notebooks", exact=True).dblclick()
        files.get_by_text(name, exact=True).dblclick()
        self.wait_until_shown(name)

    def wait_until_shown(self, name: str) -> None:
        """Until the notebook in the visible tab is `name` and its kernel is ready."""
        self.page.wait_for_function(
            "name => {" + _STATE + "return notebook && panel.context.path.endsWith(name) && panel.context.isReady "
            "&& panel.sessionContext.session && panel.sessionContext.session.kernel "
            "&& panel.sessionContext.session.kernel.status === 'idle'}",
            arg=name,
            timeout=WAIT_MS,
        )

    # State.

    def _ask(self, expression: str, argument: object = None) -> object:
        return self.page.evaluate("arg => {" + _STATE + f"return {expression}}}", argument)

    def cells(self) -> list[dict]:
        """The notebook as the front end has it: nbformat cells, with outputs."""
        return self._ask("notebook.model.toJSON().cells")

    def index_of(self, cell_id: str) -> int:
        """Which cell has this id."""
        return [cell["id"] for cell in self.cells()].index(cell_id)

    def outputs(self, cell_id: str) -> list[dict]:
        """A cell's outputs."""
        return self.cells()[self.index_of(cell_id)].get("outputs", [])

    def text_of(self, cell_id: str) -> str:
        """What a cell's outputs say, as text; of an error also its message."""
        parts = []
        for output in self.outputs(cell_id):
            data = output.get("data", {}).get("text/plain", "")
            for part in (output.get("text", ""), data, output.get("evalue", "")):
                parts.append("".join(part))
        return "\n".join(parts)

    def errors(self) -> dict[str, str]:
        """Cells that ended with an error: id -> the error's name."""
        return {
            cell["id"]: output["ename"]
            for cell in self.cells()
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        }

    # Running.

    def run_all(self) -> None:
        """Menu Run, Run All Cells; until the kernel rests."""
        self.menu("Run", "Run All Cells")
        self.wait_until_done()

    def start_cell(self, cell_id: str) -> None:
        """Click into a cell and press Shift+Enter."""
        self.cell(cell_id).locator(".cm-content").click()
        before = self._ask("notebook.widgets[arg].model.executionCount", self.index_of(cell_id))
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(
            "([index, before]) => {" + _STATE + "const m = notebook.widgets[index].model;"
            "return m.executionState === 'running' || m.executionCount !== before}",
            arg=[self.index_of(cell_id), before],
            timeout=WAIT_MS,
        )

    def run_cell(self, cell_id: str) -> None:
        """Click into a cell, press Shift+Enter, and wait until it is done."""
        self.start_cell(cell_id)
        self.wait_until_done()

    def wait_until_done(self) -> None:
        """Until no cell runs or waits any more."""
        self.page.wait_for_function(
            "() => {" + _STATE + "return panel.sessionContext.session.kernel.status === 'idle' "
            "&& notebook.widgets.every(c => c.model.type !== 'code' || c.model.executionState === 'idle')}",
            timeout=WAIT_MS,
        )

    def press_stop(self) -> None:
        """The square in the toolbar."""
        self.page.locator(f"{PANEL} .jp-NotebookPanel-toolbar [data-command='notebook:interrupt-kernel']").click()

    def restart_kernel(self) -> None:
        """Menu Kernel, Restart Kernel, and confirm."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.wait_until_shown(self._ask("panel.context.path"))

    def wait_for_text(self, cell_id: str, text: str) -> None:
        """Until a cell's outputs contain a text."""
        self.page.wait_for_function(
            "([index, text]) => {" + _STATE + "return JSON.stringify(notebook.widgets[index].model.outputs.toJSON())"
            ".includes(text)}",
            arg=[self.index_of(cell_id), text],
            timeout=WAIT_MS,
        )

    def picture(self, cell_id: str) -> str:
        """The (last) image that a cell shows; empty if there is none."""
        images = self.cell(cell_id).locator(".jp-OutputArea-output img")
        return images.last.get_attribute("src") if images.count() else ""

    def wait_for_picture(self, cell_id: str, other_than: str = "") -> None:
        """Until a cell shows an image, or another image."""
        until = time.monotonic() + WAIT_MS / 1000
        while self.picture(cell_id) in ("", other_than):
            assert time.monotonic() < until, f"no new picture in {cell_id}"
            self.page.wait_for_timeout(200)

    def switch_to(self, name: str) -> None:
        """Click on a notebook's tab."""
        self.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel").get_by_text(name, exact=True).click()
        self.wait_until_shown(name)

    def menu(self, *names: str) -> None:
        """Choose from the menu bar."""
        self.page.locator(".lm-MenuBar-itemLabel").get_by_text(names[0], exact=True).click()
        for name in names[1:]:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()

    def save(self) -> None:
        """Ctrl+S."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function("() => {" + _STATE + "return !notebook.model.dirty}")

    def shut_down_kernels(self) -> None:
        """End all kernels of the server: each of them holds PyTorch in memory."""
        headers = {"Authorization": f"token {self.server.token}"}
        api = f"{self.server.base}/api/kernels"
        for kernel in self.page.request.get(api, headers=headers).json():
            self.page.request.delete(f"{api}/{kernel['id']}", headers=headers)

    # Looking and typing.

    def cell(self, cell_id: str) -> Locator:
        """A cell, scrolled to: only cells near the view are in the page."""
        index = self.index_of(cell_id)
        self.page.evaluate(
            "index => {" + _STATE + "notebook.activeCellIndex = index; return notebook.scrollToItem(index, 'smart')}",
            index,
        )
        cell = self.page.locator(f'{PANEL} .jp-Cell[data-windowed-list-index="{index}"]')
        expect(cell).to_be_visible()
        return cell

    def type_into(self, cell_id: str, source: str) -> None:
        """Replace a cell's source, as with the clipboard."""
        self.cell(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)
        written = self._ask("notebook.widgets[arg].model.sharedModel.getSource()", self.index_of(cell_id))
        assert written == source, "the editor changed what was typed"

    def screens(self, *, max_screens: int = 60):
        """Scroll through the visible notebook, one screen at a time."""
        scroller = self.page.locator(SCROLLER).first
        top = 0
        for screen in range(max_screens):
            scroller.evaluate("(e, y) => { e.scrollTop = y }", top)
            self.page.wait_for_function(
                "() => {" + _STATE + "return [...panel.node.querySelectorAll('img')].every(i => i.complete)}"
            )
            self.page.wait_for_timeout(250)  # the windowed list puts cells in place
            yield screen
            height, view = scroller.evaluate("e => [e.scrollHeight, e.clientHeight]")
            if top + view >= height - 2:
                return
            top += view - 40

    def shot(self, name: str) -> None:
        """Keep a picture of the window."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}.png")

    def theme(self, name: str) -> None:
        """Menu Settings, Theme."""
        self.menu("Settings", "Theme", THEMES[name])
        self.page.wait_for_function(f"() => document.body.dataset.jpThemeName === '{THEMES[name]}'")

    def hide_files(self) -> None:
        """Close the file browser's side bar, for room."""
        if self.page.locator(".jp-DirListing:visible").count():
            self.page.keyboard.press("Control+b")
            expect(self.page.locator(".jp-DirListing:visible")).to_have_count(0)
