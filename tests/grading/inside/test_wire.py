"""Messages between the grader and the sandbox: bounded, and in time."""

import socket
import struct
import threading
import time

import pytest

from posenet_lib.grading.inside import wire


def test_messages_are_bounded_before_they_are_read():
    ours, theirs = socket.socketpair()
    theirs.sendall(struct.pack(">I", 2**31) + b"x")
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, time.monotonic() + 1)
    assert caught.value.kind == "large"
    theirs.close()


@pytest.mark.parametrize(
    ("data", "kind"), [(b"{", "garbled"), (b"[1]", "garbled"), (b"[" * 900, "garbled"), (b"\xff", "garbled")]
)
def test_rubbish_is_no_message(data, kind):
    ours, theirs = socket.socketpair()
    theirs.sendall(struct.pack(">I", len(data)) + data)
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, time.monotonic() + 1)
    assert caught.value.kind == kind


def test_silence_and_slow_drips_end_at_the_deadline():
    ours, theirs = socket.socketpair()
    threading.Thread(
        target=lambda: [theirs.send(byte) or time.sleep(0.05) for byte in (b"\0", b"\0", b"\1", b"\0", *[b"x"] * 5)],
        daemon=True,
    ).start()
    began = time.monotonic()
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, began + 0.3)
    assert caught.value.kind == "late" and time.monotonic() - began < 1
