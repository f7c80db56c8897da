"""Formats whose unit nobody knows become scenes that count in units; nothing of theirs is called metres."""

import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.scenes.scene import load_scene
from tests.scenes.readers import test_colmap, test_metashape, test_nerf, test_realitycapture, test_visualsfm
from tests.support.importing import put_photos


def colmap(folder):
    test_colmap.write_text(folder)
    put_photos(folder / "images", test_colmap.WALK)
    return folder


def without_scale(folder):
    scale = f"<scale>{test_metashape.SCALE}</scale>"
    return test_metashape.write(folder, test_metashape.text().replace(scale, ""))


UNKNOWN = {
    "colmap": colmap,
    "nerf": lambda folder: test_nerf.write(folder, test_nerf.document()),
    "nvm": test_visualsfm.write,
    "realitycapture": lambda folder: test_realitycapture.write(folder, test_realitycapture.rows()),
    "metashape": without_scale,
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_scene_of_unknown_scale_counts_in_units_unless_the_user_knows_it(kind, tmp_path, importing):
    source = UNKNOWN[kind](tmp_path / "walk")
    made = importing(kind, source)
    scene = load_scene(made.folder)
    assert scene.unit == "units"
    assert "Nobody knows how long the source's unit is, so the scene counts in 'units'. --unit says it" in made.output
    shutil.rmtree(made.folder)
    known = importing(kind, source, "--unit", "2")
    assert load_scene(known.folder).unit == "m"
    assert "units" not in known.output
    in_metres = load_scene(known.folder).train.poses.position_m
    np.testing.assert_allclose(in_metres, 2 * scene.train.poses.position_m, atol=1e-6)


def test_a_metashape_project_with_a_scale_is_in_metres(tmp_path, importing):
    made = importing("metashape", test_metashape.write(tmp_path / "walk", test_metashape.text()))
    assert load_scene(made.folder).unit == "m"
    assert "units" not in made.output


def test_the_file_of_a_scene_in_metres_is_in_metres(tmp_path, importing):
    """As that of King's College is, whose lists are made from it."""
    source = test_visualsfm.write(tmp_path / "walk")
    (source / "dataset_train.txt").write_text("")
    made = importing("nvm", source)
    assert load_scene(made.folder).unit == "m"
    shutil.rmtree(made.folder)
    (source / "unit.txt").write_text("units\n")
    assert load_scene(importing("nvm", source).folder).unit == "units"


@pytest.mark.parametrize("kind", ["colmap", "nvm", "nerf", "realitycapture", "metashape"])
def test_the_help_says_so(kind, capsys):
    with pytest.raises(SystemExit):
        main(["scene", "import", kind, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "the scene counts in 'units', unless --unit gives the unit's length in metres" in shown
