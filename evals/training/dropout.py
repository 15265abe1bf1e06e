"""Dropout that costs nothing on a CPU."""

import torch


class SharedDropout(torch.nn.Module):
    """Dropout with one mask for all tokens of a pair (Gal and Ghahramani, NeurIPS 2016): on a CPU a mask for each costs as much as the model."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Shape as given: (pairs, tokens, units), or (pairs, units)."""
        if not self.training or not self.share:
            return hidden
        shape = (hidden.shape[0], *(1 for _ in hidden.shape[2:]), hidden.shape[-1])
        return hidden * (torch.rand(shape) >= self.share).to(hidden.dtype) / (1 - self.share)


def share_dropout(model: torch.nn.Module, share: float) -> None:
    """Put it in the place of every dropout but the attention's, which has to be 0."""
    for parent in model.modules():
        for name, child in parent.named_children():
            if isinstance(child, torch.nn.Dropout) and child.p:
                setattr(parent, name, SharedDropout(share))
