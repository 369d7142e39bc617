import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from dlref.activations import sigmoid
from dlref.exhibit import exhibit
from dlref.plots import style

SLOPES = [0.5, 1.0, 2.0]


@exhibit(alt="A sigmoid of slope {slope}.", explore={"slope": SLOPES})
def demo(slope: float = 1.0) -> Figure:
    """Steeper with the slope."""
    figure, axes = style.figure()
    x = np.linspace(-5, 5, 101)
    axes.plot(x, sigmoid(slope * x))
    axes.set(xlabel="x", ylabel="S(x)")
    return figure


@exhibit(explore={"slope": SLOPES}, digits=3)
def demo_table(slope: float = 1.0) -> DataFrame:
    """Values."""
    x = np.arange(-2, 3)
    return DataFrame({"x": x, "S(x)": sigmoid(slope * x)})


@exhibit(explore={"slope": SLOPES}, digits=3)
def value(slope: float = 1.0) -> float:
    """S(1)"""
    return sigmoid(slope)


@exhibit()
def holds() -> bool:
    """The sigmoid is at most 1."""
    return bool(sigmoid(40) <= 1)
