"""Exhibits of the page on the workflow."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.layers import perceptron, perceptron_gradient
from dlref.losses import absolute_error, squared_error, squared_error_gradient
from dlref.optimizers import gradient_descent
from dlref.plots import style
from dlref.plots.flow import Arrow, Box, flow

# One example to train on, and three that are new; the second input is the constant of the bias. The rule behind all
# four, y = x - 1, is what the weights should find.
X, Y_TRUE = np.array([2, 1]), 1
X_TEST, Y_TEST = np.array([[1, 1], [3, 1], [4, 1]]), np.array([0, 2, 3])
START = np.array([0.5, -1.0])
RATE = 0.05
STEPS = [1, 2, 3, 4]


def one_step(weights: np.ndarray) -> dict[str, np.ndarray | float]:
    """One round of the loop: everything that is computed on the way to new weights."""
    init, update = gradient_descent(learning_rate=RATE)
    y_pred = perceptron(X, weights, activation="identity")
    _, by_weights = perceptron_gradient(X, weights, activation="identity")
    gradient = squared_error_gradient(Y_TRUE, y_pred) * by_weights
    new, _ = update(weights, gradient, init(weights))
    loss = float(squared_error(Y_TRUE, y_pred))
    return {"weights": weights, "prediction": y_pred, "loss": loss, "gradient": gradient, "new weights": new}


def at(step: int) -> dict[str, np.ndarray | float]:
    """The values of a step, the first being 1."""
    values = one_step(START)
    for _ in range(step - 1):
        values = one_step(values["new weights"])
    return values


def shown(value: np.ndarray | float) -> str:
    """Numbers, with commas between them and true minus signs."""
    return ", ".join(f"{v:.5g}" for v in np.atleast_1d(value)).replace("-", "−")


@exhibit(
    alt=lambda step: (
        f"The training loop with the values of step {step}. "
        + "; ".join(f"{name} {shown(value)}" for name, value in at(step).items())
        + ". Arrows lead from data through weights to prediction, loss, optimizer, and back to the weights."
    ),
    explore={"step": STEPS},
)
def loop(step: int = 1) -> Figure:
    """The training loop with the real values of one step. Data and true value stay; everything else changes from step
    to step.
    """
    now = {name: shown(value) for name, value in at(step).items()}
    boxes = {
        "data": Box(f"data\n{shown(X)}", 0, 0, wide=0.8),
        "weights": Box(f"weights\n{now['weights']}", 0, 0.8, "work"),
        "prediction": Box(f"prediction\n{now['prediction']}", 0, 1.8, "made", wide=1.2),
        "loss": Box(f"loss {now['loss']}\ngradient {now['gradient']}", 1.15, 1.8, "work", wide=1.2),
        "optimizer": Box(f"optimizer\nrate {RATE}", 1.15, 0.8, "work"),
        "truth": Box(f"true value\n{Y_TRUE}", 2.3, 1.8, wide=1.2),
    }
    arrows = [
        Arrow("data", "weights"),
        Arrow("weights", "prediction"),
        Arrow("prediction", "loss"),
        Arrow("truth", "loss"),
        Arrow("loss", "optimizer"),
        Arrow("optimizer", "weights", f"new: {now['new weights']}"),
    ]
    return flow(boxes, arrows, width=4.8)


@exhibit(explore={"step": STEPS})
def step_number(step: int = 1) -> int:
    """Which step of the training is shown."""
    return step


@exhibit(explore={"step": STEPS}, digits=4)
def loss_now(step: int = 1) -> float:
    """The squared error before this step."""
    return at(step)["loss"]


@exhibit(explore={"step": STEPS}, digits=4)
def loss_next(step: int = 1) -> float:
    """The squared error after this step."""
    return at(step + 1)["loss"]


@exhibit(
    alt=lambda step: f"The loss falls from {at(1)['loss']:g} towards 0 over six steps; step {step} is marked.",
    explore={"step": STEPS},
)
def loss_curve(step: int = 1) -> Figure:
    """The loss at each step; the marked one is drawn above."""
    losses = [at(k)["loss"] for k in range(1, 7)]
    figure, axes = style.figure(4.0, 2.6)
    axes.plot(range(1, 7), losses, color=style.TRAINING, marker="o", markersize=4)
    axes.plot(step, losses[step - 1], "o", color=style.INK, markersize=8)
    axes.set(xlabel="step", ylabel="loss", ylim=(-0.04, 1.08))
    return figure


@exhibit(follows="the formulas: a step multiplies the error by 1 − 2·0.05·(2² + 1²) = 0.5")
def loss_shrinks_to_a_quarter() -> bool:
    """In each of the first ten steps the loss falls to a quarter of what it was."""
    losses = np.array([at(k)["loss"] for k in range(1, 12)])
    return bool(np.allclose(losses[1:], losses[:-1] / 4, rtol=1e-9, atol=0))


@exhibit()
def largest_difference() -> str:
    """Largest difference between NumPy and PyTorch in prediction, loss, gradient or new weights at any of ten steps."""
    import torch

    weights = torch.tensor(START, requires_grad=True)
    optimizer, x = torch.optim.SGD([weights], lr=RATE), torch.tensor(X, dtype=torch.float64)
    pairs = []
    for step in range(1, 11):
        optimizer.zero_grad()
        prediction = x @ weights
        loss = torch.nn.functional.mse_loss(prediction, torch.tensor(float(Y_TRUE), dtype=torch.float64))
        loss.backward()
        optimizer.step()
        theirs = [prediction.item(), loss.item(), weights.grad.numpy().copy(), weights.detach().numpy().copy()]
        ours = [at(step)[name] for name in ("prediction", "loss", "gradient", "new weights")]
        pairs += zip(ours, theirs, strict=True)
    return agreement(pairs)


def trained() -> np.ndarray:
    """The weights after 20 steps."""
    return at(20)["new weights"]


@exhibit(
    alt=lambda: (
        f"New data flow through the fixed weights {shown(trained())} to a prediction, which is evaluated against the "
        "true value. No arrow leads back to the weights."
    )
)
def predicting() -> Figure:
    """Creating predictions: the loop is cut. New data pass through the weights that training has left, and nothing
    flows back.
    """
    boxes = {
        "data": Box(f"new data\n{shown(X_TEST[0])}", 0, 0, wide=0.8),
        "weights": Box(f"fixed weights\n{shown(trained())}", 0, 0.8, "work"),
        "prediction": Box(f"prediction\n{shown(predictions()[0])}", 0, 1.8, "made", wide=1.2),
        "evaluation": Box(f"evaluation\nerror {shown(error()[0])}", 1.15, 1.8, "work", wide=1.2),
        "truth": Box(f"true value\n{Y_TEST[0]}", 2.3, 1.8, wide=1.2),
    }
    arrows = [
        Arrow("data", "weights"),
        Arrow("weights", "prediction"),
        Arrow("prediction", "evaluation"),
        Arrow("truth", "evaluation"),
    ]
    return flow(boxes, arrows, width=4.8)


def predictions() -> np.ndarray:
    """What the trained neuron says of the new examples."""
    return np.array([perceptron(x, trained(), activation="identity") for x in X_TEST])


def error() -> np.ndarray:
    """How far off each prediction is."""
    return absolute_error(Y_TEST, predictions())


@exhibit(digits=3)
def evaluation() -> DataFrame:
    """Three new examples, which training never saw."""
    inputs = [f"{a}, {b}" for a, b in X_TEST]
    return DataFrame({"input": inputs, "prediction": predictions(), "true value": Y_TEST, "absolute error": error()})


@exhibit(digits=3)
def mean_error() -> float:
    """Mean absolute error over the three new examples."""
    return float(error().mean())


@exhibit(follows="the loss that falls to a quarter 20 times")
def training_loss_is_tiny() -> bool:
    """After 20 steps the squared error on the training example is below 1e-6."""
    return bool(at(21)["loss"] < 1e-6)
