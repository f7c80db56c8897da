"""Which scene the notebooks work with: chosen once, in notebook 00, and remembered in the workspace."""

import json
from pathlib import Path

from posenet_lib.core import workspace
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.scenes.scene import PRACTICE_COURT, Scene, find_scene, load_scene
from posenet_lib.workbook.feedback import say


def available_scenes() -> list[str]:
    """Names that can be chosen: the shipped scene, and every scene in data/datasets."""
    folders = sorted(workspace.datasets_dir().glob("*"))
    return [PRACTICE_COURT, *(folder.name for folder in folders if (folder / "dataset_train.txt").is_file())]


def chosen_scene() -> Scene:
    """The scene that was chosen in notebook 00; the practice court if none was, or if it is gone (then it says so).

    Raises:
        WorkbookError: the scene is there, but its lists have bad lines.
    """
    name = _remembered()
    if name is None:
        return load_scene(PRACTICE_COURT)
    try:
        find_scene(name)
    except WorkbookError:
        say(f"The scene {name!r}, chosen in notebook 00, is not here any more. Working with {PRACTICE_COURT} instead.")
        name = PRACTICE_COURT
    return load_scene(name)


def remember_scene(name: str) -> None:
    """Make `name` the scene of all notebooks.

    Raises:
        WorkbookError: there is no such scene.
    """
    find_scene(name)
    write_text(_file(), json.dumps({"scene": name}) + "\n")


def choose_scene() -> None:
    """Show a menu of the scenes; what is chosen there is remembered at once."""
    import ipywidgets
    from IPython.display import display

    names = available_scenes()
    remembered = _remembered()
    menu = ipywidgets.Dropdown(
        options=names,
        value=remembered if remembered in names else PRACTICE_COURT,
        description="Scene:",
        layout={"max_width": "calc(100% - 4px)"},  # a narrow window; widgets have a margin of 2
    )
    display(menu)
    line = display(_sentence(menu.value), display_id=True)

    def choose(change: dict) -> None:
        try:
            remember_scene(change["new"])
        except (OSError, WorkbookError) as error:
            line.update(_Text(f"The choice could not be saved ({error})."))
        else:
            line.update(_sentence(change["new"]))

    menu.observe(choose, names="value")


class _Text(str):
    """A string that displays without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _sentence(name: str) -> _Text:
    return _Text(f"The notebooks work with the scene {name!r}. After a change, run the cells below again.")


def _file() -> Path:
    return workspace.answers_dir() / "scene.json"


def _remembered() -> str | None:
    """A choice that cannot be read counts as none: a new one replaces it."""
    try:
        name = json.loads(_file().read_text(encoding="utf-8"))["scene"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None
