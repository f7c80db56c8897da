"""The known files."""

from posenet_lib.cli import main
from posenet_lib.download import KNOWN_FILES, find_known


def test_the_catalogue_agrees_with_torchvision_and_the_specification(capsys):
    from torchvision import models

    for name, weights in {
        "imagenet-googlenet": models.GoogLeNet_Weights.IMAGENET1K_V1,
        "imagenet-resnet18": models.ResNet18_Weights.IMAGENET1K_V1,
        "imagenet-resnet34": models.ResNet34_Weights.IMAGENET1K_V1,
        "imagenet-resnet50": models.ResNet50_Weights.IMAGENET1K_V1,
    }.items():
        found = find_known(name)
        assert found.addresses == (weights.url,)
        assert weights.url.endswith(f"-{found.sha256}.pth")
    places = find_known("places_googlenet.pickle")
    assert (places.size, places.sha256[:8], len(places.sha256)) == (124_794_267, "1588a1a8", 64)
    assert find_known("kings-college").addresses[0].endswith("/1810/251342/KingsCollege.zip")
    assert len({file.name for file in KNOWN_FILES}) == len(KNOWN_FILES)
    assert main(["download"]) == 0
    assert capsys.readouterr().out.count("\n") == len(KNOWN_FILES)
    assert main(["download", "KingsCollege", "atlantis"]) == 2
    assert "no known download 'atlantis'; choose one of KingsCollege" in capsys.readouterr().err
