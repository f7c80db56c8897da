"""Weight files made to harm: each is refused in words, none runs anything, none takes much memory or time."""

import contextlib
import copyreg
import io
import os
import pickle
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.weights.containers import read_tensors
from posenet_lib.weights.data_unpickler import read_pickled_data
from posenet_lib.weights.formats import as_tensor
from posenet_lib.weights.inspect import inspect_file

MARKER = "posenet-hostile-file-was-here"  # what every one of them tries to make, in the working directory
TOUCH = b"touch " + MARKER.encode()
OPEN = f"open({MARKER!r}, 'w').close()".encode()
ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"  # as Python 2 begins each array
FLOAT = b"cnumpy\ndtype\n(S'f4'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"


class Runs:
    """Pickled by Python itself: a call of anything."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def array_state(shape: bytes, dtype: bytes = FLOAT, data: bytes = b"S'abcd'\n") -> bytes:
    return b"(dS'w'\n" + ARRAY + b"(I1\n(" + shape + b"t" + dtype + b"I00\n" + data + b"tbs."


def npy(header: bytes, body: bytes = b"", version: bytes = b"\x01\x00", length: int | None = None) -> bytes:
    return b"\x93NUMPY" + version + struct.pack("<H", len(header) if length is None else length) + header + body


def object_npy(body: bytes) -> bytes:
    return npy(b"{'descr': '|O', 'fortran_order': False, 'shape': ()}\n", body)


def torch_file(thing, **how) -> bytes:
    file = io.BytesIO()
    torch.save(thing, file, **how)
    return file.getvalue()


def zip_of(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr(name, data)
    return file.getvalue()


LAUGHS = b"".join(
    b"(g%d\ng%d\ntp%d\n" % (k, k, k + 1) for k in range(100)
)  # each a pair of the one before: 2**100 leaves
EVAL = Runs(eval, OPEN.decode())

PICKLES = {
    "os.system": b"cos\nsystem\n(S'" + TOUCH + b"'\ntR.",
    "posix.system": b"cposix\nsystem\n(S'" + TOUCH + b"'\ntR.",
    "eval of Python 2": b'c__builtin__\neval\n(S"' + OPEN + b'"\ntR.',
    "eval of Python 3": pickle.dumps({"w": EVAL}),
    "exec": b"cbuiltins\nexec\n(V" + OPEN + b"\ntR.",
    "subprocess": b"csubprocess\nPopen\n((lS'touch'\naS'" + MARKER.encode() + b"'\natR.",
    "getattr, nested": b"cbuiltins\ngetattr\n(cos\npath\nS'os'\ntR.",
    "a dotted name": b"\x80\x04\x8c\x02os\x8c\x0cpath.os.open\x93(\x8c\x04" + MARKER.encode()[:4] + b"K\x41tR.",
    "a dotted name of an allowed one": b"\x80\x04\x8c\x0bcollections\x8c\x1cOrderedDict.__init__.__doc__\x93.",
    "numpy.load": b"cnumpy\nload\n(S'x.npy'\nNI01\ntR.",
    "ndarray.tofile": b"\x80\x04\x8c\x05numpy\x8c\x0endarray.tofile\x93"
    + ARRAY
    + b"S'"
    + MARKER.encode()
    + b"'\n\x86R.",
    "numpy.fromfile": b"cnumpy\nfromfile\n(S'/etc/passwd'\ntR.",
    "numpy's old test runner": b'cnumpy.testing._private.utils\nrunstring\n(S"' + OPEN + b'"\n(dtR.',
    "INST": b"(S'" + TOUCH + b"'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'" + TOUCH + b"'\no.",
    "OBJ of an allowed name": b"(cnumpy\ndtype\nS'f4'\no.",
    "NEWOBJ": b"\x80\x02csubprocess\nPopen\nS'" + TOUCH + b"'\n\x85\x81.",
    "NEWOBJ_EX": b"\x80\x04csubprocess\nPopen\n)}\x92.",
    "BUILD with __setstate__": b"ccollections\nOrderedDict\n)R}S'__setstate__'\ncos\nsystem\nsbS'" + TOUCH + b"'\nb.",
    "BUILD on a type": b"cnumpy\ndtype\n}S'set_state'\nI1\nsb.",
    "BUILD on a list": b"(l}S'x'\nI1\nsb.",
    "calling numpy.ndarray": b"cnumpy\nndarray\n(I9\ntR.",
    "calling a text": b"S'print'\n(S'x'\ntR.",
    "PERSID": b"Pos.system\n.",
    "BINPERSID": b"S'x'\nQ.",
    "EXT1": b"\x80\x02\x82\xf0(S'" + TOUCH + b"'\ntR.",
    "EXT2": b"\x80\x02\x83\xf0\x00(S'" + TOUCH + b"'\ntR.",
    "EXT4": b"\x80\x02\x84\xf0\x00\x00\x00(S'" + TOUCH + b"'\ntR.",
    "copyreg": b"ccopy_reg\n_reconstructor\n(cos\nsystem\nc__builtin__\nobject\nNtR.",
    "codecs.decode": b"c_codecs\ndecode\n(S'x'\nS'zlib'\ntR.",
    "codecs.encode of another kind": b"c_codecs\nencode\n(VAAAA\nVidna\ntR.",
    "laughs as a key": b"(dp999\nI0\np0\n0" + LAUGHS + b"0g999\ng100\nI1\ns.",
    "laughs as an OrderedDict's key": b"I0\np0\n0" + LAUGHS + b"0ccollections\nOrderedDict\n((l(lg100\naI1\naatR.",
    "laughs as the result": b"I0\np0\n" + LAUGHS + b".",
    "a dictionary in itself": b"(dp0\nS'a'\ng0\nsS'b'\ng0\ns.",
    "two million steps": b"\x80\x02" + b"N0" * 1_000_000 + b"N.",
    "200,000 nested lists": b"\x80\x02" + b"]" * 150_000 + b"a" * 149_999 + b".",
    "a dictionary of 2,000 entries": b"(d" + b"".join(b"I%d\nNs" % k for k in range(2_000)) + b".",
    "a set": b"\x80\x04\x8f(K\x01\x90.",
    "a frozenset": b"\x80\x04(K\x01\x91.",
    "a bytearray of 2**50 bytes": b"\x80\x05\x96" + struct.pack("<Q", 2**50) + b".",
    "bytes of 2**50": b"\x80\x04\x8e" + struct.pack("<Q", 2**50) + b".",
    "a text of 2**50": b"\x80\x04\x8d" + struct.pack("<Q", 2**50) + b".",
    "a frame of 2**50": b"\x80\x04\x95" + struct.pack("<Q", 2**50) + b"N.",
    "an integer of 2**31 bytes": b"\x80\x02\x8b\xff\xff\xff\x7f\x01.",
    "an integer of 10**6 digits": b"I" + b"9" * 10**6 + b"\n.",
    "a memo of 2**31 places": b"\x80\x02Nr\xff\xff\xff\x7f.",
    "an out-of-band buffer": b"\x80\x05\x97\x98.",
    "an array of 4 TB": b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I1000000000000\ntS'b'\ntR.",
    "an array of another class": b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\ndtype\n(I0\ntS'b'\ntR.",
    "an array that claims 2**40 numbers": array_state(b"I1099511627776\n"),
    "an array whose size overflows to 4": array_state(b"I4294967296\nI4294967296\nI1\n"),
    "an array of -1 numbers": array_state(b"I-1\n"),
    "an array of 33 dimensions": array_state(b"I1\n" * 33),
    "an array of objects": array_state(b"I1\n", b"cnumpy\ndtype\n(S'O8'\nI0\nI1\ntR", b"(lNa"),
    "an array of records": array_state(b"I1\n", b"cnumpy\ndtype\n(S'V4'\nI0\nI1\ntR"),
    "an array of texts": array_state(b"I1\n", b"cnumpy\ndtype\n(S'U1'\nI0\nI1\ntR"),
    "an array of 2 GB items": array_state(b"I1\n", b"cnumpy\ndtype\n(S'S2147483647'\nI0\nI1\ntR"),
    "a dtype from a list": array_state(b"I1\n", b"cnumpy\ndtype\n((l(S'a'\nS'O'\ntaI0\nI1\ntR"),
    "a dtype in place of an array": b"(dS'w'\n" + FLOAT + b"s.",
    "no dictionary": b"(lI1\na.",
    "an empty stack": b"\x80\x02.",
    "a value that was never kept": b"\x80\x02h\x07.",
    "no mark": b"\x80\x02t.",
    "cut off": array_state(b"I1\n")[:-20],
    "another protocol": b"\x80\x63N.",
}
HUGE = b"{'descr': '%b', 'fortran_order': False, 'shape': (1152921504606846976,)}\n"
LYING = b'{"w":{"dtype":"F32","shape":[4294967296],"data_offsets":[0,4]}}'
OTHERS = {
    "pickle in npy: os.system.npy": object_npy(PICKLES["os.system"]),
    "pickle in npy: eval.npy": object_npy(PICKLES["eval of Python 3"]),
    "pickle in npy of numbers.npy": npy(
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}\n", PICKLES["os.system"]
    ),
    "npy of 2**60 objects.npy": npy(
        b"{'descr': '|O', 'fortran_order': False, 'shape': (1152921504606846976,)}\n", b"N."
    ),
    "npy of 2**60 numbers.npy": npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976,)}\n"),
    "program in the header.npy": npy(b"__import__('os').system('" + TOUCH + b"')\n"),
    "program in the header's shape.npy": npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (" + OPEN + b",)}\n"),
    "header of brackets.npy": npy(b"(" * 900),
    "header of 60 kB.npy": npy(b"[" * 60_000 + b"]" * 5_000),
    "header that is longer than the file.npy": npy(b"{", length=65_000),
    "version 9.npy": npy(b"{}", version=b"\x09\x00"),
    "object in an npy's object.npy": object_npy(b"\x80\x02]."),
    "PyTorch file with a call.pickle": torch_file({"w": EVAL}),
    "old PyTorch file with a call.pth": torch_file({"w": EVAL}, _use_new_zipfile_serialization=False),
    "a whole module.pth": torch_file(torch.nn.Linear(2, 2)),
    "a tensor of 2**40 numbers in 4 bytes.pth": torch_file({"trunk.w": torch.zeros(1).expand(2**20, 2**20)}),
    "a sparse tensor.pth": torch_file({"trunk.w": torch.zeros(2, 2).to_sparse()}),
    "zip of a pickle.pth": zip_of("archive/data.pkl", PICKLES["os.system"]),
    "zip of a pickle.npz": zip_of("w.npy", object_npy(PICKLES["os.system"])),
    "safetensors that lies.safetensors": struct.pack("<Q", len(LYING)) + LYING + b"abcd",
    "safetensors with a long header.safetensors": struct.pack("<Q", 2**60) + b"{}",
    "cut-off PyTorch file.pth": torch_file({"w": torch.zeros(100)})[:300],
    "gzip.pickle": b"\x1f\x8b\x08\x00" + bytes(50),
    "empty.pickle": b"",
}
# Read as the harmless data that they are: what claims to be large is not there.
HARMLESS = {f"{name}.pickle" for name in ("laughs as the result", "a dictionary in itself", "no dictionary")}
HARMLESS |= {"a dtype in place of an array.pickle"}
FILES = {f"{name}.pickle": data for name, data in PICKLES.items()} | OTHERS


@pytest.fixture(autouse=True, scope="module")
def extension():
    """A pickle may also name what the process has registered."""
    copyreg.add_extension("os", "system", 0xF0)
    yield
    copyreg.remove_extension("os", "system", 0xF0)


@pytest.mark.filterwarnings("ignore:Validating sparse tensor")
@pytest.mark.parametrize("name", FILES)
def test_refused_and_nothing_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.write_bytes(FILES[name])
    tracemalloc.start()
    try:
        with pytest.raises(WorkbookError) as refused:
            read_tensors(path)
        if name.removesuffix(".pickle") in PICKLES:  # the machine itself, too, for those that do not look like a pickle
            with contextlib.suppress(WorkbookError):
                assert read_pickled_data(path) is None or name in HARMLESS
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert name in str(refused.value)
    assert len(str(refused.value)) < 500 + len(str(path))
    assert os.listdir(tmp_path) == [name]
    assert peak < 40e6


@pytest.mark.parametrize("name", ["os.system.pickle", "laughs as a key.pickle", "pickle in npy: os.system.npy"])
def test_inspecting_is_no_way_in_either(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(FILES[name])
    with pytest.raises(WorkbookError, match="refused"):
        inspect_file(tmp_path / name)
    assert os.listdir(tmp_path) == [name]


def test_some_of_them_do_harm_where_pickle_is_used(tmp_path, monkeypatch):
    """The files are no straw men: Python's own reader runs them."""
    for name in ("os.system", "eval of Python 3", "exec", "INST", "OBJ", "EXT1"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        pickle.loads(PICKLES[name])
        assert os.listdir(folder) == [MARKER], name


def test_data_is_read_whoever_wrote_it(tmp_path):
    weights = {"conv1_0": np.arange(6, dtype=np.float32).reshape(2, 3), "conv1_1": np.array([1.5, -2], np.float64)}
    for protocol in range(5):
        (tmp_path / "w.pickle").write_bytes(pickle.dumps(weights, protocol))
        for name, array in read_tensors(tmp_path / "w.pickle").items():
            np.testing.assert_array_equal(array, weights[name])
    weights["conv1_0"] = np.asfortranarray(weights["conv1_0"]).astype(">f4")
    (tmp_path / "w.pickle").write_bytes(pickle.dumps(weights))
    found = read_tensors(tmp_path / "w.pickle")["conv1_0"]
    np.testing.assert_array_equal(as_tensor(tmp_path, "conv1_0", found).numpy(), weights["conv1_0"])
    np.save(tmp_path / "w.npy", {"conv1": {"weights": weights["conv1_0"]}}, allow_pickle=True)
    np.testing.assert_array_equal(read_tensors(tmp_path / "w.npy")["conv1/weights"], weights["conv1_0"])
