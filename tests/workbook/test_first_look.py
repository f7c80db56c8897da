"""The recorded predictions of notebook 00: they fit the scene, are good, and say where they come from."""

import re
import shutil

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook import first_look as module
from posenet_lib.workbook.first_look import first_look
from tests.support.places import ROOT

SHIPPED = ROOT / "data" / "first_look"


def test_what_is_shipped_is_a_strong_result_with_its_origin():
    look = first_look()
    summaries = look.scored.summaries
    assert len(look.predicted.position_m) == len(look.scene.test) == 96
    assert summaries["predictions"].median_position_m < summaries["mean_pose"].median_position_m / 3
    assert summaries["predictions"].median_rotation_deg < summaries["mean_pose"].median_rotation_deg / 3
    assert look.scored.notes == (), "no other convention would fit better"
    train, evaluate = look.commands
    assert train.startswith("posenet train --scene practice-court")
    assert evaluate.endswith("--predictions data/first_look/predictions.csv")
    assert train.split("--out ")[1].split()[0] == evaluate.split("--checkpoint ")[1].split()[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", look.date)
    said = " ".join(str(look).replace("\\\n", " ").split())
    assert look.machine and all(line in said for line in (train, evaluate, look.date, look.machine))
    assert max(map(len, str(look).splitlines())) <= 100, "no line is broken by the page"


def test_the_typical_photo_is_in_the_middle():
    look = first_look()
    below = (look.errors.position_m < look.errors.position_m[look.typical]).mean()
    assert below == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("broken", ["missing", "short", "photo"])
def test_what_is_wrong_with_the_files_is_said(tmp_path, monkeypatch, broken):
    folder = shutil.copytree(SHIPPED, tmp_path / "first_look")
    monkeypatch.setattr(module, "first_look_dir", lambda: folder)
    notes, table = folder / "made_by.txt", folder / "predictions.csv"
    if broken == "missing":
        notes.unlink()
        message = "made_by.txt: cannot be read"
    elif broken == "short":
        notes.write_text("posenet train\n")
        message = "has 1 lines; it takes the commands"
    else:
        table.write_text("\n".join(table.read_text().splitlines()[:-1]) + "\n")
        message = r"predictions\.csv"
    with pytest.raises(WorkbookError, match=message):
        first_look()
