"""Exhibits of the page on recurrent layers."""

from functools import cache

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame
from torch.nn.functional import binary_cross_entropy_with_logits

from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.plots import layer, style
from dlref.recurrent import lstm_cell, lstm_cell_gradient, lstm_gates, rnn_cell, rnn_cell_gradient

FEEDBACK = [-0.9, 0.0, 0.5, 0.9, 1.5]
IMPULSE = [1, 0, 0, 0, 0]
# The bias of the forget gates, where it is not the one that PyTorch draws.
OPEN = {"LSTM, bias 1": 1.0, "LSTM, bias 2": 2.0}
KINDS = ("plain cell", "plain, orthogonal", "LSTM", *OPEN)
HIDDEN, LENGTH, DRAWS, STARTS, STEPS = 8, 20, 100, 8, 600
RATES = (0.001, 0.003, 0.01, 0.03)


def impulse_states(feedback: float) -> list[float]:
    """State of a cell with one unit before, and after each step of, a sequence with a single 1 at its start."""
    states = [0.0]
    for x in IMPULSE:
        states.append(rnn_cell([[x]], [[states[-1]]], [[1]], [[feedback]], [0]).item())
    return states


@exhibit(
    alt=lambda feedback: (
        f"A cell drawn five times in a row, its state passed to the right with weight {feedback:g}. Inputs 1, 0, 0, 0, "
        "0; states " + ", ".join(f"{h:.2f}" for h in impulse_states(feedback)[1:]) + "."
    ),
    explore={"feedback": FEEDBACK},
)
def unrolled(feedback: float = 0.9) -> Figure:
    """One cell, unrolled over five steps. Only the first input is not 0: what comes after is memory, and how long it
    lasts depends on the weight of the feedback.
    """
    return layer.unrolled(IMPULSE, impulse_states(feedback), feedback)


@exhibit(explore={"feedback": FEEDBACK}, digits=1)
def feedback_chosen(feedback: float = 0.9) -> float:
    """The weight of the feedback that is chosen."""
    return feedback


@exhibit(explore={"feedback": FEEDBACK}, digits=3)
def last_state(feedback: float = 0.9) -> float:
    """The state after the fifth step."""
    return impulse_states(feedback)[-1]


def sequences(count: int, length: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Noise whose first value is a bit, -1 or 1, marked by a 1 in a second channel; and the bits, 0 or 1."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, count)
    x = np.zeros((count, length, 2))
    x[:, :, 0] = rng.normal(0, 0.5, (count, length))
    x[:, 0, 0], x[:, 0, 1] = 2 * bits - 1, 1
    return torch.as_tensor(x), torch.as_tensor(bits, dtype=torch.float64)


def first_weights(kind: str, starts: int) -> list[torch.Tensor]:
    """Input, recurrent and output weights and biases as PyTorch draws them, for as many networks as there are starts.

    Of an orthogonal matrix all eigenvalues have size 1; the forget gates are the second quarter of an LSTM's rows.
    """
    networks = []
    for seed in range(starts):
        torch.manual_seed(seed)
        cell = (torch.nn.LSTM if "LSTM" in kind else torch.nn.RNN)(2, HIDDEN, dtype=torch.float64)
        head = torch.nn.Linear(HIDDEN, 1, dtype=torch.float64)
        bias = cell.bias_ih_l0 + cell.bias_hh_l0
        if kind in OPEN:
            bias[HIDDEN : 2 * HIDDEN] = OPEN[kind]
        if "orthogonal" in kind:
            torch.nn.init.orthogonal_(cell.weight_hh_l0)
        networks.append([cell.weight_ih_l0.T, cell.weight_hh_l0.T, bias[None], head.weight.T, head.bias[None]])
    return [torch.stack(weights).detach().requires_grad_() for weights in zip(*networks, strict=True)]


def sums_of_steps(weights: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """What the inputs give to the sums inside the cells, shape (steps, networks, sequences, rows)."""
    return torch.einsum("nti,sir->tsnr", x, weights[0]) + weights[2]


def last_output(weights: list[torch.Tensor], sums: torch.Tensor) -> torch.Tensor:
    """Each network's output after the last step of each sequence, shape (networks, sequences)."""
    h = c = sums.new_zeros(*sums.shape[1:3], HIDDEN)
    for at_step in sums:
        z = torch.baddbmm(at_step, h, weights[1])
        if z.shape[-1] == HIDDEN:
            h = torch.tanh(z)
        else:
            (i, f, _, o), g = torch.sigmoid(z).split(HIDDEN, dim=-1), torch.tanh(z[..., 2 * HIDDEN : 3 * HIDDEN])
            c = f * c + i * g
            h = o * torch.tanh(c)
    return (h @ weights[3] + weights[4])[..., 0]


@cache
def gradient_by_step(kind: str, length: int = 40) -> np.ndarray:
    """Before training: the gradient of the last output with respect to the sums of each step, as a share of that of
    the last step. Shape (draws of the weights, steps).
    """
    weights, (x, _) = first_weights(kind, DRAWS), sequences(16, length, seed=0)
    sums = sums_of_steps(weights, x).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(last_output(weights, sums).sum(), sums)
    sizes = gradient.norm(dim=-1).mean(dim=-1).T
    return (sizes / sizes[:, -1:]).numpy()


def factor(kind: str) -> float:
    """What a gradient is multiplied with at each step back, on average over 39 steps: the median of the draws."""
    return float(np.median(gradient_by_step(kind)[:, 0] ** (1 / 39)))


@exhibit(
    alt=lambda: (
        "Size of the gradient at each of 40 steps before training, on a scale of powers of ten, falling from the last "
        "step to the first. By step back it is multiplied with, about: "
        + "; ".join(f"{kind} {factor(kind):.2f}" for kind in KINDS)
        + "."
    )
)
def way_back() -> Figure:
    """What is left of the gradient on its way from step 40 back to step 1, before training: the median of 100 draws of
    the weights. As PyTorch makes them, the LSTM and the plain cell both lose nearly all of it.
    """
    figure, axes = style.figure(4.8, 3.7)
    colors = (style.ORANGE, style.ORANGE, style.BLUE, style.BLUE, style.BLUE)
    dashes = (style.DASHES[0], style.DASHES[1], style.DASHES[0], style.DASHES[1], style.DASHES[2])
    for kind, color, dash in zip(KINDS, colors, dashes, strict=True):
        axes.plot(range(1, 41), np.median(gradient_by_step(kind), axis=0), color=color, linestyle=dash, label=kind)
    axes.set(yscale="log", ylim=(1e-13, 3), xlim=(1, 40), xticks=(1, 10, 20, 30, 40))
    axes.set(xlabel="step", ylabel="gradient, as a share of that at step 40")
    axes.legend(loc="lower right")
    return figure


@exhibit(over="100 draws of the weights, 16 sequences each")
def start_decides() -> bool:
    """At each step back the median gradient is multiplied with less than 0.7 in the LSTM and the plain cell as PyTorch
    makes them, and with more than 0.8 in the plain cell with orthogonal weights and the LSTM with a forget bias of 2.
    """
    return (
        max(factor("plain cell"), factor("LSTM")) < 0.7
        and min(map(factor, ("plain, orthogonal", "LSTM, bias 2"))) > 0.8
    )


def clip(weights: list[torch.Tensor], largest: float = 0.1) -> None:
    """Shorten each network's gradient to this norm where it is longer."""
    norms = torch.stack([weight.grad.flatten(1).norm(dim=1) for weight in weights]).norm(dim=0)
    for weight in weights:
        weight.grad *= (largest / norms).clamp(max=1)[:, None, None]


@trained
def training(kind: str) -> dict:
    """Networks of one kind from 8 starts at each of four learning rates, trained side by side with Adam to name the
    first bit of 20 when the sequence ends. Each network's share of 1000 new sequences, and the weights.
    """
    groups = [first_weights(kind, STARTS) for _ in RATES]
    optimizer = torch.optim.Adam([{"params": group, "lr": rate} for group, rate in zip(groups, RATES, strict=True)])

    def outputs(x: torch.Tensor) -> torch.Tensor:
        weights = [torch.cat(parts) for parts in zip(*groups, strict=True)]
        return last_output(weights, sums_of_steps(weights, x))

    for step in range(STEPS):
        x, bits = sequences(16, LENGTH, seed=step)
        logits = outputs(x)
        loss = binary_cross_entropy_with_logits(logits, bits.expand_as(logits), reduction="none")
        optimizer.zero_grad()
        # The networks share nothing: the gradient of the sum over them is each one's own.
        loss.mean(dim=1).sum().backward()
        for group in groups:
            clip(group)
        optimizer.step()
    x, bits = sequences(1000, LENGTH, seed=10_000)
    with torch.no_grad():
        right = ((outputs(x) > 0) == (bits > 0.5)).double().mean(dim=1)
    weights = [torch.cat(parts).detach() for parts in zip(*groups, strict=True)]
    return {"right": right.reshape(len(RATES), STARTS), "weights": weights}


def learned(kind: str) -> np.ndarray:
    """For each learning rate, how many of the starts ended right for more than 95 % of new sequences."""
    return (training(kind)["right"] > 0.95).sum(dim=1).numpy()


@exhibit(over="8 starts for each cell and learning rate, 1000 new sequences")
def remembering() -> DataFrame:
    """Which bit stood at the start of 20 steps? Of 8 starts, how many networks name it right for more than 95 % of new
    sequences after 600 steps of training with Adam, by learning rate. All have 8 units, batches of 16 sequences, and
    gradients clipped to a norm of 0.1.
    """
    table = DataFrame({kind: learned(kind) for kind in KINDS}, index=[f"{rate:g}" for rate in RATES]).T
    return table.rename_axis("cell, and how it starts")


@exhibit(over="8 starts at each of four learning rates")
def open_gates_learn() -> bool:
    """At its best rate the LSTM with a forget bias of 2 learns from at least 7 of 8 starts, and the LSTM as PyTorch
    makes it from at most 4.
    """
    return bool(learned("LSTM, bias 2").max() >= 7 and learned("LSTM").max() <= 4)


@exhibit(over="8 starts at each of four learning rates")
def plain_can_learn() -> bool:
    """At its best rate the plain cell learns from at least 3 of 8 starts and from more than the LSTM does as PyTorch
    makes it; with orthogonal weights from at least 6.
    """
    best = {kind: learned(kind).max() for kind in ("plain cell", "LSTM", "plain, orthogonal")}
    return bool(best["plain cell"] >= max(3, best["LSTM"] + 1) and best["plain, orthogonal"] >= 6)


@cache
def memories(start: int) -> tuple[np.ndarray, np.ndarray]:
    """Memory and forget gates of a trained LSTM, by step, for two sequences that differ in their first bit alone.

    The network is that of this start, with a forget bias of 2, at a rate of 0.01. Shapes (steps, sequences, units).
    """
    index = RATES.index(0.01) * STARTS + start
    ih, hh, bias = (w[index].numpy().T for w in training("LSTM, bias 2")["weights"][:3])
    x = sequences(2, LENGTH, seed=20_000)[0].numpy()
    x[:] = x[:1]
    x[:, 0, 0] = 1, -1
    h = c = np.zeros((2, HIDDEN))
    kept, forget = [], []
    for t in range(LENGTH):
        forget.append(lstm_gates(x[:, t], h, ih, hh, bias[:, 0])[1])
        h, c = lstm_cell(x[:, t], h, c, ih, hh, bias[:, 0])
        kept.append(c)
    return np.array(kept), np.array(forget)


def keeper(start: int) -> int:
    """The unit whose memory at the end differs most between the two first bits."""
    kept, _ = memories(start)
    return int(np.abs(kept[-1, 0] - kept[-1, 1]).argmax())


@exhibit(
    alt="Memory of one unit over 20 steps for two sequences that differ in their first value alone. The two lines part "
    "at the first step and are apart at the end."
)
def memory() -> Figure:
    """One unit of one trained LSTM (forget bias 2, one of the starts): its memory for two sequences that differ in
    their first value alone. Unlike the state, the memory has no bounds, so what is added step by step may carry it
    far.
    """
    figure, axes = style.figure(4.6, 3.0)
    kept, _ = memories(0)
    for which, label, color, dash in (
        (0, "first value 1", style.BLUE, "-"),
        (1, "first value −1", style.ORANGE, style.DASHES[1]),
    ):
        axes.plot(range(1, LENGTH + 1), kept[:, which, keeper(0)], color=color, linestyle=dash, label=label)
    axes.axhline(0, color=style.MUTED, linewidth=0.7)
    axes.set(xlim=(1, LENGTH), xlabel="step", ylabel="memory c", xticks=(1, 5, 10, 15, 20))
    axes.margins(y=0.22)
    axes.legend(loc="upper left", ncols=2)
    return figure


@exhibit(over="the networks of 8 starts")
def the_memory_stays() -> bool:
    """In at least 6 of 8 trained LSTMs there is a unit whose memories of the two sequences are at the end no closer
    than after the first step, with a forget gate that is above 0.7 at the median step.
    """
    return sum(stays(start) for start in range(STARTS)) >= 6


def stays(start: int) -> bool:
    """Whether the unit that keeps the bit keeps it to the end."""
    (kept, forget), unit = memories(start), keeper(start)
    apart = np.abs(kept[:, 0, unit] - kept[:, 1, unit])
    return bool(apart[-1] >= apart[0] and np.median(forget[:, :, unit]) > 0.7)


@exhibit()
def largest_difference() -> str:
    """Largest difference from `torch.nn.RNNCell` and `torch.nn.LSTMCell`, outputs and all gradients, on random cells of
    three sizes. The functions that these two modules call are used here, with the second bias 0.
    """
    rng, pairs = np.random.default_rng(0), []
    for n, inputs, units in ((1, 1, 1), (20, 5, 7), (8, 12, 30)):
        for rows, states in ((units, 1), (4 * units, 2)):
            shapes = (n, inputs), *[(n, units)] * states, (rows, inputs), (rows, units), (rows,)
            arrays = [rng.normal(size=shape) for shape in shapes]
            upstream = [rng.normal(size=(n, units)) for _ in range(states)]
            if states == 1:
                ours = [rnn_cell(*arrays), *rnn_cell_gradient(*arrays, *upstream)]
                theirs = by_autograd(lambda *a: torch.rnn_tanh_cell(*a, 0 * a[-1]), arrays, *upstream)
            else:
                ours = [*lstm_cell(*arrays), *lstm_cell_gradient(*arrays, *upstream)]
                theirs = by_autograd(lambda x, h, c, *w: torch.lstm_cell(x, (h, c), *w, 0 * w[-1]), arrays, *upstream)
            pairs += zip(ours, theirs, strict=True)
    return agreement(pairs)
