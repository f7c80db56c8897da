"""Hidden cells in this process, without sandbox and kernel: fast enough for every answer of the practice."""

import json
from typing import Any

from posenet_lib.grading.inside import probe_kit
from posenet_lib.grading.outside.hidden_cells.expected_outputs import expected_output
from posenet_lib.grading.outside.hidden_cells.question_data import ProbeGroup, QuestionData


def lost_groups(data: QuestionData, reference: Any, answer: Any, seed: int) -> list[str]:
    """Names of the hidden cells that an answer loses."""
    return [group.name for group in data.groups if not _passes(data, group, reference, answer, seed)]


def _passes(data: QuestionData, group: ProbeGroup, reference: Any, answer: Any, seed: int) -> bool:
    expected = expected_output(json.loads(_sent(group, reference, None, seed)), data, group.name)
    return _sent(group, answer, expected.chosen, seed) == expected.text


def _sent(group: ProbeGroup, answer: Any, chosen: list | None, seed: int) -> str:
    """What the cell prints, up to an error of the answer."""
    texts: list[str] = []

    class Kept(probe_kit._Print):
        def send(self, text: str) -> None:
            texts.append(text)

    before = probe_kit._channel
    probe_kit.connect(Kept())
    try:
        probe_kit.run_probe(group.code, answer, chosen, seed)
    except Exception:
        if chosen is None:
            raise  # the reference's own
    finally:
        probe_kit.connect(before)
    return texts[-1]
