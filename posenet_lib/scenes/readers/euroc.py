"""EuRoC MAV data sets (ASL format) -> poses. Source: the data set's page and Burri et al., IJRR 2016."""

import argparse
import re
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.read_pose import Camera, Source, camera_matrix, matrix_of
from posenet_lib.scenes.readers.text import all_lines, lines_of, number_of, numbers_of
from posenet_lib.scenes.readers.timestamps import TimedMatrix, TimedPhoto, add_time_option, match_by_time

HELP = "Turn an EuRoC (ASL format) sequence into a scene here."
CONVENTION = (
    "Read as the data set defines it: state_groundtruth_estimate0/data.csv has nanoseconds, the body's position in "
    "metres and its quaternion, w first, body to world; the camera is placed on the body by T_BS of its sensor.yaml "
    "(camera to body); camera axes x right, y down, z forward. Each photo gets the pose nearest in time."
)
SOURCE = "the sequence's folder, or mav0 in it"

_TRUTHS = ("state_groundtruth_estimate0", "vicon0", "mocap0")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside those that all formats have."""
    parser.add_argument("--camera", default="cam0", metavar="NAME", help="which camera's photos")
    add_time_option(parser, 0.02)


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import euroc` reads."""
    return read_euroc(options.source, options.photos, options.camera, options.max_seconds)


def read_euroc(source: Path, photos: Path | None = None, camera: str = "cam0", longest_s: float = 0.02) -> Source:
    """One camera's photos.

    Raises:
        WorkbookError: a file is missing or wrong, a photo is missing, or no photo has a pose.
    """
    root = source / "mav0" if (source / "mav0").is_dir() else source
    sensor = root / camera / "sensor.yaml"
    truth = next((root / name / "data.csv" for name in _TRUTHS if (root / name / "data.csv").is_file()), None)
    if not sensor.is_file() or truth is None:
        raise WorkbookError(
            f"{root}: {camera}/sensor.yaml, {camera}/data.csv and {_TRUTHS[0]}/data.csv are needed, and "
            f"{'the poses are' if sensor.is_file() else f'{camera}/sensor.yaml is'} missing"
        )
    values = read_flat_yaml(sensor)
    camera_to_body, lens = _extrinsics(values, sensor), _lens(values, sensor)
    found = Photos([photos] if photos else [root / camera / "data", root / camera])
    timed = []
    for number, line in lines_of(root / camera / "data.csv"):
        where, words = f"{root / camera / 'data.csv'}, line {number}", line.split(",")
        if len(words) < 2:
            raise WorkbookError(f"{where}: {line[:60]!r} is not 'timestamp [ns],filename'")
        _, path = found.find(words[1].strip(), where)
        timed.append(TimedPhoto(number_of(words[0], where, "the timestamp") / 1e9, f"{camera}/{path.name}", path))
    matrices = []
    for number, line in lines_of(truth):
        where, words = f"{truth}, line {number}", line.split(",")
        time_ns, x, y, z, qw, qx, qy, qz = numbers_of(words[:8], where, "timestamp x y z qw qx qy qz")
        to_world = matrix_of((qw, qx, qy, qz), (x, y, z), where)
        matrices.append(TimedMatrix(time_ns / 1e9, to_world @ camera_to_body, where))
    poses, notes = match_by_time(timed, matrices, longest_s, camera=lens)
    return Source(poses, notes, missing=found.missing)


def read_flat_yaml(path: Path) -> dict[str, str | list[str]]:
    """The `key: value` lines and `[lists]` of a sensor.yaml, as words; nested keys lose their parent's name.

    Raises:
        WorkbookError: a line is of another kind, or a list is not closed; nothing is guessed.
    """
    values: dict[str, str | list[str]] = {}
    key, parts = "", []
    for number, raw in all_lines(path):
        line = raw.partition("#")[0].strip()
        if not line or line.startswith(("%", "---")):
            continue
        if parts:
            if ":" in line:
                raise WorkbookError(
                    f"{path}, line {number}: {line[:60]!r} comes before the list of {key!r} is closed by ]"
                )
            parts.append(line)
        elif match := re.fullmatch(r"([A-Za-z_]\w*)\s*:\s*(.*)", line):
            key, value = match[1], match[2]
            if not value.startswith("["):
                if value and value[-1] in "]{}":
                    raise WorkbookError(f"{path}, line {number}: {line[:60]!r} is not understood; '[1, 2]' is a list")
                values[key] = value.strip("\"'")
                continue
            parts = [value]
        else:
            raise WorkbookError(f"{path}, line {number}: {line[:60]!r} is not understood; 'key: value' is expected")
        if line.endswith("]"):
            values[key] = [word for word in " ".join(parts)[1:-1].replace(",", " ").split() if word]
            parts = []
    if parts:
        raise WorkbookError(f"{path}: the list of {key!r} is not closed by ]")
    return values


def _extrinsics(values: dict, path: Path) -> np.ndarray:
    """T_BS (4, 4): the sensor's coordinates to the body's."""
    words = values.get("data")
    where = f"{path}: T_BS"
    matrix = np.array(numbers_of(words if isinstance(words, list) else [], where, "m " * 16)).reshape(4, 4)
    rotation = matrix[:3, :3]
    if not np.isfinite(matrix).all() or np.abs(rotation @ rotation.T - np.eye(3)).max() > 0.01:
        raise WorkbookError(f"{where} is no rotation with a shift, so the camera's place on the body is unknown")
    return matrix


def _lens(values: dict, path: Path) -> Camera | None:
    numbers, size = values.get("intrinsics"), values.get("resolution")
    if not isinstance(numbers, list) or not isinstance(size, list):
        return None
    fx, fy, cx, cy = numbers_of(numbers, f"{path}: intrinsics", "fu fv cu cv")
    width, height = numbers_of(size, f"{path}: resolution", "width height")
    bent = values.get("distortion_coefficients")
    words = f"{values.get('distortion_model', '')} {' '.join(bent)}"[:100] if isinstance(bent, list) else ""
    if not np.isfinite([width, height]).all():
        raise WorkbookError(f"{path}: the resolution is {width} x {height}; the photo's size in pixels is needed")
    # Kalibr's (0, 0) is the first pixel's centre.
    return checked(Camera(camera_matrix(fx, fy, cx + 0.5, cy + 0.5), (int(width), int(height)), words), str(path))
