"""Messages between the grader and what it starts: JSON with a length in front, over one Unix socket pair.

JSON, because what comes from a student's process is only data; a length, because the reader has to know how much it
will take before it takes it; a socket pair, because it leaves no port, no file and no name that anybody else could use.
"""

import json
import socket
import struct
import time
from typing import Any

_LENGTH = struct.Struct(">I")


class WireError(Exception):
    """What came is no message: the other side is dead (`closed`), silent (`late`), or sends rubbish."""

    def __init__(self, kind: str):
        super().__init__(kind)
        self.kind = kind


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message whole."""
    data = json.dumps(message).encode()
    connection.sendall(_LENGTH.pack(len(data)) + data)


def receive(connection: socket.socket, limit: int, deadline: float | None = None) -> dict[str, Any]:
    """Receive one message of at most `limit` bytes before `deadline` (on the monotonic clock).

    Raises:
        WireError: closed, late, or no message of that size. A length that is too large is refused before it is read.
    """
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, deadline))
    if length > limit:
        raise WireError("large")
    try:
        message = json.loads(_exactly(connection, length, deadline))
    except (ValueError, RecursionError):
        raise WireError("garbled") from None
    if not isinstance(message, dict):
        raise WireError("garbled")
    return message


def _exactly(connection: socket.socket, count: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise WireError("late")
            connection.settimeout(left)
        try:
            part = connection.recv(min(count - len(data), 65536))
        except TimeoutError:
            raise WireError("late") from None
        except OSError:
            part = b""
        if not part:
            raise WireError("closed")
        data += part
    return bytes(data)
