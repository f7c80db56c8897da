"""Flow against the exact one: rigid and full flows beside baselines, in one table."""

from collections.abc import Mapping
from typing import NamedTuple

from torch import nn

from posenet_lib.egomotion.flow import way_back
from posenet_lib.egomotion.flow_errors import FlowErrors, HiddenScore, flow_errors, hidden_score, mean_flow, no_flow
from posenet_lib.egomotion.flow_truth import STRIDE, FlowTruth, read_flow_truth, with_flow
from posenet_lib.egomotion.frames import Frames
from posenet_lib.egomotion.residual import Flows, predict_flow


class FlowRow(NamedTuple):
    """A flow's errors, and what the forward-backward check finds with it of the hidden pixels; None for baselines."""

    errors: FlowErrors
    hidden: HiddenScore | None = None

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return self.errors._asdict() | (self.hidden._asdict() if self.hidden else {})


FlowTable = dict[str, FlowRow]  # by name, in the order of the table


def measured_flows(stages: Mapping[str, nn.ModuleDict], test: Frames, training: Frames) -> FlowTable:
    """The table of second stages by name, on all test photos whose exact flow is known; empty if there are none."""
    which = with_flow(test)
    if not len(which):
        return {}
    truth, known = read_flow_truth(test, which), with_flow(training)
    flows = {name: predict_flow(networks, test, which, which + STRIDE) for name, networks in stages.items()}
    return flow_table(flows, truth, read_flow_truth(training, known) if len(known) else None)


def flow_table(flows: Mapping[str, Flows], truth: FlowTruth, training: FlowTruth | None) -> FlowTable:
    """Baselines, the rigid flow (of the first stage that comes first), and the full flows by name."""
    table = {"no flow": FlowRow(flow_errors(no_flow(truth), truth))}
    if training is not None:
        table["mean flow of each pixel"] = FlowRow(flow_errors(mean_flow(training, len(truth.flow_px)), truth))
    first = next(iter(flows.values()))
    table["rigid flow"] = _row(first.rigid, first.rigid_back, truth)
    return table | {name: _row(one.full, one.full_back, truth) for name, one in flows.items()}


def table_text(table: FlowTable) -> str:
    """One line a flow."""
    width = max(len(name) for name in table) + 2
    words = {"all_px": "all", "visible_px": "visible", "moving_px": "moving"}
    columns = [words.get(name, name) for name in (*FlowErrors._fields, *HiddenScore._fields)]
    lines = [" " * width + "".join(f"{name:>10}" for name in columns)]
    for name, row in table.items():
        numbers = (*row.errors, *(row.hidden or ()))
        lines.append(f"{name:{width}}" + "".join(f"{number:10.2f}" for number in numbers))
    return "\n".join(lines)


def _row(forward, backward, truth: FlowTruth) -> FlowRow:
    named = ~way_back(forward, backward).agrees
    return FlowRow(flow_errors(forward, truth), hidden_score(named, truth.hidden))
