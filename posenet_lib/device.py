"""Where to compute and in which number format: decided once, for everything."""

import contextlib
import os
import shutil

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, PartialState
from torch import nn

from posenet_lib.config import TrainConfig
from posenet_lib.errors import WorkbookError


def make_accelerator(config: TrainConfig) -> Accelerator:
    """Accelerate's handle on the device(s): one CPU, one GPU, or all that `accelerate launch` started."""
    # Accelerate keeps its first choice for the life of the process; a notebook may train twice, differently.
    alone = not PartialState._shared_state or PartialState().num_processes == 1
    if alone:
        AcceleratorState._reset_state(reset_partial_state=True)
    on_cpu = config.device == "cpu"
    precision = config.precision if config.precision != "auto" else best_precision(on_cpu)
    return Accelerator(
        cpu=on_cpu or None,
        mixed_precision={"float32": "no"}.get(precision, precision),
        split_batches=True,  # batch_size counts photos in a step, however many processes share it
    )


def compile_if_asked(model: nn.Module, config: TrainConfig) -> None:
    """Let PyTorch compile the network at its first step (`config.compile`); its parameters keep their names.

    Raises:
        WorkbookError: there is no C++ compiler, which PyTorch needs for that.
    """
    if not config.compile:
        return
    compilers = ("cl",) if os.name == "nt" else ("g++", "c++", "clang++")
    if not any(shutil.which(name) for name in compilers):
        raise WorkbookError(f"--compile needs a C++ compiler (one of {', '.join(compilers)}), and there is none here")
    model.compile()


def best_precision(on_cpu: bool = False) -> str:
    """The format in which this machine trains fastest without trouble: bf16 where the hardware has it."""
    if torch.cuda.is_available() and not on_cpu:
        # A T4 (free Colab) emulates bf16 slowly and is fast in fp16.
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    if torch.backends.mps.is_available() and not on_cpu:
        return "float32"
    return "bf16" if _cpu_has_bf16() else "float32"


def inference_device() -> torch.device:
    """Where a trained network predicts: in float32, so that a result does not depend on who measures it."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def device_summary() -> str:
    """One plain line about the device, for notebooks 00 and 05."""
    if torch.cuda.is_available():
        return f"GPU {torch.cuda.get_device_name()}, {best_precision()}"
    if torch.backends.mps.is_available():
        return "Apple GPU, float32"
    cores = torch.get_num_threads()
    return f"CPU with {cores} {'cores' if cores > 1 else 'core'}, {best_precision()}"


def _cpu_has_bf16() -> bool:
    with contextlib.suppress(AttributeError):
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return False
