"""Messages between the grader and the sandbox: bounded, and in time."""

import contextlib
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
    drips = (b"\0", b"\0", b"\0", b"\5", *[b"x"] * 5)  # whole after 0.9 s: it would be "garbled"

    def drip() -> None:
        with contextlib.suppress(OSError):  # nobody listens any longer, which is right
            for byte in drips:
                time.sleep(0.1)
                theirs.send(byte)

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(wire.WireError) as caught:
        wire.receive(ours, 1000, time.monotonic() + 0.3)
    assert caught.value.kind == "late"
