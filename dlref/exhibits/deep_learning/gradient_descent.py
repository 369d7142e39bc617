"""Exhibits of the page on gradient descent."""

import itertools

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._line import START, best_line, line_gradient, line_loss, patients
from dlref.losses import binary_cross_entropy_from_logits, binary_cross_entropy_from_logits_gradient
from dlref.optimizers import descend, gradient_descent
from dlref.plots import descent, style

STEPS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40]
GRID = np.linspace(-1, 1, 11)
FEATURES = ["Oldpeak", "MaxHR", "Angina", "FastingBS", "Age"]
XLIM, YLIM = (-1.3, 1.7), (-1.5, 1.3)


def slope_loss(w: np.ndarray) -> np.ndarray:
    """Loss of the line by its slope alone; its offset stands at the best value."""
    w = np.asarray(w)
    return line_loss(np.stack([np.full_like(w, best_line()[0]), w], axis=-1))


def slope_gradient(w: np.ndarray) -> np.ndarray:
    """The derivative of that loss."""
    return line_gradient(np.array([best_line()[0], w[0]]))[1:]


def slope_path(step: int) -> np.ndarray:
    """The slope after each of some steps of gradient descent at rate 0.05."""
    return descend(slope_gradient, [1.2], gradient_descent(learning_rate=0.05), steps=step)[:, 0]


def line_path(step: int) -> np.ndarray:
    """Offset and slope after each of some steps of gradient descent at rate 0.1."""
    return descend(line_gradient, START, gradient_descent(learning_rate=0.1), steps=step)


@exhibit(
    alt=lambda step: (
        f"A U-shaped loss over one weight. The path starts high on the right and after {step} steps is at "
        f"w = {slope_path(step)[-1]:.2f}, loss {slope_loss(slope_path(step))[-1]:.2f}, where the tangent is drawn."
    ),
    explore={"step": STEPS},
)
def on_curve(step: int = 6) -> Figure:
    """Each step follows the tangent downhill. Steps shrink by themselves, since the slope does."""
    path = slope_path(step)
    return descent.path_on_curve(
        slope_loss,
        path,
        xlim=(-1.8, 1.4),
        ylim=(0, 8),
        slope=lambda w: slope_gradient(np.array([w]))[0],
        xlabel="weight w (slope of the line)",
        note=f"step {step}: w = {path[-1]:.3f}, loss {slope_loss(path)[-1]:.3f}".replace("-", "−"),
    )


@exhibit(
    alt=lambda step: (
        f"Flow of gradient descent at step {step}, where w is {slope_path(step)[-1]:.3f}: initialize, measure the "
        "slope, change the weight, ask whether the minimum is found; if not, go round again; if so, finish."
    ),
    explore={"step": STEPS},
)
def flow(step: int = 6) -> Figure:
    """The loop, with the values of this step. It ends when the slope is nearly 0."""
    w = slope_path(step)[-1]
    slope = slope_gradient(np.array([w]))[0]
    found = abs(slope) < 0.01
    figure, axes = style.blank(4.0, 3.1, xlim=(0, 10), ylim=(0, 7.75))
    boxes = {
        "initialize": (2.1, 6.9, f"initialize\nw = {slope_path(0)[0]:.3f}"),
        "slope": (7.5, 6.9, f"slope of the loss\ndL/dw = {slope:.3f}"),
        "change": (7.5, 3.9, f"small change\nw ← w − 0.05 dL/dw\n= {w - 0.05 * slope:.3f}"),
        "found": (2.1, 3.9, "minimum found?\n|dL/dw| < 0.01"),
        "finish": (2.1, 0.9, f"finish\nw = {w:.3f}" if found else "finish\n "),
    }
    for name, (x, y, text) in boxes.items():
        reached = found if name == "finish" else True
        look = style.BOX | ({"edgecolor": style.BLUE} if reached else {"facecolor": style.GROUND})
        axes.text(x, y, text.replace("-", "−"), ha="center", va="center", bbox=look)
    arrows = [((3.6, 6.9), (5.4, 6.9)), ((7.5, 6.1), (7.5, 4.95)), ((5.0, 3.9), (4.1, 3.9)), ((2.1, 3.05), (2.1, 1.7))]
    for tail, head in [*arrows, ((3.4, 4.7), (5.6, 6.1))]:
        axes.annotate("", head, tail, arrowprops=style.ARROW)
    axes.text(4.3, 5.6, "no", color=style.MUTED, ha="right")
    axes.text(2.35, 2.4, "yes", color=style.MUTED, va="center")
    return figure


@exhibit(
    alt=lambda step: (
        "Ellipses of equal loss over offset and slope. The path starts at the upper left, runs straight into the "
        f"valley, then along it; after {step} steps it is at ({line_path(step)[-1][0]:.2f}, "
        f"{line_path(step)[-1][1]:.2f}). A star marks the least loss."
    ),
    explore={"step": STEPS},
)
def on_contour(step: int = 6) -> Figure:
    """With two weights the path runs first down into the valley, then along it to the star, where the loss is least."""
    return descent.path_on_contour(
        line_loss,
        line_path(step),
        minima=[best_line()],
        labels=("offset b", "slope w"),
        xlim=XLIM,
        ylim=YLIM,
        levels=[1, 1.5, 2.5, 4, 7, 12],
        note=f"step {step}: loss {line_loss(line_path(step))[-1]:.3f}",
    )


@exhibit(
    alt=lambda step: (
        f"Age against maximum heart rate of {len(patients()[0])} patients, with the line that the weights after "
        f"{step} steps stand for, and dashed the line of least squares."
    ),
    explore={"step": STEPS},
)
def fitted_line(step: int = 6) -> Figure:
    """The same weights as a line: it turns and rises until it fits the patients. Dashed: least squares."""
    x, y = patients()
    figure, axes = style.figure()
    axes.scatter(40 + 10 * x, 140 + 20 * y, s=9, color=style.MUTED)
    ends = np.array([-1.2, 4.0])
    for (b, w), look in ((best_line(), {"color": style.GREEN, "linestyle": (0, (4, 2))}), (line_path(step)[-1], {})):
        axes.plot(40 + 10 * ends, 140 + 20 * (b + w * ends), **({"color": style.BLUE} | look))
    axes.set(xlim=(28, 80), ylim=(50, 215), xlabel="age in years", ylabel="maximum heart rate per minute")
    return figure


@exhibit(digits={"b": 3, "w": 3, "∂L/∂b": 3, "∂L/∂w": 3, "loss": 3})
def first_steps() -> DataFrame:
    """The first steps in numbers, at a rate of 0.1: each weight loses a tenth of its slope."""
    path = line_path(4)
    slopes = np.array([line_gradient(point) for point in path])
    columns = {"step": range(5), "b": path[:, 0], "w": path[:, 1], "∂L/∂b": slopes[:, 0], "∂L/∂w": slopes[:, 1]}
    return DataFrame(columns | {"loss": line_loss(path)})


@exhibit(over="one sample of 60 patients")
def reaches_least_squares() -> bool:
    """After 400 steps, offset and slope equal those of least squares to nine decimals."""
    return bool(np.allclose(line_path(400)[-1], best_line(), rtol=0, atol=1e-9))


@exhibit()
def largest_difference() -> str:
    """Largest difference of the two weights from those of `torch.optim.SGD`, whose slope comes from autograd, after
    each of 40 steps.
    """
    import torch

    x, y = map(torch.tensor, patients())
    weights = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer, path = torch.optim.SGD([weights], lr=0.1), []
    for _ in range(40):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(weights[0] + weights[1] * x, y).backward()
        optimizer.step()
        path.append(weights.detach().numpy().copy())
    return agreement([(line_path(40)[1:], path)])


def heart_columns(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether each of 200 patients is ill, and their first features, scaled to mean 0 and standard deviation 1."""
    sample = heart().sample(200, random_state=0)
    features = sample.assign(Angina=sample["ExerciseAngina"] == "Y")[FEATURES[:count]].astype(float)
    return sample["HeartDisease"].to_numpy(), ((features - features.mean()) / features.std()).to_numpy()


def best_of_grid(count: int) -> float:
    """The least loss among all combinations of grid values for so many weights."""
    y_true, x = heart_columns(count)
    best = np.inf
    for first in itertools.product(GRID, repeat=max(count - 3, 0)):
        rest = np.stack(np.meshgrid(*[GRID] * min(count, 3)), axis=-1).reshape(-1, min(count, 3))
        weights = np.hstack([np.tile(first, (len(rest), 1)), rest])
        logits = weights @ x.T
        losses = binary_cross_entropy_from_logits(np.broadcast_to(y_true, logits.shape), logits).mean(axis=1)
        best = min(best, losses.min())
    return float(best)


def steps_to(loss: float, count: int) -> int:
    """Steps of gradient descent, at rate 1 from weights of 0, until the loss is no higher."""
    y_true, x = heart_columns(count)

    def gradient(weights):
        return binary_cross_entropy_from_logits_gradient(y_true, x @ weights) @ x / len(x)

    path = descend(gradient, np.zeros(count), gradient_descent(learning_rate=1.0), steps=200)
    losses = [binary_cross_entropy_from_logits(y_true, x @ weights).mean() for weights in path]
    return int(np.flatnonzero(np.array(losses) <= loss)[0])


@exhibit(digits=4, over="one sample of 200 patients")
def brute_force() -> DataFrame:
    """Predicting heart disease: the loss evaluated for all combinations of 11 values for each weight, against the steps
    of gradient descent to the same loss, at a rate of 1 from weights of 0, and what they cost, three evaluations each.
    """
    rows = []
    for count in range(1, 6):
        loss = best_of_grid(count)
        rows.append({"weights": count, "combinations": len(GRID) ** count, "best loss": loss})
        rows[-1] |= {"steps": (steps := steps_to(loss, count)), "cost of steps": 3 * steps}
    return DataFrame(rows)


@exhibit()
def network_combinations() -> str:
    """Combinations of 11 values for each of the 31 weights of a network with 3 inputs, 4 hidden nodes and 3 outputs."""
    weights = 3 * 4 + 4 + 4 * 3 + 3
    exponent = int(weights * np.log10(len(GRID)))
    return "10" + str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
