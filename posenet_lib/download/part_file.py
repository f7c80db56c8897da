"""What has come of a download so far, kept over an interruption: its bytes, and which of the server's files it is."""

import json
from pathlib import Path
from typing import Any

from posenet_lib.core.files import write_text


class PartFile:
    """`NAME.part` and, beside it, `NAME.part.json`."""

    def __init__(self, path: Path):
        self.path = path
        self._notes = path.with_name(path.name + ".json")

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def validator(self) -> str | None:
        """The server's own mark of the file's version (ETag or date), for `If-Range`."""
        return self._note("validator", str)

    @property
    def total(self) -> int | None:
        """The whole file's length, if the server has said it."""
        return self._note("total", int)

    def remember(self, validator: str | None, total: int | None) -> None:
        """Note which file the bytes are of."""
        write_text(self._notes, json.dumps({"validator": validator, "total": total}))

    def discard(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def finish(self, target: str | Path) -> None:
        """The complete file gets its place."""
        self.path.replace(target)
        self._notes.unlink(missing_ok=True)

    def _note(self, name: str, kind: type) -> Any:
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        note = notes.get(name) if isinstance(notes, dict) else None
        return note if isinstance(note, kind) else None
