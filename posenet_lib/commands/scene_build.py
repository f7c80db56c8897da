"""`posenet scene build`, `register` and `film`: from a video or photos to a scene, and more photos into its map."""

import argparse
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, read_settings
from posenet_lib.commands.workers import add_workers_option
from posenet_lib.core.build_config import BuildConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.shell import install_command, quoted
from posenet_lib.scenes.readers.splitting import add_split_options, split_choice

_UNREGISTERED_SHOWN = 10


def add_parsers(kinds: Any) -> None:
    """Declare all three."""
    build = add_command(
        kinds,
        "build",
        run_build,
        "Film a place, and make a scene of it: structure from motion finds the pose of every photo.",
    )
    build.description += (
        f" Needs the extra: {install_command('sfm')}. A run that was stopped goes on when the command is given again."
    )
    build.add_argument("sources", nargs="+", type=Path, metavar="VIDEO|PHOTOS", help="videos and folders of photos")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make")
    build.add_argument(
        "--test",
        action="append",
        type=Path,
        metavar="VIDEO|PHOTOS",
        help="another walk: it is registered in the map of the first, and tests; may be given several times",
    )
    scale = build.add_mutually_exclusive_group()
    scale.add_argument(
        "--positions",
        type=Path,
        metavar="FILE",
        help="a table NAME X Y Z of where three photos or more were taken, in metres: the scene gets its frame",
    )
    scale.add_argument(
        "--metres",
        nargs=3,
        metavar=("A.jpg", "B.jpg", "METRES"),
        help="the distance between the cameras of two photos; without it, the scene counts in 'units'",
    )
    add_split_options(build)
    add_settings(build.add_argument_group("settings"), BuildConfig)

    register = add_command(
        kinds,
        "register",
        run_register,
        "Poses of more photos, of any camera, in the map of a scene that `posenet scene build` made.",
    )
    register.add_argument("sources", nargs="+", type=Path, metavar="PHOTOS|VIDEO", help="folders of photos and videos")
    register.add_argument("--scene", type=Path, required=True, metavar="DIR", help="the scene; its map stays as it is")
    register.add_argument("--out", type=Path, metavar="DIR2", help="folder to make (default: DIR/registered)")
    add_settings(register.add_argument_group("settings"), BuildConfig)

    film = add_command(
        kinds,
        "film",
        run_film,
        "Film a walk through the practice court: an MP4 to build from, and its true poses.",
    )
    film.add_argument("--out", type=Path, required=True, metavar="FILE.mp4", help="the video; FILE.txt gets the poses")
    film.add_argument("--walk", default="walk10", metavar="NAME", help="walk01 to walk16")
    film.add_argument("--frames", type=int, default=100, metavar="N", help="how many, at ten a second")
    add_workers_option(film)


def run_build(options: argparse.Namespace) -> None:
    """`posenet scene build`."""
    from posenet_lib.core.progress import stage_bar
    from posenet_lib.scenes.align import cameras_of
    from posenet_lib.scenes.build.build import build_scene, work_folder
    from posenet_lib.scenes.build.orient import KnownLength
    from posenet_lib.scenes.check.once import warnings_about

    known = KnownLength.parse(options.metres) if options.metres else None
    if options.positions:
        cameras_of(options.positions)  # a wrong line is said before the work, not after it
    if work_folder(options.out).is_dir():
        print(f"Going on with what {work_folder(options.out)} holds of an earlier run.")
    built = build_scene(
        options.sources,
        options.out,
        read_settings(options, BuildConfig),
        known=known,
        positions=options.positions,
        test=options.test or (),
        choice=split_choice(options),
        bar=stage_bar,
    )
    for note in built.notes:
        print(note)
    if built.test:
        _print_unregistered(built.test)
    for time in built.times:
        print(f"  {time.name:28}{time.seconds:7.1f} s{' (earlier)' if time.name in built.went_on else ''}")
    picture = _draw_map(options.out)
    for warning in warnings_about(options.out):
        print(warning)
    print(
        f"{options.out}: {built.train_count} training and {built.test_count} test photos; picture of cameras and "
        f"points: {picture}. Next: posenet scene info {quoted(options.out)}"
    )


def run_register(options: argparse.Namespace) -> None:
    """`posenet scene register`."""
    from posenet_lib.core.progress import stage_bar
    from posenet_lib.scenes.build.register_in_scene import register_in_scene

    made = register_in_scene(
        options.sources,
        options.scene,
        options.out or options.scene / "registered",
        read_settings(options, BuildConfig),
        bar=stage_bar,
    )
    for note in made.registered.notes:
        print(note)
    _print_unregistered(made.registered)
    print(
        f"{made.folder}: {len(made.registered.poses)} of "
        f"{len(made.registered.poses) + len(made.registered.unregistered)} photos have a pose in the map of "
        f"{options.scene}; they are in {made.pose_list}, in {made.unit_words}."
    )


def run_film(options: argparse.Namespace) -> None:
    """`posenet scene film`."""
    from posenet_lib.core.progress import stage_bar
    from posenet_lib.scenes.build.court_film import court_film

    if options.out.suffix.lower() != ".mp4":
        raise WorkbookError(f"--out {options.out}: the video is an MP4; a name that ends in .mp4 is needed")
    with stage_bar("rendering") as progress:
        truth = court_film(options.walk, options.frames, options.out, workers=options.workers, progress=progress)
    print(f"{options.out}: {options.frames} frames. True poses: {truth}")


def _print_unregistered(registered: Any) -> None:
    missing = registered.unregistered
    for photo in missing[:_UNREGISTERED_SHOWN]:
        print(f"No pose for {photo.source}: {photo.reason}.")
    if len(missing) > _UNREGISTERED_SHOWN:
        print(f"... and {len(missing) - _UNREGISTERED_SHOWN} more without a pose.")


def _draw_map(scene: Path) -> Path:
    from posenet_lib.plots import plot_map, save_figure
    from posenet_lib.scenes.build.built_map import read_points
    from posenet_lib.scenes.scene import load_scene

    loaded, path = load_scene(scene), scene / "cameras.png"
    points = read_points(scene)
    save_figure(plot_map(loaded.train.poses, loaded.test.poses, points.xyz, points.rgb, unit=loaded.unit), path)
    return path
