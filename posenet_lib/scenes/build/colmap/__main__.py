"""One job: read from a line of standard input as JSON; progress and the result are lines of JSON, too."""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build.colmap import features, localize, mapping, matching, move, triangulate

JOBS: dict[str, Callable[..., Any]] = {
    "features": features.extract,
    "matches": matching.match,
    "map": mapping.reconstruct,
    "move": move.move_model,
    "localize": localize.localize,
    "triangulate": triangulate.triangulate,
}


def main() -> None:
    """Run the job. Whatever COLMAP prints itself goes to standard error, which the caller keeps as a log."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    arguments = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_caller, daemon=True).start()

    def say(message: dict) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    try:
        result = JOBS[arguments.pop("job")](
            progress=lambda done, total: say({"done": done, "total": total}), **arguments
        )
    except WorkbookError as refusal:
        say({"error": str(refusal)})
        return
    say({"result": result})


def _end_with_the_caller() -> None:
    sys.stdin.read()  # returns when the other end closes, in whatever way the caller ended
    os._exit(1)


if __name__ == "__main__":
    main()
