"""The check before training and evaluating: made once for the same data, and said in a line a finding."""

import contextlib
import hashlib
import json
import time
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.core.shell import quoted
from posenet_lib.core.workspace import cache_dir
from posenet_lib.scenes.check import check_facts
from posenet_lib.scenes.check.facts import SceneFacts, read_facts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.scene import PRACTICE_COURT, find_scene

_FORMAT = 4  # raise it when the same data would get other findings
_FORGET_AFTER_S = 90 * 24 * 3600


def findings_once(name_or_folder: str | Path) -> list[Finding]:
    """As `check_scene`, from the user's cache if lists and photos are as they were then.

    Raises:
        WorkbookError: as `check_scene`.
    """
    name, folder = find_scene(name_or_folder)
    if name == PRACTICE_COURT:  # shipped, and checked by the project's own tests
        return []
    facts = read_facts(folder)
    kept = cache_dir() / "scene-checks" / f"{_fingerprint(facts)}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        return [Finding(**found) for found in json.loads(kept.read_text(encoding="utf-8"))]
    findings = check_facts(facts)
    with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
        write_text(kept, json.dumps([finding.as_dict() for finding in findings]))
        for old in kept.parent.glob("*.json"):
            if time.time() - old.stat().st_mtime > _FORGET_AFTER_S:
                old.unlink()
    return findings


def warnings_about(name_or_folder: str | Path) -> list[str]:
    """A line for each finding and one that says where to read more; nothing if all is well, or the check fails."""
    try:
        findings = findings_once(name_or_folder)
    except WorkbookError:
        return []  # whoever reads the scene says it better
    lines = [f"Warning: {found.finding} ({found.count}, first in {found.where})." for found in findings]
    more = f"posenet scene check {quoted(name_or_folder)} says why it matters and how to mend it."
    return [*lines, more] if lines else []


def _fingerprint(facts: SceneFacts) -> str:
    """Of the lists' contents, the camera's, the unit, and the photos' sizes and times."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{_FORMAT} {facts.folder.resolve()}".encode(errors="surrogateescape"))
    for of in facts.lists:
        digest.update(of.path.read_bytes())
        for row in of.rows:
            with contextlib.suppress(OSError, ValueError):
                status = row.image_path.stat()
                digest.update(f"{status.st_size} {status.st_mtime_ns} {status.st_ino}\n".encode())
    with contextlib.suppress(OSError):
        digest.update((facts.folder / INTRINSICS).read_bytes())
    digest.update(facts.unit.encode())
    return digest.hexdigest()
