"""Where to compute and in which number format: decided once, for everything."""

import contextlib

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, PartialState
from accelerate.utils import DataLoaderConfiguration

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError


def make_accelerator(config: TrainConfig) -> Accelerator:
    """Accelerate's handle on the device(s): one CPU, one GPU, or all that `accelerate launch` started."""
    # Accelerate keeps its first choice for the life of the process; a notebook may train twice, differently.
    alone = not PartialState._shared_state or PartialState().num_processes == 1
    if alone:
        AcceleratorState._reset_state(reset_partial_state=True)
    on_cpu = config.device == "cpu"
    precision = config.precision if config.precision != "auto" else best_precision(on_cpu)
    check_precision(precision, "cpu" if on_cpu else inference_device().type)
    return Accelerator(
        cpu=on_cpu or None,
        mixed_precision={"float32": "no"}.get(precision, precision),
        # batch_size counts photos in a step, however many processes share it. (Accelerate takes no notice of the older
        # argument split_batches.)
        dataloader_config=DataLoaderConfiguration(split_batches=True),
    )


def share_of_batch(batch_size: int, accelerator: Accelerator) -> int:
    """How many photos of each batch one of several processes gets.

    Raises:
        WorkbookError: they can't share it evenly.
    """
    share, left = divmod(batch_size, accelerator.num_processes)
    if left:
        raise WorkbookError(
            f"batch_size is {batch_size}, which {accelerator.num_processes} processes can't share evenly; give a "
            f"multiple of {accelerator.num_processes}"
        )
    return share


def check_precision(precision: str, device_type: str) -> None:
    """Refuse a number format that a device does not have, before PyTorch fails or crawls in it.

    Args:
        precision: as in `config.TrainConfig`.
        device_type: "cpu", "cuda" or "mps".

    Raises:
        WorkbookError: this machine's device does not compute in that format.
    """
    if precision in ("auto", "float32"):
        return
    has = {"cpu": ("bf16",) if cpu_computes_bf16() else (), "mps": ()}.get(device_type, ("bf16", "fp16"))
    if precision not in has:
        name = {"cpu": "this computer's processor", "mps": "this computer's Apple GPU"}[device_type]
        needs = "; for bf16 a processor needs AVX-512 or AMX" if (precision, device_type) == ("bf16", "cpu") else ""
        raise WorkbookError(
            f"precision is {precision}, in which {name} does not compute{needs}. Leave --precision out, or give float32"
        )


def cpu_computes_bf16() -> bool:
    """Whether oneDNN, PyTorch's library for convolutions, takes bf16 on this processor at all; it may still be slow."""
    with contextlib.suppress(AttributeError, RuntimeError):  # PyTorch's own name begins with an underscore: it may go
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return _cpu_has_fast_bf16()


def best_precision(on_cpu: bool = False) -> str:
    """The format in which this machine trains fastest without trouble: bf16 where the hardware has it."""
    if torch.cuda.is_available() and not on_cpu:
        # A T4 (free Colab) emulates bf16 slowly and is fast in fp16.
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if torch.backends.mps.is_available() and not on_cpu:
        return "float32"
    return "bf16" if _cpu_has_fast_bf16() and cpu_computes_bf16() else "float32"


def inference_device() -> torch.device:
    """Where a test split is predicted, in float32 unless the settings say otherwise; single photos stay on the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def device_summary(config: TrainConfig | None = None) -> str:
    """One plain line about the device: the one that such settings train on, or this computer's best."""
    on_cpu = config is not None and config.device == "cpu"
    precision = best_precision(on_cpu) if config is None or config.precision == "auto" else config.precision
    if torch.cuda.is_available() and not on_cpu:
        return f"GPU {torch.cuda.get_device_name()}, {precision}"
    if torch.backends.mps.is_available() and not on_cpu:
        return f"Apple GPU, {precision}"
    cores = torch.get_num_threads()
    return f"CPU with {cores} {'cores' if cores > 1 else 'core'}, {precision}"


def _cpu_has_fast_bf16() -> bool:
    with contextlib.suppress(AttributeError):
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return False
