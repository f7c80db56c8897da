"""An executed notebook as one HTML page that needs nothing else: no internet, pictures inside.

nbconvert's page leaves formulas to MathJax and sliders to scripts from the internet; offline, a reader would see LaTeX
source and nothing. Here formulas become MathML, which browsers draw themselves, and a slider becomes its value. The
one script is plotly.js, in pages with cameras that can be turned; without scripts, or without WebGL, the still picture
stays.
"""

import copy
import html
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from latex2mathml.converter import convert as to_mathml
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from posenet_lib.plots.turnable import PLOTLY_MIME

_WIDGET = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
_STYLE = """
body { max-width: 64rem; margin: 0 auto; overflow-wrap: anywhere; }
.jp-OutputArea-output pre, .jp-RenderedText pre { white-space: pre-wrap; }
.jp-InputPrompt, .jp-OutputPrompt { color: #595959 !important; opacity: 1 !important; }
.jp-RenderedHTMLCommon a { text-decoration: underline !important; }
.highlight .c1 { color: #326262 !important; } .highlight .ow { color: #8010cc !important; }
.highlight .mi, .highlight .mf { color: #006600 !important; }
.jp-RenderedHTMLCommon math[display="block"] { overflow-x: auto; margin: 1em 0; }
"""
_TURNABLE = """
for (const place of document.querySelectorAll('.turnable')) {
  const canvas = document.createElement('canvas');
  if (!canvas.getContext('webgl')) continue;
  const figure = JSON.parse(place.dataset.figure);
  const still = place.querySelector('img'), turned = document.createElement('div');
  turned.setAttribute('role', 'img');
  turned.setAttribute('aria-label', still.alt);
  place.append(turned);
  Plotly.newPlot(turned, figure.data, figure.layout, {responsive: true, displaylogo: false}).then(() => still.remove());
}
"""


def notebook_page(notebook: NotebookNode, title: str, folder: Path) -> str:
    """The page's HTML.

    Args:
        notebook: executed, with its outputs.
        title: of the window.
        folder: where the notebook's links to pictures start from.
    """
    exporter = _Exporter(folder)
    page, _ = exporter.from_notebook_node(_plain_outputs(notebook), {"metadata": {"name": title}})
    soup = BeautifulSoup(page, features="html.parser")
    for script in soup.find_all("script"):
        script.decompose()
    for link in soup.select('a[href$=".ipynb"]'):  # to the other notebooks' pages, which lie beside this one
        link["href"] = re.sub(r"\.ipynb$", ".html", link["href"])
    style = soup.new_tag("style")
    style.string = _STYLE
    soup.head.append(style)
    if soup.select_one(".turnable"):
        from plotly.offline import get_plotlyjs  # 4 MB of text, which only these pages need

        for code in (get_plotlyjs(), _TURNABLE):
            soup.body.append(_script(soup, code))
    return str(soup)


def _script(soup: BeautifulSoup, code: str) -> Tag:
    script = soup.new_tag("script")
    script.string = code.replace("</script", "<\\/script")
    return script


class _Renderer(IPythonRenderer):
    """Markdown with formulas as MathML, and pictures from anywhere in the repository."""

    folder: Path

    def _src_to_base64(self, src: str) -> str | None:
        return super()._src_to_base64(os.path.normpath(self.folder.name + "/" + src))

    def block_math(self, body: str) -> str:
        return to_mathml(body, display="block").replace("<math", '<math tabindex="0"', 1)  # so that keys can scroll it

    def inline_math(self, body: str) -> str:
        return to_mathml(body)


class _Exporter(HTMLExporter):
    """nbconvert's, but for Markdown."""

    def __init__(self, folder: Path):
        super().__init__()
        self._folder = folder
        self.register_filter("markdown2html", self._markdown)

    def _markdown(self, source: str) -> str:
        whole = str(self._folder.parent)
        renderer = _Renderer(escape=False, embed_images=True, path=whole, exclude_anchor_links=True)
        renderer.folder = self._folder
        return MarkdownWithMath(renderer=renderer).render(source)


def _plain_outputs(notebook: NotebookNode) -> NotebookNode:
    """A copy without widgets: their words and first pictures stay. Cameras that turn keep their data beside theirs."""
    notebook = copy.deepcopy(notebook)
    states = notebook.metadata.pop("widgets", {}).get(_STATE, {}).get("state", {})
    for cell in notebook.cells:
        kept = []
        for output in cell.get("outputs", []):
            if _WIDGET in output.get("data", {}):
                words = " ".join(_words(states, output.data[_WIDGET]["model_id"]))
                picture = output.data.get("text/html", "")
                if not words and not picture:
                    continue
                output.data = (
                    {"text/html": f"<p>{html.escape(words)}</p>{picture}"} if picture else {"text/plain": words}
                )
                output.metadata = {}
            if turned := output.get("data", {}).pop(PLOTLY_MIME, None):
                figure = html.escape(json.dumps(turned))
                output.data["text/html"] = (
                    f'<div class="turnable" data-figure="{figure}">{output.data["text/html"]}</div>'
                )
            kept.append(output)
        if "outputs" in cell:
            cell.outputs = kept
    return notebook


def _words(states: Mapping[str, Any], model_id: str) -> list[str]:
    """What a widget and those in it say: a slider its label and value, a menu its choice, a text itself."""
    state = states.get(model_id, {}).get("state", {})
    words = []
    for child in state.get("children", []):
        words += _words(states, child.removeprefix("IPY_MODEL_"))
    label, value = state.get("description", ""), state.get("value")
    if "_options_labels" in state and state.get("index") is not None:
        value = state["_options_labels"][state["index"]]
    if isinstance(value, str):  # a text's mark-up; of a picture nothing remains
        value = BeautifulSoup(value, features="html.parser").get_text().strip()
    if value not in (None, "") and (label or isinstance(value, str)):
        words.append(f"{label} {value}".strip())
    return words
