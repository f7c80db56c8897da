"""Weight files in the exact layout of the real ones, with random numbers: the real ones are not ours to ship.

    python -m tests.support.weight_files FOLDER

The pickle was compared byte by byte with what Python 2.7 and NumPy 1.16 write for the same arrays.
"""

import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

INCEPTION = {  # block: inputs, then 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, projection; typed in from the paper
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}
PLACES_CLASSES = 205


def places_shapes() -> dict[str, tuple[int, ...]]:
    """The 64 layers' weights in Caffe's order, OIHW and (out, in)."""
    shapes = {"conv1/7x7_s2": (64, 3, 7, 7), "conv2/3x3_reduce": (64, 64, 1, 1), "conv2/3x3": (192, 64, 3, 3)}
    for block, (inputs, one, reduce3, three, reduce5, five, projection) in INCEPTION.items():
        name = f"inception_{block}"
        shapes |= {
            f"{name}/1x1": (one, inputs, 1, 1),
            f"{name}/3x3_reduce": (reduce3, inputs, 1, 1),
            f"{name}/3x3": (three, reduce3, 3, 3),
            f"{name}/5x5_reduce": (reduce5, inputs, 1, 1),
            f"{name}/5x5": (five, reduce5, 5, 5),
            f"{name}/pool_proj": (projection, inputs, 1, 1),
        }
    for head, channels in (("loss1", 512), ("loss2", 528)):
        shapes |= {f"{head}/conv": (128, channels, 1, 1), f"{head}/fc": (1024, 2048)}
        shapes |= {f"{head}/classifier": (PLACES_CLASSES, 1024)}
    return shapes | {"loss3/classifier": (PLACES_CLASSES, 1024)}


def tensorflow_shapes() -> dict[str, tuple[int, ...]]:
    """The TensorFlow port's layers, HWIO and (in, out)."""
    caffe = places_shapes()
    names = {"conv1": "conv1/7x7_s2", "reduction2": "conv2/3x3_reduce", "conv2": "conv2/3x3"}
    for number, block in enumerate(INCEPTION, start=1):
        for ours, theirs in (
            ("reduction1", "3x3_reduce"),
            ("reduction2", "5x5_reduce"),
            ("out0", "1x1"),
            ("out1", "3x3"),
            ("out2", "5x5"),
            ("out3", "pool_proj"),
        ):
            names[f"icp{number}_{ours}"] = f"inception_{block}/{theirs}"
    names |= {"cls1_reduction_pose": "loss1/conv", "cls2_reduction_pose": "loss2/conv"}
    shapes = {name: tuple(np.array(caffe[theirs])[[2, 3, 1, 0]].tolist()) for name, theirs in names.items()}
    shapes |= {"cls1_fc1_pose": (2048, 1024), "cls2_fc1": (2048, 1024), "cls3_fc1_pose": (1024, 2048)}
    for head, features in ((1, 1024), (2, 1024), (3, 2048)):
        shapes |= {f"cls{head}_fc_pose_xyz": (features, 3), f"cls{head}_fc_pose_wpqr": (features, 4)}
    return shapes


def random_array(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Small numbers, other ones for each seed. One block is repeated: drawing 13 million takes long."""
    block = np.random.default_rng(seed).normal(scale=0.02, size=40_009).astype(np.float32)
    return np.resize(block, shape)


def places_arrays() -> dict[str, np.ndarray]:
    """The 128 arrays of places-googlenet.pickle."""
    arrays = {}
    for seed, (layer, shape) in enumerate(places_shapes().items()):
        arrays |= {f"{layer}_0": random_array(shape, seed), f"{layer}_1": random_array(shape[:1], seed + 1000)}
    return arrays


def tensorflow_arrays() -> dict[str, dict[str, np.ndarray]]:
    """The dictionary of posenet.npy."""
    return {
        layer: {"weights": random_array(shape, seed), "biases": random_array(shape[-1:], seed + 1000)}
        for seed, (layer, shape) in enumerate(tensorflow_shapes().items())
    }


def python2_pickle(arrays: dict[str, np.ndarray]) -> Iterator[bytes]:
    """What Python 2's `pickle.dump(OrderedDict(arrays), file)` writes: protocol 0."""
    count = -1

    def memo() -> bytes:
        nonlocal count
        count += 1
        return b"p%d\n" % count

    def text(value: bytes) -> bytes:
        return b"S" + repr(value)[1:].encode() + b"\n" + memo()

    yield b"ccollections\nOrderedDict\n" + memo() + b"((l" + memo()
    shared: dict[str, int] = {}  # what is written once and named by its number later
    for name, array in arrays.items():
        yield b"(l" + memo() + text(name.encode()) + b"a"
        if not shared:
            yield b"cnumpy.core.multiarray\n_reconstruct\n" + memo()
            shared["reconstruct"] = count
            yield b"(cnumpy\nndarray\n" + memo()
            shared["ndarray"] = count
            yield b"(I0\nt" + memo() + text(b"b")
            shared["b"] = count
        else:
            yield b"g%d\n(g%d\n(I0\nt" % (shared["reconstruct"], shared["ndarray"]) + memo() + b"g%d\n" % shared["b"]
        yield b"t" + memo() + b"R" + memo()
        yield b"(I1\n(" + b"".join(b"I%d\n" % size for size in array.shape) + b"t" + memo()
        if "f4" not in shared:
            yield b"cnumpy\ndtype\n" + memo() + b"(" + text(b"f4") + b"I0\nI1\nt" + memo() + b"R" + memo()
            shared["f4"] = count
            yield b"(I3\n" + text(b"<") + b"NNNI-1\nI-1\nI0\nt" + memo() + b"b"
        else:
            yield b"g%d\n" % shared["f4"]
        yield b"I00\n" + text(array.astype("<f4").tobytes()) + b"t" + memo() + b"baa"
    yield b"t" + memo() + b"R" + memo() + b"."


def python2_npy(layers: dict[str, dict[str, np.ndarray]]) -> Iterator[bytes]:
    """What Python 2's `np.save(file, layers)` writes: an object array without dimensions, protocol 2."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }"
    yield b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + header.ljust(117) + b"\n"

    def number(value: int) -> bytes:
        return b"K" + bytes([value]) if value < 256 else b"M" + struct.pack("<H", value)

    def text(value: bytes) -> bytes:
        return (b"U" + bytes([len(value)]) if len(value) < 256 else b"T" + struct.pack("<i", len(value))) + value

    def dtype(spec: bytes, order: bytes, flags: int) -> bytes:
        state = b"(K\x03" + text(order) + b"NNN" + b"J\xff\xff\xff\xff" * 2 + number(flags) + b"tb"
        return b"cnumpy\ndtype\n" + text(spec) + b"K\x00K\x01\x87R" + state

    empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    yield b"\x80\x02" + empty + b"(K\x01)" + dtype(b"O8", b"|", 63) + b"\x89]}("
    for layer, parts in layers.items():
        yield text(layer.encode()) + b"}("
        for name, array in parts.items():
            shape = b"(" + b"".join(map(number, array.shape)) + b"t"
            yield text(name.encode()) + empty + b"(K\x01" + shape + dtype(b"f4", b"<", 0) + b"\x89"
            yield text(array.astype("<f4").tobytes()) + b"tb"
        yield b"u"
    yield b"uatb."


def write(path: Path, blocks: Iterator[bytes]) -> Path:
    """Write blocks to a file."""
    with path.open("wb") as file:
        file.writelines(blocks)
    return path


def torchvision_googlenet(seed: int = 0) -> torch.nn.Module:
    """torchvision's GoogLeNet as its ImageNet weights need it, every number random."""
    from torchvision.models import googlenet

    return randomised(googlenet(weights=None, aux_logits=True, transform_input=True, init_weights=False), seed)


def randomised(model: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Batch norm as after training: its numbers all differ."""
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        if "running_var" in name or (value.dim() == 1 and name.endswith("weight")):
            value.copy_(torch.rand(value.shape, generator=generator) + 0.5)
        elif value.is_floating_point():
            value.copy_(torch.randn(value.shape, generator=generator) * (0.5 if value.dim() == 1 else 0.02))
    return model.eval()


def main() -> None:
    """Write all kinds into a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "places-googlenet.pickle", python2_pickle(places_arrays()))
    write(folder / "posenet.npy", python2_npy(tensorflow_arrays()))
    state = torchvision_googlenet().state_dict()
    torch.save(state, folder / "googlenet-random.pth", _use_new_zipfile_serialization=False)  # as files of 2018 are


if __name__ == "__main__":
    main()
