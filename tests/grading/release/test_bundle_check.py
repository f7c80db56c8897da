"""What must not be in a bundle is found."""

import zipfile

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.release import bundle_check


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("posenet_lib/notes.py", "# return (total/count).astype( np.float32 )"),
        ("tests/questions/head_loss/solution.py", "x = 1"),
        ("answers/head_loss.py", "x = 1"),
        (
            "data/notes.txt",
            "generator = torch.Generator().manual_seed(seed)  # of this run of grading\n"
            "added.append(float(wrong) - float(right)) # x",
        ),
    ],
)
def test_a_secret_in_the_bundle_is_found(name, text, tmp_path):
    spoiled = tmp_path / "bundle.zip"
    with zipfile.ZipFile(spoiled, "w") as archive:
        archive.writestr(f"posenet-workbook/{name}", text)
    with pytest.raises(WorkbookError, match="the bundle"):
        bundle_check.check_bundle(spoiled, run=False)


def test_every_reference_has_telling_lines():
    assert all(len(lines) >= 2 for lines in bundle_check.telling_lines().values())
