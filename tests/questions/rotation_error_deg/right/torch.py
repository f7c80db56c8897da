import numpy as np

from posenet_lib.workbook import answer


@answer
def rotation_error_deg(predicted_wxyz: np.ndarray, true_wxyz: np.ndarray) -> np.ndarray:
    import torch

    p, q = (torch.nn.functional.normalize(torch.tensor(x), dim=1) for x in (predicted_wxyz, true_wxyz))
    return torch.rad2deg(2 * torch.acos((p * q).sum(1).abs().clamp(max=1))).numpy()
