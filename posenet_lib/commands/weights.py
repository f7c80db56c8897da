"""`posenet weights`: look into weight files, and make the ones that come with the workbook."""

import argparse
import json
from pathlib import Path
from typing import Any

from posenet_lib.commands.options import add_command, add_settings, read_settings
from posenet_lib.commands.workers import add_workers_option
from posenet_lib.core.pretrain_config import PretrainConfig
from posenet_lib.core.shell import quoted


def add_parsers(commands: Any) -> None:
    """Declare `weights inspect` and `weights pretrain`."""
    parser = commands.add_parser("weights", help="say what a weight file is, or pretrain a trunk on rendered courts")
    kinds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    inspect = add_command(
        kinds, "inspect", run_inspect, "What a file is and which trunk it fits; nothing in it is run."
    )
    inspect.add_argument("file", type=Path, metavar="FILE", help="weights, a checkpoint, or anything else")
    inspect.add_argument("--keys", action="store_true", help="also list every array with its shape")
    inspect.add_argument("--json", action="store_true", help="print JSON")

    pretrain = add_command(
        kinds,
        "pretrain",
        run_pretrain,
        "Render many courts, train one trunk on all of them, keep it (on a GPU).",
    )
    pretrain.add_argument("--out", type=Path, required=True, metavar="FILE.safetensors", help="where to")
    add_workers_option(pretrain)
    add_settings(pretrain, PretrainConfig)


def run_inspect(options: argparse.Namespace) -> int:
    """`posenet weights inspect`. Status 1: these look like weights, but cannot be used."""
    from posenet_lib.weights.inspect import inspect_file

    found = inspect_file(options.file)
    if options.json:
        print(json.dumps(found.as_dict(), indent=2))
        return 1 if found.problem else 0
    print(found)
    if options.keys and found.shapes:
        for name, shape in found.shapes.items():
            print(f"    {name:50} {' x '.join(map(str, shape)) or 'one number'}")
    return 1 if found.problem else 0


def run_pretrain(options: argparse.Namespace) -> None:
    """`posenet weights pretrain`."""
    import datetime

    from posenet_lib.core.device import device_summary, inference_device
    from posenet_lib.core.progress import progress_bar
    from posenet_lib.pretraining.batches import SIZE
    from posenet_lib.pretraining.photos import court_photos
    from posenet_lib.pretraining.run import pretrain, save_trunk

    config = read_settings(options, PretrainConfig)
    with progress_bar(total=config.courts, desc="Rendering", unit="court") as bar:
        data = court_photos(
            config.first_seed,
            config.courts,
            config.photos,
            workers=options.workers,
            progress=lambda done, _: bar.update(done - bar.n),
        )
    network = pretrain(
        config, data, device=inference_device(), progress=lambda done, line: print(f"{done:4.0%} {line}")
    )
    settings = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in vars(config).items())
    about = {
        "made_by": f"posenet weights pretrain {settings}",
        "date": datetime.date.today().isoformat(),
        "device": device_summary(),
    }
    save_trunk(network, options.out, about)
    print(
        f"Pretrained trunk: {options.out}. Begin with it by: posenet train --trunk {config.trunk} --image-size {SIZE} "
        f"--pretrained {quoted(options.out)} --out RUN"
    )
