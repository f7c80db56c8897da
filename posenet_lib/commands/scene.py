"""`posenet scene`: make, import and inspect scenes."""

import argparse
import json
from pathlib import Path
from typing import Any

from posenet_lib.commands import scene_align, scene_build, scene_check, scene_import
from posenet_lib.commands.options import add_command, court_seed
from posenet_lib.commands.workers import add_workers_option
from posenet_lib.scenes.scene import PRACTICE_COURT


def add_parsers(commands: Any) -> None:
    """Declare `scene render` and `scene info`, and what the modules `scene_build` to `scene_check` declare."""
    parser = commands.add_parser("scene", help="render, import or inspect a scene")
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    render = add_command(
        kinds, "render", run_render, "Render the embedded scene PracticeCourt again, or a court of your own (minutes)."
    )
    render.add_argument(
        "--out", type=Path, metavar="DIR", help="where to (default: data/PracticeCourt, or below data/datasets)"
    )
    render.add_argument("--seed", type=court_seed, default=0, metavar="N", help="which court; 0 is PracticeCourt")
    add_workers_option(render)
    render.add_argument(
        "--sequence",
        action="store_true",
        help="walks at ten photos a second in place of single photos: small, with depth, a second camera and flow",
    )

    scene_build.add_parsers(kinds)
    scene_align.add_parsers(kinds)
    scene_import.add_parsers(kinds)
    scene_check.add_parsers(kinds)

    info = add_command(
        kinds, "info", run_info, "Counts, extents and problems of a scene, and a picture of its cameras."
    )
    info.add_argument("scene", nargs="?", default=PRACTICE_COURT, metavar="DIR", help="a scene's folder or name")
    info.add_argument("--picture", type=Path, metavar="FILE.png", help="also draw the cameras")
    info.add_argument("--store", action="store_true", help="also decode the photos now, once; else training does it")
    info.add_argument("--json", action="store_true", help="print JSON")


def run_render(options: argparse.Namespace) -> None:
    """`posenet scene render`."""
    from posenet_lib.core.progress import progress_bar
    from posenet_lib.core.workspace import datasets_dir
    from posenet_lib.scenes.court_seed import practice_court_folder
    from posenet_lib.scenes.practice_court import render_scene
    from posenet_lib.scenes.practice_court.sequence import render_sequences

    name = f"court-{options.seed}" if options.seed else "PracticeCourt"
    name += "-sequence" if options.sequence else ""
    shipped = not options.seed and not options.sequence
    out = options.out or (practice_court_folder() if shipped else datasets_dir() / name)
    render = render_sequences if options.sequence else render_scene
    with progress_bar(desc="Rendering", unit="photo") as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        render(out, court_seed=options.seed, workers=options.workers, progress=show)
    print(f"Rendered {name} into {out}.")


def run_info(options: argparse.Namespace) -> None:
    """`posenet scene info`."""
    from posenet_lib.scenes.info import scene_info

    if options.picture:
        from posenet_lib.plots import check_picture, plot_cameras, save_figure

        check_picture(options.picture)
    info, scene = scene_info(options.scene)
    print(json.dumps(info.as_dict(), indent=2) if options.json else info)
    if options.store:
        for split in (scene.train, scene.test):
            split.open_store()
    if options.picture:
        save_figure(plot_cameras(scene.train.poses, scene.test.poses, unit=scene.unit), options.picture)
        if not options.json:
            print(f"Picture of the cameras: {options.picture}")
