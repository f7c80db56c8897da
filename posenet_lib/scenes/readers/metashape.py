"""Agisoft Metashape's (PhotoScan's) camera export in XML -> poses.

Only what is needed is kept while the file is read, and a file that declares entities is refused: they can be made to
fill the memory.
"""

import argparse
import xml.etree.ElementTree as ET
import xml.parsers.expat
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.photo_cameras import checked
from posenet_lib.scenes.readers.photo_files import Photos
from posenet_lib.scenes.readers.read_pose import Camera, Source, camera_matrix, from_camera_to_world
from posenet_lib.scenes.readers.text import number_of, numbers_of
from posenet_lib.scenes.unit import METRES, UNITS

HELP = "Turn a Metashape camera export (XML) into a scene here."
CONVENTION = (
    "Read as Metashape writes it: a camera's transform is a 4x4 matrix, camera to chunk, camera axes x right, y down, "
    "z forward; the component's (else the chunk's) rotation, translation and scale take the chunk to the world, in "
    "metres where it has a scale (else the scene counts in 'units', unless --unit gives the unit's length in metres). "
    "fx = f + b1, fy = f; cx and cy count from the photo's middle. Cameras that are not aligned or are switched off "
    "are left out and counted."
)
SOURCE = "the exported .xml"

_DISTORTION = ("k1", "k2", "k3", "k4", "p1", "p2", "b2")
_DEEPEST = 50  # elements in one another; ten are usual
_GEOCENTRIC_M = 3e6  # nobody's project is that wide: these are distances from the Earth's middle


@dataclass
class _Chunk:
    """What is kept of the first chunk."""

    sensors: dict[str, Camera | None] = field(default_factory=dict)
    components: dict[str, np.ndarray] = field(default_factory=dict)  # '' is the chunk's own
    cameras: list[dict[str, str]] = field(default_factory=list)
    scaled: bool = False  # whether a transform has a scale, so that the world's unit is the metre


def add_options(parser: argparse.ArgumentParser) -> None:
    """None beside those that all formats have."""


def read(options: argparse.Namespace) -> Source:
    """What `posenet scene import metashape` reads."""
    return read_metashape(options.source, options.photos)


def read_metashape(source: Path, photos: Path | None = None) -> Source:
    """The first chunk's aligned cameras; photos from `photos`, or beside the file.

    Raises:
        WorkbookError: the file is no such XML, a value in it is wrong, or a photo is missing.
    """
    if not source.is_file():
        raise WorkbookError(f"{source}: the .xml file itself is needed as SRC")
    chunk = _parse(source)
    found = Photos([photos] if photos else [source.parent, source.parent / "images"])
    poses, unaligned, off = [], 0, 0
    for camera in chunk.cameras:
        where = f"{source}, camera {camera.get('label', '')!r}"
        if camera.get("enabled", "1").lower() in ("0", "false"):
            off += 1
            continue
        if not camera.get("transform"):
            unaligned += 1
            continue
        in_chunk = np.array(numbers_of(camera["transform"].split(), where, "m " * 16)).reshape(4, 4)
        to_world = chunk.components.get(camera.get("component_id", ""), chunk.components.get("", np.eye(4)))
        name, photo = found.find(camera.get("label", ""), where)
        lens = chunk.sensors.get(camera.get("sensor_id", ""))
        poses.append(from_camera_to_world(name, photo, _rigid(to_world, in_chunk), where, camera=lens))
    if not poses:
        raise WorkbookError(
            f"{source}: none of its {len(chunk.cameras)} cameras is aligned; in Metashape, align the photos and use "
            "File > Export > Export Cameras, Agisoft XML"
        )
    notes = [f"{count} cameras left out, {why}." for count, why in ((unaligned, "not aligned"), (off, "switched off"))]
    notes = [note for note in notes if not note.startswith("0 ")]
    if np.nanmax(np.abs([pose.position_m for pose in poses])) > _GEOCENTRIC_M:
        notes.append(
            "Positions are geocentric (millions of metres): in Metashape, a local coordinate system is better."
        )
    return Source(poses, notes, missing=found.missing, unit=METRES if chunk.scaled else UNITS)


def _rigid(to_world: np.ndarray, in_chunk: np.ndarray) -> np.ndarray:
    """Camera to world without the scale, which moves the centre and does not stretch the camera."""
    matrix = to_world @ in_chunk
    matrix[:3, :3] /= np.cbrt(abs(np.linalg.det(to_world[:3, :3])))
    return matrix


def _parse(path: Path) -> _Chunk:
    try:
        _refuse_bombs(path)
        chunk = _Chunk()
        depth_of_chunks = 0
        for event, element in ET.iterparse(path, events=("start", "end")):
            if event == "start":
                depth_of_chunks += element.tag == "chunk"
            elif depth_of_chunks > 1:
                element.clear()
            else:
                _take(chunk, element, path)
    except (ET.ParseError, xml.parsers.expat.ExpatError, ValueError, LookupError, OverflowError) as error:
        raise WorkbookError(f"{path}: is no XML that can be read ({error})") from None
    if not chunk.cameras:
        raise WorkbookError(f"{path}: there is no <camera> in it; Metashape's own XML camera export is needed")
    return chunk


def _refuse_bombs(path: Path) -> None:
    """Entities of a document type can grow without end, and so can a tree of elements; Metashape writes neither."""

    def refuse(*_) -> None:
        raise WorkbookError(f"{path}: declares a document type (<!DOCTYPE), which Metashape's export never does")

    depth = 0

    def deeper(*_) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise WorkbookError(
                f"{path}: elements lie {depth} deep in one another, which Metashape's export never does"
            )

    def higher(*_) -> None:
        nonlocal depth
        depth -= 1

    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = deeper, higher
    with path.open("rb") as file:
        parser.ParseFile(file)


def _take(chunk: _Chunk, element: ET.Element, path: Path) -> None:
    """Keep what a finished element says, and forget the element."""
    if element.tag == "sensor":
        chunk.sensors[element.get("id", "")] = _sensor(element, f"{path}, sensor {element.get('id')}")
    elif element.tag in ("component", "chunk"):
        key = element.get("id", "") if element.tag == "component" else ""
        if (transform := element.find("transform")) is not None:
            chunk.components[key] = _similarity(transform, f"{path}, {element.tag} {key}")
            chunk.scaled |= bool(transform.findtext("scale"))
    elif element.tag == "camera" and element.get("label") is not None:
        chunk.cameras.append({**element.attrib, "transform": element.findtext("transform") or ""})
    else:
        return
    if element.tag != "chunk":
        element.clear()


def _sensor(sensor: ET.Element, where: str) -> Camera | None:
    if sensor.get("type", "frame") not in ("frame", "fisheye"):
        raise WorkbookError(f"{where}: is of the type {sensor.get('type')!r}; flat photos (frame, fisheye) are needed")
    calibrations = sensor.findall("calibration")
    if not calibrations:
        return None
    adjusted = [one for one in calibrations if one.get("class") == "adjusted"]
    calibration = (adjusted or calibrations)[-1]
    size = calibration.find("resolution")
    size = sensor.find("resolution") if size is None else size
    if size is None or calibration.find("f") is None:
        return None
    width, height = (int(number_of(size.get(side, ""), where, side)) for side in ("width", "height"))

    def value(key: str) -> float:
        return number_of(calibration.findtext(key) or "0", where, key)

    matrix = camera_matrix(value("f") + value("b1"), value("f"), width / 2 + value("cx"), height / 2 + value("cy"))
    words = " ".join(f"{key}={value(key):.4g}" for key in _DISTORTION if value(key))
    if sensor.get("type") == "fisheye":
        words = f"fisheye {words}".strip()
    return checked(Camera(matrix, (width, height), words), where)


def _similarity(transform: ET.Element, where: str) -> np.ndarray:
    """(4, 4) chunk to world: X_world = scale R X + t; what is missing changes nothing."""
    matrix = np.eye(4)
    if text := transform.findtext("rotation"):
        matrix[:3, :3] = np.array(numbers_of(text.split(), f"{where}: rotation", "r " * 9)).reshape(3, 3)
    if text := transform.findtext("scale"):
        scale = number_of(text, where, "scale")
        if not 0 < scale < np.inf:
            raise WorkbookError(f"{where}: the scale is {scale:g}; a number above 0 is needed")
        matrix[:3, :3] *= scale
    if text := transform.findtext("translation"):
        matrix[:3, 3] = numbers_of(text.split(), f"{where}: translation", "x y z")
    return matrix
