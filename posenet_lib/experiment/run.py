"""Run an experiment's plan, one network after the other; what is done is skipped, what was cut off goes on."""

import dataclasses
import datetime
import hashlib
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posenet_lib.core.config import PredictConfig
from posenet_lib.core.device import device_summary
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.evaluation.scene_report import evaluate_scene
from posenet_lib.experiment.plan import Experiment, PlannedRun
from posenet_lib.experiment.report import write_results
from posenet_lib.experiment.table import ResultRow
from posenet_lib.models.checkpoint import BEST, LAST, load_checkpoint
from posenet_lib.scenes.scene import Scene, load_scene
from posenet_lib.training.best_epoch import best_epoch
from posenet_lib.training.history import EpochRecord, read_history
from posenet_lib.workbook import answer_source
from posenet_lib.workbook.questions import QUESTIONS
from posenet_lib.workbook.train_with_answers import train_with_answers


def run_experiment(
    experiment: Experiment,
    out: str | Path,
    *,
    answers_dir: str | Path | None = None,
    say: Callable[[str], None] = print,
) -> list[ResultRow]:
    """Train and evaluate all that is not yet in `out`, and write the tables and figures anew after each run.

    Raises:
        WorkbookError: an answer is missing, or runs failed (the others are done first; then each is named).
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise WorkbookError(f"{out} is a file; give a folder")
    scene = load_scene(experiment.scene)
    sources = [answer_source(question.grade_id, answers_dir) for question in QUESTIONS]
    context = hashlib.sha256(json.dumps([scene.name, *sources]).encode()).hexdigest()
    rows: list[ResultRow] = []
    histories: dict[str, list[EpochRecord]] = {}
    failures: list[str] = []
    for number, run in enumerate(experiment.runs, start=1):
        folder = out / "runs" / run.folder(context)
        title = f"run {number} of {len(experiment.runs)}: {run.name}, seed {run.config.seed}"
        try:
            trained = _train(run, scene, folder, answers_dir, title, say)
            for predict_config in run.test_times:
                rows.append(_row(run, predict_config, trained, evaluate_once(predict_config, scene, folder)))
        except WorkbookError as error:
            say(f"{title} failed: {error}")
            failures.append(f"{run.name}, seed {run.config.seed}: {error}")
            continue
        histories.setdefault(run.name, read_history(folder / "history.csv"))
        write_results(out, rows, histories, scene.unit)
    if failures:
        raise WorkbookError(f"{len(failures)} of {len(experiment.runs)} runs failed:\n" + "\n".join(failures))
    return rows


def _train(run: PlannedRun, scene: Scene, folder: Path, answers_dir, title: str, say) -> dict[str, Any]:
    """What the table says about the training; trains unless that is written down already."""
    done = folder / "trained.json"
    if done.is_file():
        say(f"{title}: trained already")
        return _read(done)
    resume = (folder / LAST).is_file()
    say(f"{title}: goes on where it was stopped" if resume else title)
    history = train_with_answers(scene, run.config, folder, answers_dir=answers_dir, resume=resume, show_progress=False)
    best, model = best_epoch(history), load_checkpoint(folder).build_model()
    trained = {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "epochs": len(history),
        "train_minutes": round(history[-1].elapsed_s / 60, 3),
        "photos_per_s": round(sum(record.photos_per_s for record in history) / len(history), 2),
        "held_out_position_m": best.held_out_position_m,
        "held_out_rotation_deg": best.held_out_rotation_deg,
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
    }
    write_text(done, json.dumps(trained, indent=1) + "\n")
    return trained


def evaluate_once(predict_config: PredictConfig, scene: Scene, folder: Path) -> dict[str, Any]:
    """A run's result on the test split; measured unless that is written down in its folder since it was trained."""
    details = {name: value for name, value in dataclasses.asdict(predict_config).items() if predict_config.uses(name)}
    done = folder / f"evaluation-{'-'.join(str(value) for value in details.values())}.json"
    if not done.is_file() or done.stat().st_mtime < (folder / BEST).stat().st_mtime:
        checkpoint, began = load_checkpoint(folder), time.perf_counter()
        result = evaluate_scene(scene, checkpoint, predict_config, show_progress=False)
        found = {**result.as_dict(), "seconds": time.perf_counter() - began}
        write_text(done, json.dumps(found, indent=1) + "\n")
    return _read(done)


def _row(run: PlannedRun, predict_config: PredictConfig, trained: dict[str, Any], found: dict[str, Any]) -> ResultRow:
    sigma = [found.get(f"sigma_{quantity}", {}) for quantity in ("position_m", "rotation_deg")]
    return ResultRow(
        name=run.name,
        seed=run.config.seed,
        test_time=predict_config.test_time,
        position_m=found["median_position_m"],
        rotation_deg=found["median_rotation_deg"],
        sigma_rank_position=sigma[0].get("rank_correlation"),
        sigma_rank_rotation=sigma[1].get("rank_correlation"),
        predict_s=found["seconds"],
        **trained,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorkbookError(f"{path}: cannot be read ({error}); delete it, and it is made again") from None


def machine() -> str:
    """The kind of machine, for the table: processor and what is computed with."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    except OSError:
        pass
    return f"{device_summary()}; {name}"
