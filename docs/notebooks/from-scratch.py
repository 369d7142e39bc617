# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # A neural network from scratch
#
# Forward, loss, chain rule, update: a network in NumPy, on the heart data of the
# [first notebook](heart-failure.html). Nothing is hidden in a library, and each gradient is checked.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from dlref.datasets import heart
from dlref.plots import style

style.use()

# %% [markdown]
# ## The data
#
# Five numbers per patient, scaled by the training patients' mean and standard deviation.

# %%
FEATURES = ["Age", "MaxHR", "Oldpeak", "FastingBS", "RestingBP"]
patients = heart()
patients = patients[patients["RestingBP"] > 0]
train, test = train_test_split(
    patients,
    test_size=0.2,
    stratify=patients["HeartDisease"],
    random_state=0,
)
mean, std = train[FEATURES].mean(), train[FEATURES].std()
X, X_test = (
    (part[FEATURES] - mean).div(std).to_numpy() for part in (train, test)
)
y, y_test = (part[["HeartDisease"]].to_numpy() for part in (train, test))
print(X.shape, y.shape, X_test.shape)

# %% [markdown]
# ## Forward
#
# One hidden layer of four nodes with tanh, one output node with a sigmoid. For a batch $X$ of $n$ rows:
#
# $$
# \begin{gathered}
# Z = X W_1 + b_1 \qquad H = \tanh Z \\
# s = H W_2 + b_2 \qquad p = \frac{1}{1 + e^{-s}}
# \end{gathered}
# $$
#
# $W_1$ has a row for each of the five features and a column for each of the four hidden nodes; $W_2$ is a column.


# %%
def initial(hidden=4, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, 0.5, (len(FEATURES), hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0, 0.5, (hidden, 1)),
        "b2": np.zeros(1),
    }


def forward(weights, X):
    H = np.tanh(X @ weights["W1"] + weights["b1"])
    s = H @ weights["W2"] + weights["b2"]
    return H, s


weights = initial()
H, s = forward(weights, X)
print({name: w.shape for name, w in weights.items()})
print("hidden:", H.shape, "scores:", s.shape)

# %% [markdown]
# ## Loss
#
# Binary cross-entropy, $L = -\frac{1}{n} \sum \big( y \ln p + (1 - y) \ln (1 - p) \big)$. Written in the score $s$
# it is $\ln(1 + e^{s}) - y s$, and `logaddexp` computes the first term without overflow.


# %%
def loss(weights, X, y):
    _, s = forward(weights, X)
    return float(np.mean(np.logaddexp(0, s) - y * s))


print(f"untrained: {loss(weights, X, y):.4f}; by chance: {np.log(2):.4f}")

# %% [markdown]
# ## Chain rule
#
# From the loss back to each weight. The loss of one patient is $\ln(1 + e^{s}) - y s$; its derivative with respect to the
# score is
#
# $$
# \frac{e^{s}}{1 + e^{s}} - y = \frac{1}{1 + e^{-s}} - y = p - y
# $$
#
# and with the mean over $n$ patients, $\delta = \partial L / \partial s = (p - y) / n$, a column with a row per patient.
# The rest is the chain rule, layer by layer; the derivative of tanh is $1 - \tanh^2$:
#
# $$
# \begin{gathered}
# \frac{\partial L}{\partial W_2} = H^\top \delta \qquad
# \frac{\partial L}{\partial Z} = \delta\, W_2^\top \odot (1 - H^2) \\
# \frac{\partial L}{\partial W_1} = X^\top \frac{\partial L}{\partial Z}
# \end{gathered}
# $$
#
# $\odot$ multiplies number by number, and so does the square in $1 - H^2$. A bias is added to every row, so it gets the
# sum over the rows.


# %%
def gradients(weights, X, y):
    H, s = forward(weights, X)
    d_s = (1 / (1 + np.exp(-s)) - y) / len(X)
    d_Z = (d_s @ weights["W2"].T) * (1 - H**2)
    return {
        "W1": X.T @ d_Z,
        "b1": d_Z.sum(axis=0),
        "W2": H.T @ d_s,
        "b2": d_s.sum(axis=0),
    }


# %% [markdown]
# A formula for a gradient is checked by *central differences*: move one weight a little to both sides, and see how much
# the loss changes.


# %%
def by_differences(weights, X, y, step=1e-6):
    found = {}
    for name, w in weights.items():
        found[name] = np.zeros_like(w)
        for place in np.ndindex(w.shape):
            moved = []
            for sign in (1, -1):
                shifted = w.copy()
                shifted[place] += sign * step
                moved.append(loss(weights | {name: shifted}, X, y))
            found[name][place] = (moved[0] - moved[1]) / (2 * step)
    return found


exact, approximate = gradients(weights, X, y), by_differences(weights, X, y)
worst = max(
    np.abs(exact[name] - approximate[name]).max() for name in weights
)
print("largest difference below 1e-8:", bool(worst < 1e-8))

# %% [markdown]
# ## Update
#
# Each weight and bias moves against its gradient, by the learning rate η: $w \leftarrow w - \eta\,\partial L / \partial w$.


# %%
def step(weights, X, y, learning_rate):
    slopes = gradients(weights, X, y)
    return {
        name: w - learning_rate * slopes[name]
        for name, w in weights.items()
    }


after = step(weights, X, y, learning_rate=0.5)
print(f"loss {loss(weights, X, y):.4f} → {loss(after, X, y):.4f}")
change = [
    (name, w.flat[0], exact[name].flat[0], after[name].flat[0])
    for name, w in weights.items()
]
names = ["first number of", "before", "gradient", "after"]
print(pd.DataFrame(change, columns=names).round(4).to_string(index=False))

# %% [markdown]
# ## Training, and the learning rate
#
# A hundred steps on all training patients, with three learning rates: one that looks small, a middle one, and one that is
# thirty times as large. The axis ends at 3; what lies above is not shown.


# %%
def train_with(learning_rate, steps=100):
    weights, losses = initial(), []
    for _ in range(steps):
        losses.append(loss(weights, X, y))
        weights = step(weights, X, y, learning_rate)
    return weights, losses


runs = {rate: train_with(rate) for rate in (0.01, 0.5, 15.0)}

# %% alt="Loss over 100 steps for three learning rates. At 0.01 it falls slowly; at 0.5 fast and smoothly; at 15 it first jumps far above the start and then up and down." caption="Training loss at three learning rates."
fig, ax = plt.subplots(figsize=(4.4, 3.3))
for (rate, (_, losses)), color, dash in zip(
    runs.items(), style.SERIES, style.DASHES, strict=False
):
    ax.plot(losses, color=color, linestyle=dash, label=f"rate {rate:g}")
ax.set(xlabel="step", ylabel="training loss", ylim=(0.4, 3))
ax.legend(loc="upper right")
plt.show()

# %% [markdown]
# Too small a rate is not there yet after 100 steps. Too large a rate overshoots, and the loss jumps.
#
# ## The trained network

# %%
weights, losses = runs[0.5]
_, s = forward(weights, X_test)
accuracy = float(np.mean((s > 0) == y_test))
baseline = float(max(y_test.mean(), 1 - y_test.mean()))
print(f"test loss {loss(weights, X_test, y_test):.3f}")
print(f"accuracy {accuracy:.3f}, baseline {baseline:.3f}")

# %% [markdown]
# ## The same in PyTorch
#
# The same network, from the same weights: autograd finds the gradients that we derived.

# %%
import torch

tensors = {
    name: torch.tensor(w, requires_grad=True)
    for name, w in initial().items()
}
hidden = torch.tanh(torch.tensor(X) @ tensors["W1"] + tensors["b1"])
scores = hidden @ tensors["W2"] + tensors["b2"]
torch.nn.functional.binary_cross_entropy_with_logits(
    scores, torch.tensor(y, dtype=torch.float64)
).backward()
worst = max(
    np.abs(tensors[name].grad.numpy() - slopes).max()
    for name, slopes in exact.items()
)
print("largest difference below 1e-12:", bool(worst < 1e-12))

# %% [markdown]
# That is all that [automatic gradients][pt-autograd] do, for any network. How they flow through a graph is shown in
# [Computational graphs][pt-graph-chain].
