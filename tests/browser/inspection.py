"""What a look at the visible screen finds wrong: broken pictures, dead widgets, text that sticks out or is too pale."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.lab_page import PANEL

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# Our own words and pictures; the frame around them, and the colours of code, are JupyterLab's.
OURS = [f"{PANEL} .jp-RenderedMarkdown", f"{PANEL} .jp-OutputArea-output"]

_LOOK = """(panel) => {
    const problems = [];
    const area = document.querySelector(panel + ' .jp-WindowedPanel-outer');
    const right = area.getBoundingClientRect().right;
    for (const image of area.querySelectorAll('img')) {
        const name = image.getAttribute('alt') || image.src.slice(0, 60);
        if (image.style.display === 'none') continue;  // plotly keeps one for printing
        if (image.complete && !image.naturalWidth) problems.push('broken image: ' + name);
    }
    for (const word of ['widget model not found', 'Error displaying widget', 'Failed to load model']) {
        if (area.innerText.toLowerCase().includes(word.toLowerCase())) problems.push('widget: ' + word);
    }
    const pageWidth = document.documentElement;
    if (pageWidth.scrollWidth > pageWidth.clientWidth + 1) problems.push('the window scrolls sideways');
    if (area.scrollWidth > area.clientWidth + 1) problems.push('the notebook scrolls sideways');
    for (const widget of area.querySelectorAll('.jupyter-widgets')) {
        const place = widget.closest('.jp-OutputArea-output').getBoundingClientRect();
        if (widget.getBoundingClientRect().right > place.right + 1) problems.push('cut off: ' + widget.className);
    }
    const parts = '.jp-RenderedMarkdown *, .jp-OutputArea-output *';
    for (const part of area.querySelectorAll(parts)) {
        const box = part.getBoundingClientRect();
        if (!box.width || box.right <= right + 1) continue;
        if (part.parentElement.closest('.js-plotly-plot')) continue;  // its frame is looked at, and cuts what is inside
        let scrolls = false;
        for (let e = part.parentElement; e && e !== area; e = e.parentElement) {
            const style = getComputedStyle(e);
            if (/auto|scroll/.test(style.overflowX) && e.scrollWidth > e.clientWidth) scrolls = true;
        }
        if (!scrolls && !part.closest('mjx-assistive-mml, .jp-InternalAnchorLink'))
            problems.push('sticks out: ' + part.tagName + ' '
                + String(part.innerText || part.getAttribute('class') || '').slice(0, 50));
    }
    return problems;
}"""


def look(page: Page) -> list[str]:
    """Problems of what is in view."""
    return page.evaluate(_LOOK, PANEL)


def pale_text(page: Page) -> list[str]:
    """Text in view whose contrast with its background is below WCAG's 4.5 to 1 (3 to 1 for large text)."""
    return [
        f"pale: {node['html'][:90]} ({node['any'][0]['message'].split('.')[0]})"
        for violation in axe(page, OURS, {"runOnly": ["color-contrast"]})
        for node in violation["nodes"]
    ]


def axe(page: Page, include: list[str] | None, options: dict) -> list[dict]:
    """axe-core's violations."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    present = [selector for selector in include or [] if page.locator(selector).count()]
    if include and not present:
        return []
    context = {"include": [[selector] for selector in present]} if include else None
    found = page.evaluate("([context, options]) => axe.run(context || document, options)", [context, options])
    return found["violations"]
