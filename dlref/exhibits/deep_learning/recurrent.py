"""Exhibits of the page on recurrent layers."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.plots import layer, style
from dlref.recurrent import lstm_cell, lstm_cell_gradient, lstm_gates, rnn_cell, rnn_cell_gradient

FEEDBACK = [-0.9, 0.0, 0.5, 0.9, 1.5]
IMPULSE = [1, 0, 0, 0, 0]
LENGTHS = (5, 10, 15, 20)
HIDDEN = 8


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


def sequences(count: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise whose first value is a bit, -1 or 1, marked by a 1 in a second channel; and the bits, 0 or 1."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, count)
    x = np.zeros((count, length, 2))
    x[:, :, 0] = rng.normal(0, 0.5, (count, length))
    x[:, 0, 0], x[:, 0, 1] = 2 * bits - 1, 1
    return x, bits


@cache
def trained(kind: str, length: int, steps: int = 200):
    """A recurrent layer of 8 units with one output, trained with Adam to name the first bit when a sequence ends."""
    import torch

    torch.manual_seed(0)
    layer_of = {"plain": torch.nn.RNN, "LSTM": torch.nn.LSTM}[kind]
    cell, head = layer_of(2, HIDDEN, batch_first=True).double(), torch.nn.Linear(HIDDEN, 1).double()
    if kind == "LSTM":
        # Forget gates that start open, as is usual: Jozefowicz and others, 2015.
        with torch.no_grad():
            cell.bias_ih_l0[HIDDEN : 2 * HIDDEN] = 2
    parameters = [*cell.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.02)
    for step in range(steps):
        x, bits = (torch.as_tensor(array, dtype=torch.float64) for array in sequences(32, length, seed=step))
        logits = head(cell(x)[0][:, -1])[:, 0]
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(logits, bits).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    return cell, head


def accuracy(kind: str, length: int) -> float:
    """Share of 1000 new sequences whose first bit the trained network names right."""
    import torch

    cell, head = trained(kind, length)
    x, bits = sequences(1000, length, seed=10_000)
    with torch.no_grad():
        logits = head(cell(torch.as_tensor(x))[0][:, -1])[:, 0].numpy()
    return float(np.mean((logits > 0) == bits))


@exhibit(
    alt="Accuracy on new sequences against their length. The LSTM stays near 1; the plain cell is near 1 for short "
    "sequences and at the level of guessing for long ones."
)
def remembering() -> Figure:
    """Which bit stood at the start? The plain cell learns to tell over short sequences, and forgets over long ones; the
    LSTM does not. Both have 8 units and 200 training steps.
    """
    figure, axes = style.figure(4.6, 3.1)
    for kind, color, marker, dash in (("LSTM", style.BLUE, "o", "-"), ("plain", style.ORANGE, "s", style.DASHES[1])):
        shares = [accuracy(kind, length) for length in LENGTHS]
        axes.plot(LENGTHS, shares, color=color, marker=marker, linestyle=dash, markersize=5, clip_on=False)
        name = "plain cell" if kind == "plain" else kind
        place = (20, 1.03) if kind == "LSTM" else (17.2, 0.72)
        axes.text(*place, name, color=color, ha="right")
    axes.axhline(0.5, color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.text(LENGTHS[0], 0.485, "guessing", color=style.MUTED, va="top", fontsize=9.5)
    axes.set(ylim=(0.4, 1.08), xlabel="length of the sequence", ylabel="accuracy", xticks=LENGTHS)
    return figure


@exhibit()
def plain_forgets() -> bool:
    """Over sequences of 20 steps the trained LSTM is right for more than 95 % of 1000 new ones, the plain cell for less
    than 60 %.
    """
    return accuracy("LSTM", 20) > 0.95 and accuracy("plain", 20) < 0.6


def weights_of(cell) -> list[np.ndarray]:
    """Weights of a torch layer as `dlref.recurrent` takes them: its two biases added."""
    ih, hh, bias_ih, bias_hh = (p.detach().numpy() for p in cell.parameters())
    return [ih, hh, bias_ih + bias_hh]


@cache
def memories(length: int = 20) -> dict[str, np.ndarray]:
    """Gates and memory of the trained LSTM over one sequence, step by step: each of shape (steps, units).

    Also `first` and `other`: the memory for that sequence and for the same one with its first bit turned over.
    """
    weights = weights_of(trained("LSTM", length)[0])
    x, _ = sequences(2, length, seed=20_000)
    x[:] = x[:1]
    x[:, 0, 0] = 1, -1
    h = c = np.zeros((2, HIDDEN))
    steps = {"input gate": [], "forget gate": [], "output gate": [], "first": [], "other": []}
    for t in range(length):
        i, f, _, o = lstm_gates(x[:, t], h, *weights)
        h, c = lstm_cell(x[:, t], h, c, *weights)
        for name, array in zip(steps, (i[0], f[0], o[0], c[0], c[1]), strict=True):
            steps[name].append(array)
    return {name: np.array(arrays) for name, arrays in steps.items()}


def keeper() -> int:
    """The unit whose memory at the end differs most between the two first bits."""
    return int(np.abs(memories()["first"][-1] - memories()["other"][-1]).argmax())


@exhibit(
    alt="Three gates of one unit over 20 steps, each from 0 to 1. The forget gate stays near 1 throughout; the input "
    "gate is open too, the output gate less."
)
def gates() -> Figure:
    """Gates of the unit that keeps the bit. Its forget gate stays near 1 through the noise: what is stored is not lost,
    and the open input gate adds to it.
    """
    figure, axes = style.figure(4.0, 3.0)
    steps = np.arange(1, 21)
    for name, color, dash in zip(
        ("forget gate", "input gate", "output gate"), style.SERIES, style.DASHES, strict=False
    ):
        axes.plot(steps, memories()[name][:, keeper()], color=color, linestyle=dash, label=name)
    axes.set(xlim=(1, 20), ylim=(0, 1.5), yticks=np.linspace(0, 1, 6), xticks=(1, 5, 10, 15, 20))
    axes.set(xlabel="step", ylabel="value of the gate")
    axes.legend(loc="upper left", ncols=2, columnspacing=1.2)
    return figure


@exhibit(
    alt="Memory of one unit over 20 steps for two sequences that differ in their first value alone. The two lines part "
    "at the first step and stay apart, one above 0 and one below, to the end."
)
def memory() -> Figure:
    """The memory of that unit, for two sequences that differ in their first value alone: they part, and stay apart."""
    figure, axes = style.figure(4.0, 3.0)
    steps = np.arange(1, 21)
    for name, label, color, dash in (
        ("first", "first value 1", style.BLUE, "-"),
        ("other", "first value −1", style.ORANGE, style.DASHES[1]),
    ):
        axes.plot(steps, memories()[name][:, keeper()], color=color, linestyle=dash, label=label)
    axes.axhline(0, color=style.MUTED, linewidth=0.7)
    axes.set(xlim=(1, 20), xlabel="step", ylabel="memory c", xticks=(1, 5, 10, 15, 20))
    axes.margins(y=0.18)
    axes.legend(loc="lower left")
    return figure


@exhibit()
def the_memory_stays() -> bool:
    """In that unit, the forget gate is above 0.8 at each step after the first, and the two memories are at least half
    as far apart at the end as ever.
    """
    unit, kept = keeper(), memories()
    apart = np.abs(kept["first"] - kept["other"])[:, unit]
    return bool((kept["forget gate"][1:, unit] > 0.8).all() and apart[-1] > apart.max() / 2)


@exhibit()
def largest_difference() -> str:
    """Largest difference from `torch.nn.RNNCell` and `torch.nn.LSTMCell`, outputs and all gradients, on random cells of
    three sizes. The functions that these two modules call are used here, with the second bias 0.
    """
    import torch

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
