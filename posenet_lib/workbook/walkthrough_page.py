"""The one page that `posenet walkthrough` leaves: results beside baselines, pictures, links to the notebooks."""

import html
import shutil
from pathlib import Path

import numpy as np

from posenet_lib.core.device import device_summary
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.core.wording import counted
from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.evaluation.photo_alignment import align_poses, known_photos
from posenet_lib.evaluation.prediction_file import write_predictions
from posenet_lib.evaluation.scene_report import METHOD_TITLES, SceneResult, evaluate_scene
from posenet_lib.models.checkpoint import load_checkpoint
from posenet_lib.plots import plot_cameras, plot_error_cdf, plot_history, plot_prediction, plot_trajectory
from posenet_lib.plots.figure import describe
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import Scene, load_scene
from posenet_lib.scenes.views import ground_plan, view_from
from posenet_lib.training.history import read_history
from posenet_lib.workbook.expectations import Expectations
from posenet_lib.workbook.walkthrough import Walkthrough

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>PoseNet workbook: results</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }}
img {{ max-width: 100%; height: auto; }} figure {{ margin: 2rem 0; }} figcaption {{ color: #444; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .3rem .8rem; text-align: right; border-bottom: 1px solid #ccc; }}
th:first-child, td:first-child, caption {{ text-align: left; }} tbody tr:first-child {{ font-weight: bold; }}
.words th, .words td {{ text-align: left; font-weight: normal !important; overflow-wrap: anywhere; }}
</style></head><body><main>
<h1>From photo to camera pose on {scene}</h1>
<p>{count} test photos, {answers}, trained for {minutes} on: {device}.</p>
<table><caption>Median errors on the test split</caption>
<thead><tr><th scope="col">method</th><th scope="col">position ({unit})</th>
<th scope="col">rotation (deg)</th></tr></thead>
<tbody>
{rows}
</tbody></table>
{figures}
<h2>What the text says to expect</h2>
{expectations}
<h2>Notebooks, as executed</h2>
<ul>
{notebooks}
</ul>
<p>Checkpoint: <a href="checkpoint/best.safetensors">checkpoint/best.safetensors</a>. Each photo's predicted pose:
<a href="predictions.csv">predictions.csv</a>. Learning curve: <a href="checkpoint/history.csv">history.csv</a>.</p>
</main></body></html>
"""


def write_results(walk: Walkthrough, answers: str) -> SceneResult:
    """Evaluate the trained network and its aligned poses; write checkpoint, predictions, figures and `index.html`."""
    best = walk.checkpoint()
    checkpoint_dir = walk.out / "checkpoint"
    checkpoint_dir.mkdir(parents=True, exist_ok=True)
    for file in (best, best.with_name("history.csv")):
        shutil.copyfile(file, checkpoint_dir / file.name)
    checkpoint = load_checkpoint(best)
    scene = load_scene(checkpoint.scene_name)
    result = evaluate_scene(scene, checkpoint)
    write_predictions(walk.out / "predictions.csv", result.names, result.predicted_poses)
    history = read_history(checkpoint_dir / "history.csv")

    described = _save_figures(walk.out / "figures", scene, result, history)
    shown = _with_aligned(scene, result)
    rows = "\n".join(
        f"<tr><td>{METHOD_TITLES[method]}</td><td>{summary.median_position_m:.3f}</td>"
        f"<td>{summary.median_rotation_deg:.2f}</td></tr>"
        for method, summary in shown.summaries.items()
    )
    figures = "\n".join(
        f'<figure><img src="figures/{name}.png" alt="{html.escape(alt)}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        for name, (alt, caption) in described.items()
    )
    notebooks = "\n".join(
        f'<li><a href="notebooks/{stem}.html">{stem}</a> ({seconds:.0f} s)</li>'
        for stem, seconds in walk.seconds.items()
    )
    write_text(
        walk.out / "index.html",
        _PAGE.format(
            scene=html.escape(scene.name),
            count=len(result.names),
            answers=html.escape(answers),
            minutes=counted(round(history[-1].elapsed_s / 60, 1), "minute"),
            device=html.escape(device_summary()),
            rows=rows,
            unit=scene.unit,
            figures=figures,
            expectations=_expectations(walk.expectations),
            notebooks=notebooks,
        ),
    )
    return shown


def _with_aligned(scene: Scene, result: SceneResult) -> SceneResult:
    """With one row more, of poses that were aligned with training photos, where the scene allows that."""
    try:
        known = known_photos(scene, show_progress=False)
    except WorkbookError:  # no focal length, or no depth; notebook 06 says which
        return result
    aligned = align_poses(result.predicted, scene.test.open_store(show_progress=False), known)
    return result.with_method("aligned", pose_errors(aligned.poses, result.true))


def _expectations(found: Expectations) -> str:
    """How many claims came true; a row for each that did not."""
    summary = f"<p>{html.escape(str(found).splitlines()[0])}.</p>"
    if not found.failed:
        return summary
    rows = "\n".join(
        f'<tr><td><a href="notebooks/{stem}.html">{stem}</a>, cell {html.escape(cell)}</td>'
        f"<td>{html.escape(one.claim)}</td><td>{html.escape(one.found)}</td></tr>"
        for stem, cell, one in found.failed
    )
    head = '<tr><th scope="col">where</th><th scope="col">the text says</th><th scope="col">but here</th></tr>'
    return f'{summary}\n<table class="words"><thead>{head}</thead>\n<tbody>\n{rows}\n</tbody></table>'


def _save_figures(folder: Path, scene: Scene, result: SceneResult, history) -> dict[str, tuple[str, str]]:
    """Each figure's name, what it shows for those who cannot see it, and its caption, in the page's order."""
    folder.mkdir(parents=True, exist_ok=True)
    middle = _typical_photo(result)
    predicted, true = (poses.take([middle]) for poses in (result.predicted, result.true))
    view = view_from(scene, predicted)
    errors = result.errors["posenet"]
    text = f"error {errors.position_m[middle]:.2f} {scene.unit}, {errors.rotation_deg[middle]:.1f} deg"
    photo = np.asarray(open_photo(scene.test.records[middle].image_path))
    train = scene.train.poses
    figures = {
        "prediction": (
            plot_prediction(photo, view.picture, view.title, true, predicted, text, scene.unit),
            f"A test photo with a typical error, beside {view.title}.",
        ),
        "trajectory": (
            plot_trajectory(result.true, result.predicted, train, ground_plan(scene), scene.unit),
            "The test cameras from above: where they were, where the network puts them, and the error between.",
        ),
        "errors": (
            plot_error_cdf({METHOD_TITLES[method]: errors for method, errors in result.errors.items()}, scene.unit),
            "Share of test photos with at most a given error, for the network and the baselines.",
        ),
        "training": (plot_history(history, scene.unit), "Loss and errors on held-out training photos, epoch by epoch."),
        "cameras": (
            plot_cameras(train, result.true, unit=scene.unit),
            "All cameras of the scene in 3-D, and where they look.",
        ),
    }
    for name, (figure, _) in figures.items():
        figure.savefig(folder / f"{name}.png", dpi=120, bbox_inches="tight")
    return {name: (describe(figure), caption) for name, (figure, caption) in figures.items()}


def _typical_photo(result: SceneResult) -> int:
    """The photo whose errors rank nearest to the middle in both: neither a lucky nor an unlucky pick."""
    ranks = [values.argsort().argsort() for values in result.errors["posenet"]]
    return int(np.argmin(sum(np.abs(rank - len(rank) / 2) for rank in ranks)))
