"""`posenet release`: the bundle for students, the instructors' edition, and the autograder for Gradescope.

The bundle is the repository without `tests/` (answers, hidden cells, wrong answers), CI and the instructors' pages.
"""

import contextlib
import json
import os
import re
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.core.workspace import repository_root
from posenet_lib.grading.outside.hidden_cells.question_data import all_questions, find_questions
from posenet_lib.grading.outside.policies.late_policy import read_policy
from posenet_lib.grading.release.bundle_check import check_bundle
from posenet_lib.grading.release.colab_notebook import readme_with_badges, repository_name, with_colab
from posenet_lib.grading.release.thinking import read_answers, thinking_dir, with_answers

_NOT_FOR_STUDENTS = ("tests/", ".ci/", ".github/", "notebooks/README.md")
_OF_THE_WORKBOOK = ("posenet_lib/", "notebooks/", "tests/", "data/", "img/", "pretrained_models/")
_NAMED = 8  # files in one sentence
_FOR_GRADING = (
    "posenet_lib/*", "notebooks/*", "data/PracticeCourt/*", "tests/questions/*/solution.py",
    "tests/questions/*/probes.py", "pyproject.toml", "environment.yml", "README.md", "LICENSE",
)  # fmt: skip
_NO_CLONE = (
    "{root} is no git clone, and a release is made of the files that git tracks ({said}). Release from your clone, or "
    "in this folder: git init && git add ."
)
SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when the autograder's image is built.
set -euo pipefail
apt-get update && apt-get install -y bubblewrap python3-pip
pip install uv || pip install --break-system-packages uv
export UV_PYTHON_INSTALL_DIR=/opt/python  # not in /root: students' code runs as another user and has to read it
uv venv --python 3.12 /opt/posenet
uv pip install --python /opt/posenet/bin/python --index-url https://download.pytorch.org/whl/cpu torch torchvision
uv pip install --python /opt/posenet/bin/python --editable /autograder/source/workbook
chmod -R go-rwx /autograder/source/workbook/tests  # answers and hidden tests: for root alone
if [ -f /autograder/source/workbook/policy.toml ]; then chmod go-rwx /autograder/source/workbook/policy.toml; fi
"""
RUN_AUTOGRADER = """\
#!/usr/bin/env bash
# Gradescope runs this for each submission, as root, in a container that is the sandbox.
autograder="${AUTOGRADER:-/autograder}"
posenet="${POSENET:-/opt/posenet/bin/posenet}"
work="$(mktemp -d)"  # readable for root alone, as the results are
mkdir -p "$work/class" "$autograder/results"
chmod 700 "$autograder/results"
cp -R "$autograder/submission" "$work/class/student"
cd "$autograder/source/workbook" || exit 1
options=()
if [ -f policy.toml ]; then options+=(--policy policy.toml); fi
if [ -f "$autograder/submission_metadata.json" ]; then
  options+=(--metadata "$autograder/submission_metadata.json")
fi
"$posenet" grade "$work/class" --out "$work/graded" --jobs 1 --no-sandbox "${options[@]}" > "$work/log" 2>&1
if ! cp "$work/graded/gradescope/student.json" "$autograder/results/results.json"; then
  cat "$work/log" >&2
  echo '{"score": 0, "output": "The autograder itself failed. Please tell your instructor."}' \\
    > "$autograder/results/results.json"
fi
rm -rf "$work"
"""


def release_bundle(out: Path, repo: str | None, *, check: bool = True) -> str:
    """Write the students' zip, then try it. Returns what to tell the instructor.

    Raises:
        WorkbookError: this is no git clone, the repository's name has no such form, or the bundle failed a check (and
            was removed).
    """
    files, left_out = _files(_is_for_students), _left_out(_is_for_students)
    repo = repository_name(repo, repository_root())
    with _writing(out) as archive:
        for name, path in files:
            _add(archive, f"posenet-workbook/{name}", _for_students(name, path.read_bytes(), repo))
    try:
        report = check_bundle(out, run=check)
    except WorkbookError as error:
        out.unlink(missing_ok=True)
        raise WorkbookError(f"{error}{left_out}") from None  # what is left out is often why it does not run
    return f"{out}: {len(files)} files, {out.stat().st_size / 1e6:.1f} MB. {report}{left_out}"


def release_instructors(out: Path, repo: str | None) -> str:
    """Write the instructors' edition: all files, and folded answers to the notebooks' questions to think about.

    Raises:
        WorkbookError: this is no git clone, the repository's name has no such form, there are no answers here, or they
            do not fit.
    """
    files, left_out = _files(_is_for_instructors), _left_out(_is_for_instructors)
    repo = repository_name(repo, repository_root())
    answers = {path.stem: path for path in thinking_dir().glob("*.md")}
    if not answers:
        raise WorkbookError(
            f"{thinking_dir()} holds no answers: the instructors' edition is made in an instructor's clone"
        )
    count = 0
    with _writing(out) as archive:
        for name, path in files:
            data = path.read_bytes()
            if name.startswith("notebooks/") and name.endswith(".ipynb"):
                notebook = json.loads(data)
                if path.stem in answers:
                    notebook = with_answers(notebook, answers[path.stem])
                    count += len(read_answers(answers[path.stem]))
                data = _notebook_bytes(with_colab(notebook, path.name, repo, path.parent) if repo else notebook)
            _add(archive, f"posenet-workbook-instructors/{name}", data)
    return (
        f"{out}: all files, with {count} folded answers to questions to think about "
        f"({out.stat().st_size / 1e6:.1f} MB). Keep it from students.{left_out}"
    )


def release_autograder(out: Path, policy: Path | None = None) -> str:
    """Write Gradescope's zip: set-up, run script, and what grading needs. It holds the answers.

    Args:
        policy: late days and what students see, see `late_policy`; it is checked here and goes along.

    Raises:
        WorkbookError: there are no questions here, or the policy is wrong.
    """
    find_questions()
    if policy is not None:
        read_policy(policy)
    files, left_out = _files(_is_for_grading), _left_out(_is_for_grading)
    with _writing(out) as archive:
        _add(archive, "setup.sh", SETUP.encode(), executable=True)
        _add(archive, "run_autograder", RUN_AUTOGRADER.encode(), executable=True)
        for name, path in files:
            _add(archive, f"workbook/{name}", path.read_bytes())
        if policy is not None:
            _add(archive, "workbook/policy.toml", policy.read_bytes())
    return (
        f"{out}: upload it as the autograder of a Gradescope programming assignment "
        f"({out.stat().st_size / 1e6:.1f} MB). It holds the reference answers: keep it from students.{left_out}"
    )


def _is_for_students(name: str) -> bool:
    return not name.startswith(_NOT_FOR_STUDENTS)


def _is_for_instructors(name: str) -> bool:
    return True


def _is_for_grading(name: str) -> bool:
    return any(fnmatchcase(name, form) for form in _FOR_GRADING)


def _files(wanted: Callable[[str], bool]) -> list[tuple[str, Path]]:
    """What the repository tracks. An instructor's clone holds more: hand-ins, marks, a secret, earlier zips."""
    root = repository_root()
    names = _git_names("--cached")
    if not names:  # a copy inside of another repository
        raise WorkbookError(_NO_CLONE.format(root=root, said="git tracks none of its files"))
    return [(name, root / name) for name in names if wanted(name) and (root / name).is_file()]


def _left_out(wanted: Callable[[str], bool]) -> str:
    """A paragraph about new files that would belong to a zip if git tracked them; empty if there are none."""
    new = [name for name in _git_names("--others", "--exclude-standard") if name.startswith(_OF_THE_WORKBOOK)]
    new = [name for name in new if wanted(name)]
    if not new:
        return ""
    more = f" and {len(new) - _NAMED} more" if len(new) > _NAMED else ""
    return (
        f"\nLeft out, because git does not track them: {', '.join(new[:_NAMED])}{more}. What belongs to the workbook, "
        "add with `git add`, and release again."
    )


def _git_names(*which: str) -> list[str]:
    """Paths from the root on, as `git ls-files` gives them."""
    root = repository_root()
    try:
        done = subprocess.run(["git", "ls-files", *which, "-z"], cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        raise WorkbookError(_NO_CLONE.format(root=root, said="git is not installed")) from None
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())
        raise WorkbookError(_NO_CLONE.format(root=root, said=said[:200]))
    return sorted({*os.fsdecode(done.stdout).split("\0")} - {""})


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[zipfile.ZipFile]:
    with replacing(out) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        yield archive


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, executable: bool = False) -> None:
    entry = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))  # the same files give the same zip
    entry.external_attr = (stat.S_IFREG | (0o755 if executable else 0o644)) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def _for_students(name: str, data: bytes, repo: str | None) -> bytes:
    if name == "README.md":
        text = _student_readme(data.decode("utf-8"))
        return (readme_with_badges(text, repo) if repo else text).encode()
    if name.startswith("notebooks/") and name.endswith(".ipynb"):
        notebook = json.loads(data)
        counted = with_points(notebook)
        if repo:
            notebook = with_colab(notebook, Path(name).name, repo, repository_root() / "notebooks")
        if repo or counted:
            return _notebook_bytes(notebook)
    return data


def with_points(notebook: dict) -> bool:
    """Write into the check cells what practice is worth if an instructor gave it points; whether there was any."""
    counting = {f"check_{data.grade_id}": data for data in all_questions() if data.question.is_practice and data.points}
    cells = [cell for cell in notebook["cells"] if cell["id"] in counting]
    for cell in cells:
        data = counting[cell["id"]]
        cell["metadata"]["nbgrader"]["points"] = data.points
        cell["source"] = f"check({data.grade_id}, required=True)"  # an untouched stub is no pass then
    return bool(cells)


def _notebook_bytes(notebook: dict) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _student_readme(text: str) -> str:
    """Without the sections for instructors and about the tests, which are not in the bundle."""
    for title in ("For instructors", "Run the tests"):
        section = rf"^## {title}\n.*?(?=^## |^MIT licence|\Z)"
        text = re.sub(section, "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"^tests/ .*\n( +.*\n)*", "", text, flags=re.MULTILINE)  # its lines in the listing of folders
