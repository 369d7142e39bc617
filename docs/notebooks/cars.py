# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # PyTorch from end to end: 32 cars
#
# How far does a car go on a gallon, given its weight and its power? The whole way in PyTorch: data set, loader, module,
# loop, evaluation, tuning, saving.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from sklearn.model_selection import KFold, train_test_split
from torch import nn
from torch.utils.data import DataLoader, Dataset

from dlref.datasets import mtcars
from dlref.plots import style
from dlref.pytorch.checkpoints import load_checkpoint, save_checkpoint
from dlref.pytorch.training import evaluate, fit, predict

style.use()

# %% [markdown]
# ## Data
#
# 24 cars to train on, 8 to test on.

# %%
cars = mtcars()
print(cars.shape)
train, test = train_test_split(
    cars[["wt", "hp", "mpg"]], test_size=8, random_state=0
)
print(train.head())

# %% [markdown]
# ## Dataset
#
# Three methods. The data set also scales the features, by the mean and the spread *of the training cars*, which the test
# set is given.


# %%
class CarDataset(Dataset):
    def __init__(self, table, scale=None):
        features = table[["wt", "hp"]].to_numpy(dtype=np.float32)
        self.scale = scale or (features.mean(axis=0), features.std(axis=0))
        self.features = torch.tensor(
            (features - self.scale[0]) / self.scale[1]
        )
        self.target = torch.tensor(
            table[["mpg"]].to_numpy(dtype=np.float32, copy=True)
        )

    def __len__(self):
        return len(self.features)

    def __getitem__(self, index):
        return self.features[index], self.target[index]


train_set = CarDataset(train)
test_set = CarDataset(test, train_set.scale)
print(len(train_set), len(test_set), train_set[0])

# %% [markdown]
# ## DataLoader
#
# Batches of eight, in a new order each epoch. The generator makes the orders repeatable.

# %%
generator = torch.Generator().manual_seed(0)
loader = DataLoader(
    train_set, batch_size=8, shuffle=True, generator=generator
)
x, y = next(iter(loader))
print(x.shape, y.shape, len(loader), "batches")


# %% [markdown]
# ## Module
#
# With no hidden nodes a linear regression, otherwise a small network. The output layer starts at the mean of the training
# targets, so that training need not find it first.


# %%
class CarModel(nn.Module):
    def __init__(self, hidden, mean):
        super().__init__()
        if hidden:
            self.layers = nn.Sequential(
                nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, 1)
            )
        else:
            self.layers = nn.Sequential(nn.Linear(2, 1))
        nn.init.constant_(self.layers[-1].bias, mean)

    def forward(self, x):
        return self.layers(x)


torch.manual_seed(0)
model = CarModel(hidden=0, mean=train["mpg"].mean())
print(model)

# %% [markdown]
# ## Loop
#
# Five calls per batch. The losses are weighted by the size of their batch.

# %%
loss_function = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
losses = []
for _ in range(40):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    losses.append(total / len(train_set))
print(f"first epoch {losses[0]:.1f}, last {losses[-1]:.2f}")

# %% alt="Training loss over 40 epochs: it falls steeply within the first five and then stays level." caption="Loss of each epoch, over all training cars."
fig, ax = plt.subplots(figsize=(4.2, 3.0))
ax.plot(range(1, 41), losses, color=style.TRAINING)
ax.set(xlabel="epoch", ylabel="mean squared error", ylim=(0, None))
plt.show()

# %% [markdown]
# For a linear model the best coefficients are known. With small batches and a constant rate the loop stays near them, but does not
# come to rest on them.

# %%
x, y = (tensor.numpy() for tensor in train_set[:])
design = np.hstack([x, np.ones((len(x), 1))])
best, *_ = np.linalg.lstsq(design, y, rcond=None)
layer = model.layers[0]
ours = [*layer.weight[0].tolist(), layer.bias.item()]
names = ["weight", "power", "intercept"]
table = pd.DataFrame(
    {"trained": ours, "least squares": best[:, 0]}, index=names
)
print(table.round(1))

# %% [markdown]
# ## Tuning
#
# Would hidden nodes help? Four-fold cross-validation on the training cars, with all of them in one batch, 200 epochs and
# Adam. Which cars share a fold is a matter of chance, and with 24 cars it decides much: so the whole is done five times,
# each with other folds and other starts. The test cars stay out.


# %%
def trained(table, hidden, seed, epochs=200):
    torch.manual_seed(seed)
    dataset = CarDataset(table)
    # In double precision, for the same digits on every processor.
    model = CarModel(hidden, table["mpg"].mean()).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    fit(model, [dataset[:]], loss_function, optimizer, epochs=epochs)
    return model, optimizer, dataset.scale


def fold_losses(hidden, seed):
    folds = KFold(4, shuffle=True, random_state=seed).split(train)
    for inside, outside in folds:
        candidate, _, scale = trained(train.iloc[inside], hidden, seed)
        validation = CarDataset(train.iloc[outside], scale)
        yield evaluate(candidate, [validation[:]], loss_function)


sizes = [0, 2, 8, 32]
losses = np.array(
    [[[*fold_losses(h, seed)] for seed in range(5)] for h in sizes]
)
search = pd.DataFrame(index=pd.Index(sizes, name="hidden nodes"))
search["loss"] = losses.mean(axis=(1, 2))
search["error"] = losses.std(axis=2, ddof=1).mean(axis=1) / np.sqrt(4)
print(search.round(1))

# %% [markdown]
# `error` is the standard error of a mean over four folds, averaged over the repetitions. More repetitions do not make it
# smaller, since they use the same 24 cars. The *one-standard-error rule* takes the simplest model that is not worse than
# the best by more than that.

# %%
best = search["loss"].idxmin()
limit = search.loc[best].sum()
chosen = int(search.index[search["loss"] <= limit].min())
print("lowest mean of each repetition:")
print([sizes[i] for i in losses.mean(axis=2).argmin(axis=0)], "nodes")
print(f"chosen: {chosen} hidden nodes")

# %% [markdown]
# ## Evaluation
#
# The chosen model learns from all training cars, and meets the test cars for the first time.

# %%
final, final_optimizer, scale = trained(train, chosen, seed=0)
test_set = CarDataset(test, scale)
error = evaluate(final, [test_set[:]], loss_function)
print(
    f"test error: {error:.2f} squared, {np.sqrt(error):.2f} miles per gallon"
)
predicted = predict(final, test_set.features.numpy())[:, 0]
print(test.assign(predicted=predicted)[["mpg", "predicted"]].round(1))

# %% [markdown]
# Eight cars are few: another split gives another error.
#
# ## Saving
#
# A checkpoint holds the model and the optimizer that trained it. Loaded into a new model and optimizer, it gives the same
# predictions, and training can go on.

# %%
other = CarModel(chosen, mean=0.0).double()
other_optimizer = torch.optim.Adam(other.parameters())
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "cars.pt"
    save_checkpoint(path, final, final_optimizer, epoch=200)
    epoch = load_checkpoint(path, other, other_optimizer)
features = test_set.features.numpy()
same = predict(final, features) == predict(other, features)
print("epoch", epoch, "· equal predictions:", bool(same.all()))
