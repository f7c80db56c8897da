"""Fetch one file over HTTP, through everything that happens on the way: cuts, stalls, busy servers, wrong answers.

pooch's own downloader begins anew after every cut. A scene has several gigabytes, so this one goes on where it stopped,
also after the program was ended.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import requests
from tqdm.auto import tqdm

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.progress import progress_bar
from posenet_lib.download.part_file import PartFile
from posenet_lib.download.responses import BUSY, DownloadError, TryAgainError, first_byte, root_cause, whole_length

_BLOCK = 1 << 16  # bytes; what a cut can lose
_LONGEST_WAIT_S = 30.0


class Patience(NamedTuple):
    """How long to wait for a server, and how often."""

    connect_s: float = 10.0
    silence_s: float = 30.0  # without a byte, the connection counts as dead
    tries: int = 6  # in a row that bring nothing; one that brings bytes starts the count again
    tries_to_reach: int = 3  # the same for a server that cannot be reached: who is offline should hear it soon
    first_wait_s: float = 1.0  # doubled after each try


class ResumingDownloader:
    """A downloader as `pooch.retrieve` takes them, which goes on where an earlier one was cut off.

    Args:
        part: where to keep what has come so far.
        size: the file's length in bytes, where it is known.
        before_writing: called with the number of bytes still to come (None: unknown) before the first is written; it
            raises if the disk is too small.
        check: called with the complete file; it raises if the bytes are wrong.
    """

    def __init__(
        self,
        part: Path,
        *,
        size: int | None = None,
        before_writing: Callable[[int | None], None] = lambda _: None,
        check: Callable[[Path], None] = lambda _: None,
        patience: Patience | None = None,
        show_progress: bool = True,
    ):
        self.part = PartFile(part)
        self.size = size
        self.before_writing, self.check = before_writing, check
        self.patience = patience or Patience()
        self.show_progress = show_progress

    def __call__(self, url: str, output_file: str, pooch: Any = None, check_only: bool = False) -> None:
        """Leave the complete, checked file at `output_file`.

        Raises:
            DownloadError: the server does not have it, cannot be reached, or sends something else.
            WorkbookError: the disk is too small.
        """
        failures, most = 0, self.part.size
        while True:
            try:
                self._transfer(url)
                break
            except TryAgainError as error:
                # More than ever: a server that knows no ranges and is cut anywhere must not keep us for ever.
                failures = 1 if self.part.size > most else failures + 1
                most = max(most, self.part.size)
                self._wait(url, error, failures)
        try:
            self.check(self.part.path)
        except WorkbookError as error:
            self.part.discard()
            raise DownloadError(f"{url}: sent wrong bytes, which were removed ({error})") from None
        self.part.finish(output_file)

    def _wait(self, url: str, error: TryAgainError, failures: int) -> None:
        if failures >= (self.patience.tries if error.reached else self.patience.tries_to_reach):
            kept = f"; {self.part.size:,} bytes are kept, run it again to go on" if self.part.size else ""
            raise DownloadError(f"{url}: {error} ({failures} tries){kept}", reached=error.reached) from None
        wait_s = self.patience.first_wait_s * 2 ** (failures - 1) if error.wait_s is None else error.wait_s
        wait_s = min(wait_s, _LONGEST_WAIT_S)
        if self.show_progress:
            tqdm.write(f"{error}; trying again in {wait_s:.0f} s")
        time.sleep(wait_s)

    def _transfer(self, url: str) -> None:
        """One request. Returns when the part is complete."""
        have = self.part.size
        headers = {"Accept-Encoding": "identity", "User-Agent": "posenet-workbook"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if self.part.validator:
                headers["If-Range"] = self.part.validator  # if the file has changed, the server sends all of it
        timeout = (self.patience.connect_s, self.patience.silence_s)
        reached = False
        try:
            with requests.get(url, headers=headers, stream=True, timeout=timeout) as response:
                reached = True
                total = self._begin(url, response, have)
                if total is None or self.part.size < total:
                    self._receive(response, total)
        except requests.ConnectTimeout:
            raise TryAgainError("the server could not be reached in time", reached=False) from None
        except requests.ReadTimeout:
            raise TryAgainError(f"the server was silent for {self.patience.silence_s:g} s") from None
        except requests.exceptions.ChunkedEncodingError:
            raise TryAgainError("the connection was cut") from None
        except requests.ConnectionError as error:
            if reached:  # a stall in the middle comes as this error, too
                raise TryAgainError("the connection was cut, or silent for too long") from None
            raise TryAgainError(f"the server could not be reached ({root_cause(error)})", reached=False) from None
        except requests.RequestException as error:  # a bad address, endless redirects
            raise DownloadError(f"{url}: {root_cause(error)}") from None
        if total is not None and self.part.size != total:
            raise TryAgainError(f"the connection was cut after {self.part.size:,} of {total:,} bytes")

    def _begin(self, url: str, response: requests.Response, have: int) -> int | None:
        """Understand the answer's head, and make the part fit to it -> the file's whole length, if it is said."""
        status, total = response.status_code, whole_length(response)
        if status in BUSY:
            asked = response.headers.get("Retry-After", "")
            raise TryAgainError(f"the server answers {status} (busy)", wait_s=float(asked) if asked.isdigit() else None)
        if status == 416:  # nothing comes after what is here: either it is complete, or it is another file's
            if total == have:
                return have
            self.part.discard()
            raise TryAgainError("the server has another file than the part that is here; starting over")
        if status not in (200, 206):
            raise DownloadError(f"{url}: the server answers {status} ({response.reason or 'no reason given'})")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise DownloadError(f"{url}: the server sends a web page in place of the file")
        if status == 200:  # from the beginning, whatever was asked for
            self.part.discard()
        elif first_byte(response) != have or self.part.total not in (None, total):
            self.part.discard()
            raise TryAgainError("the server sent another range than asked for; starting over")
        if total is not None and self.size is not None and total != self.size:
            self.part.discard()
            raise DownloadError(f"{url}: the server's file has {total:,} bytes, expected are {self.size:,}")
        total = total if total is not None else self.size
        self.before_writing(None if total is None else total - self.part.size)
        tag = response.headers.get("ETag", "")
        self.part.remember(tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified"), total)
        return total

    def _receive(self, response: requests.Response, total: int | None) -> None:
        name, have = self.part.path.name.removesuffix(".part"), self.part.size
        with (
            self.part.path.open("ab") as file,
            progress_bar(
                desc=name, initial=have, total=total, unit="B", unit_scale=True, disable=not self.show_progress
            ) as bar,
        ):
            for block in response.iter_content(_BLOCK):
                if total is not None and file.tell() + len(block) > total:
                    raise DownloadError(f"{response.url}: the server sends more than the {total:,} bytes it announced")
                try:
                    file.write(block)
                except OSError as error:
                    raise WorkbookError(f"{self.part.path}: cannot be written ({error.strerror})") from None
                bar.update(len(block))
