"""What a server's answer means: another try, another address, or a part of the file."""

import re

import requests

from posenet_lib.core.errors import WorkbookError

BUSY = (408, 425, 429, 500, 502, 503, 504)  # answers that another try may change


class DownloadError(WorkbookError):
    """This address does not give the file; another one may."""

    def __init__(self, reason: str, *, reached: bool = True):
        super().__init__(reason)
        self.reached = reached  # whether there was a server at all


class TryAgainError(Exception):
    """A cut, a stall, a busy server."""

    def __init__(self, reason: str, *, wait_s: float | None = None, reached: bool = True):
        super().__init__(reason)
        self.wait_s = wait_s  # what the server asks for
        self.reached = reached  # whether there was a server at all


def first_byte(response: requests.Response) -> int | None:
    """Where in the file a partial answer begins."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def whole_length(response: requests.Response) -> int | None:
    """Of the file, whatever part of it this answer is."""
    if response.status_code == 200:
        length = response.headers.get("Content-Length", "")
        return int(length) if length.isdigit() else None
    match = re.search(r"/(\d+)$", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def root_cause(error: BaseException) -> str:
    """The last part of a chain of wrapped errors, which says what happened."""
    reason = getattr(error.args[0], "reason", error) if error.args else error
    return str(reason).rpartition(": ")[2][:120] or type(error).__name__
