"""Fits the networks of `assistant.networks`: bagged, each with one hidden layer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from assistant.networks import MOST
from assistant.rerank import shares

NETWORKS = 5
HIDDEN = 16
BATCH = 64
RATE = 0.004
DECAY = 2e-3


@dataclass(frozen=True, slots=True)
class Scaling:
    """Brings named features to mean zero and spread one."""

    features: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def of(cls, rows: NDArray[np.float32], features: Sequence[str]) -> "Scaling":
        """The scaling that fits these rows; a feature that never changes is left as it is."""
        spread = rows.std(axis=0).astype(np.float64)
        return cls(tuple(features), rows.mean(axis=0).astype(np.float64), np.where(spread > 1e-6, spread, 1.0))

    def apply(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The rows as the networks see them."""
        return np.clip((rows - self.mean) / self.scale, -MOST, MOST).astype(np.float32)


class Network(nn.Module):
    """One hidden layer with tanh, one output, no bias on it: (..., features) -> (...)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.into = nn.Linear(features, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1, bias=False)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The output for each row."""
        output: torch.Tensor = self.out(torch.tanh(self.into(inputs))).squeeze(-1)
        return output


@dataclass(frozen=True, slots=True)
class Listed:
    """The candidates of one question: a row of features for each, which of them are right, and what it weighs."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    weight: float = 1.0


def fit_by_list(examples: Sequence[Listed], features: Sequence[str], epochs: int) -> dict[str, Any]:
    """Networks trained with a softmax over the candidates of each question (ListNet; Cao et al. 2007)."""
    scaling = Scaling.of(np.concatenate([one.features for one in examples]), features)
    most = max(len(one.right) for one in examples)
    inputs = torch.zeros(len(examples), most, len(features))
    labels = torch.zeros(len(examples), most)
    absent = torch.ones(len(examples), most, dtype=torch.bool)
    for at, one in enumerate(examples):
        count = len(one.right)
        inputs[at, :count] = torch.from_numpy(scaling.apply(one.features))
        labels[at, :count] = torch.from_numpy(one.right.astype(np.float32))
        absent[at, :count] = False
    weights = torch.tensor([one.weight for one in examples])

    def loss(network: Network, rows: NDArray[np.int64]) -> torch.Tensor:
        scores = network(inputs[rows]).masked_fill(absent[rows], -1e4)
        chances = torch.log_softmax(scores, dim=1).masked_fill(labels[rows] == 0, -1e4)
        return -(weights[rows] * torch.logsumexp(chances, dim=1)).mean()

    return fit_networks(scaling, len(examples), loss, epochs)


def temperature(lists: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]]) -> float:
    """The factor on outputs with which their shares are probabilities (temperature scaling; Guo et al. 2017).

    `lists` has the outputs for the candidates of each question, and which of these are right.
    """

    def loss(factor: float) -> float:
        return -float(np.mean([np.log(shares(factor * output)[right].sum() + 1e-12) for output, right in lists]))

    return round(min(np.arange(0.2, 3.0, 0.05), key=lambda factor: loss(float(factor))), 3)


def fit_networks(
    scaling: Scaling, count: int, loss: Callable[[Network, NDArray[np.int64]], torch.Tensor], epochs: int
) -> dict[str, Any]:
    """Networks fitted to `count` examples, as `assistant.networks.Networks` reads them, not calibrated yet.

    `loss` gives the loss of a network over the examples with these numbers.
    """
    networks = []
    for seed in range(NETWORKS):
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        network = Network(len(scaling.features))
        optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        batches = count // BATCH + 1
        schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, epochs * batches)
        # A sample with replacement for each network (bagging; Breiman 1996), so that they differ.
        sample = rng.integers(0, count, count)
        for _ in range(epochs):
            for rows in np.array_split(rng.permutation(sample), batches):
                value = loss(network, rows)
                optimiser.zero_grad()
                value.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
        networks.append(network)

    def stacked(weights: Callable[[Network], torch.Tensor]) -> list[Any]:
        return [np.round(weights(network).detach().numpy().astype(np.float64), 5).tolist() for network in networks]

    return {
        "features": list(scaling.features),
        "mean": scaling.mean.round(6).tolist(),
        "scale": scaling.scale.round(6).tolist(),
        "in": stacked(lambda network: network.into.weight.T),
        "bias": stacked(lambda network: network.into.bias),
        "out": stacked(lambda network: network.out.weight[0]),
        "slope": 1.0,
        "intercept": 0.0,
    }
