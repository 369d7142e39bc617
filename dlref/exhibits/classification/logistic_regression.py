"""Exhibits of the page on logistic regression."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from scipy.stats import norm

from dlref.activations import sigmoid
from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.logistic import fit, predict_proba
from dlref.plots import regression, style

STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200]
LEVELS = [round(0.1 * i, 1) for i in range(1, 10)]
NAMES = ("healthy", "disease")
ST = "ST depression in mm"


@cache
def patients() -> tuple[np.ndarray, np.ndarray]:
    """ST depression under exercise in mm, and whether the patient has heart disease, for all patients."""
    table = heart()
    return table["Oldpeak"].to_numpy(), table["HeartDisease"].to_numpy()


@cache
def line() -> tuple[float, float]:
    """Slope and intercept of the least-squares line through the 0s and 1s."""
    slope, intercept = np.polyfit(*patients(), deg=1)
    return float(slope), float(intercept)


@cache
def curve(steps: int = 1000) -> tuple[float, float, np.ndarray]:
    """Coefficient, intercept and loss path of logistic regression after some steps of gradient descent from 0."""
    x, y_true = patients()
    if steps == 0:
        return 0.0, 0.0, np.array([np.log(2)])
    coefficients, intercept, losses = fit(x[:, None], y_true, steps=steps, learning_rate=1.0)
    return float(coefficients[0]), intercept, losses


@exhibit(
    alt="All patients at height 0 (healthy) or 1 (disease) over their ST depression, and the share with disease "
    "in each bin. A straight line through them falls below 0 on the left and rises above 1 on the right."
)
def straight_line() -> Figure:
    """A least-squares line leaves the range from 0 to 1 on both sides. Squares and circles: all patients, the larger
    the more of them. Diamonds: the share with disease in bins 1 mm wide, at the mean of their n patients; hollow below
    10.
    """
    x, y_true = patients()
    slope, intercept = line()
    return regression.binary_target(
        x, y_true, lambda grid: slope * grid + intercept, names=NAMES, xlabel=ST, ylabel="prediction"
    )


@exhibit(
    alt="The same points and shares, and a sigmoid curve that rises from near 0 on the left to near 1 on the right and "
    "stays between them."
)
def sigmoid_curve() -> Figure:
    """The sigmoid of a line stays between 0 and 1, and can be read as a probability. The few patients below 0 mm do not
    lie on it: most of them are ill.
    """
    x, y_true = patients()
    slope, intercept, _ = curve()
    return regression.binary_target(
        x, y_true, lambda grid: sigmoid(slope * grid + intercept), names=NAMES, xlabel=ST, ylabel="p"
    )


@exhibit()
def line_low() -> float:
    """Prediction of the least-squares line for the lowest ST depression in the data."""
    slope, intercept = line()
    return slope * patients()[0].min() + intercept


@exhibit()
def line_high() -> float:
    """Prediction of the least-squares line for the highest ST depression in the data."""
    slope, intercept = line()
    return slope * patients()[0].max() + intercept


@exhibit(digits=1)
def highest() -> float:
    """Highest ST depression in the data, in mm."""
    return patients()[0].max()


@exhibit(digits=3)
def curve_high() -> float:
    """Probability that logistic regression gives for the highest ST depression in the data."""
    slope, intercept, _ = curve()
    return float(sigmoid(slope * patients()[0].max() + intercept))


@exhibit(over="all 918 patients")
def line_leaves() -> bool:
    """Over the range of the data the line's predictions go below 0 and above 1; the sigmoid's stay strictly between."""
    x = patients()[0]
    slope, intercept, _ = curve()
    p = sigmoid(slope * x + intercept)
    return line_low() < 0 and line_high() > 1 and bool((p > 0).all() and (p < 1).all())


@exhibit(
    alt=lambda steps: (
        f"The sigmoid after {steps} steps of gradient descent over the points: flat at one half before the first, and "
        "steeper with every step."
    ),
    explore={"steps": STEPS},
)
def descent(steps: int = 5) -> Figure:
    """Gradient descent starts from a flat curve, one half for everybody, and bends it step by step."""
    x, y_true = patients()
    slope, intercept, _ = curve(steps)
    return regression.binary_target(
        x, y_true, lambda grid: sigmoid(slope * grid + intercept), names=NAMES, xlabel=ST, ylabel="p"
    )


@exhibit(
    alt=lambda steps: (
        "The loss over the steps of the descent, falling fast at first and then levelling off; marked is step "
        f"{steps}, at a loss of {curve(steps)[2][-1]:.3f}."
    ),
    explore={"steps": STEPS},
)
def loss_path(steps: int = 5) -> Figure:
    """The loss falls with every step and levels off at its only minimum. The axis of steps is logarithmic from 1 on."""
    losses = curve(STEPS[-1])[2]
    figure, axes = style.figure()
    axes.plot(losses, color=style.TRAINING)
    axes.plot(steps, losses[steps], "o", markersize=7, color=style.INK)
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    axes.set(xlabel="step", ylabel="mean cross-entropy", xlim=(-0.1, 260), xticks=(0, 1, 10, 100))
    axes.set_xticklabels(["0", "1", "10", "100"])
    axes.xaxis.minorticks_off()
    return figure


@exhibit(explore={"steps": STEPS}, digits=3)
def slope_after(steps: int = 5) -> float:
    """Coefficient of ST depression after the chosen number of steps."""
    return curve(steps)[0]


@exhibit(explore={"steps": STEPS}, digits=3)
def loss_after(steps: int = 5) -> float:
    """Mean cross-entropy after the chosen number of steps."""
    return float(curve(steps)[2][-1])


@exhibit(explore={"steps": STEPS})
def steps_chosen(steps: int = 5) -> int:
    """The number of steps that the slider is at."""
    return steps


@exhibit(digits=3)
def slope() -> float:
    """Coefficient of ST depression at the minimum of the loss."""
    return curve()[0]


@exhibit(digits=2)
def odds_ratio() -> float:
    """Factor of the odds for one millimeter more: e to the power of the coefficient."""
    return float(np.exp(curve()[0]))


@exhibit(follows="the formula of the model")
def odds_ratio_is_constant() -> bool:
    """One millimeter more multiplies the model's odds by e to the power of the coefficient, from wherever it starts (0
    to 5 mm, to 9 decimals). So it is in every model of this form, whatever the data.
    """
    slope, intercept, _ = curve()
    x = np.linspace(0, 5, 51)
    p, q = sigmoid(slope * x + intercept), sigmoid(slope * (x + 1) + intercept)
    return bool(np.allclose(q / (1 - q) / (p / (1 - p)), np.exp(slope), rtol=1e-9))


@exhibit(digits=2)
def odds_by_bin() -> DataFrame:
    """Odds of disease in bins of ST depression, and by which factor they change from the bin before, beside the factor
    that the model gives between the means of the two bins. A dash: no patient of the bin is healthy.
    """
    x, y_true = patients()
    rows = []
    for inside in regression.bins(x):
        share, mean = y_true[inside].mean(), x[inside].mean()
        odds = share / (1 - share) if share < 1 else np.nan
        rows.append((f"{np.floor(mean):.0f} to {np.floor(mean) + 1:.0f}", inside.sum(), share, odds, mean))
    table = DataFrame(rows, columns=["mm", "patients", "ill", "odds", "mean"])
    table["factor"] = table["odds"] / table["odds"].shift()
    table["model"] = np.exp(curve()[0] * table["mean"].diff())
    few = table["patients"] < 10
    table.loc[few | few.shift(fill_value=True), ["factor", "model"]] = np.nan
    table["mm"] = table["mm"].str.replace("-", "−")
    return table.drop(columns="mean").set_index("mm")


@exhibit(over="all 918 patients, and 500 samples drawn from them with replacement")
def odds_flatten() -> bool:
    """The odds of disease rise by a larger factor from the bin of 0 to 1 mm to that of 1 to 2 mm than from 2 to 3 mm to
    3 to 4 mm: among all patients, and in at least 90 % of the samples.
    """
    x, y_true = patients()
    low = np.floor(x)

    def logs(chosen: np.ndarray) -> np.ndarray:
        counts = np.array([np.bincount(y_true[chosen][low[chosen] == k], minlength=2) for k in range(4)])
        return np.diff(np.log((counts[:, 1] + 0.5) / (counts[:, 0] + 0.5)))

    generator = np.random.default_rng(0)
    samples = np.array([logs(generator.integers(0, len(x), len(x))) for _ in range(500)])
    first, _, last = logs(np.arange(len(x)))
    return bool(first > last and (samples[:, 0] > samples[:, 2]).mean() >= 0.9)


@exhibit()
def below_zero() -> str:
    """How many of the patients with an ST depression below 0 are ill, and how many there are."""
    x, y_true = patients()
    return f"{y_true[x < 0].sum()} of {(x < 0).sum()}"


@exhibit()
def below_zero_model() -> float:
    """The mean of the model's probabilities for the patients with an ST depression below 0."""
    x = patients()[0]
    slope, intercept, _ = curve()
    return float(sigmoid(slope * x[x < 0] + intercept).mean())


# Feature: how a row of the data becomes its value, and what one unit is.
FEATURES = {
    "age": (lambda table: table["Age"] / 10, "10 years"),
    "ST depression": (lambda table: table["Oldpeak"], "1 mm"),
    "highest heart rate": (lambda table: table["MaxHR"] / 10, "10 beats/min"),
    "male": (lambda table: table["Sex"] == "M", "yes against no"),
    "angina under exercise": (lambda table: table["ExerciseAngina"] == "Y", "yes against no"),
}


@cache
def several() -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Coefficients and intercept of a fit to five features, two of them yes or no; the features and the target."""
    table = heart()
    X = np.column_stack([column(table) for column, _ in FEATURES.values()]).astype(float)
    y_true = table["HeartDisease"].to_numpy()
    mean, scale = X.mean(axis=0), X.std(axis=0)
    coefficients, intercept, _ = fit((X - mean) / scale, y_true, steps=1000)
    # Back to the features' own units, in which a coefficient can be read.
    return coefficients / scale, intercept - mean / scale @ coefficients, X, y_true


def intervals(X: np.ndarray, coefficients: np.ndarray, intercept: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the 95 % intervals of the coefficients, from the curvature of the loss at its minimum (Wald)."""
    p = predict_proba(X, coefficients, intercept)
    columns = np.column_stack([X, np.ones(len(X))])
    covariance = np.linalg.inv(columns.T @ (columns * (p * (1 - p))[:, None]))
    half = norm.ppf((1 + 0.95) / 2) * np.sqrt(np.diag(covariance))[:-1]
    return coefficients - half, coefficients + half


@exhibit(digits={"coefficient": 2, "odds ratio": 2, "from": 2, "to": 2})
def odds_ratios() -> DataFrame:
    """Above 1 the odds of disease rise with the feature, below 1 they fall, all other features being equal. *From* and
    *to*: a 95 % interval that covers the draw of the patients, not which hospitals they came from.
    """
    coefficients, intercept, X, _ = several()
    low, high = intervals(X, coefficients, intercept)
    columns = {
        "one more is": [unit for _, unit in FEATURES.values()],
        "coefficient": coefficients,
        "odds ratio": np.exp(coefficients),
        "from": np.exp(low),
        "to": np.exp(high),
    }
    return DataFrame(columns, index=[*FEATURES]).rename_axis("feature")


@exhibit(over="all 918 patients")
def signs() -> bool:
    """The coefficient of the highest heart rate is negative; those of age, ST depression, male and angina are positive.
    No 95 % interval contains 0.
    """
    coefficients, intercept, X, _ = several()
    low, high = intervals(X, coefficients, intercept)
    return bool((np.sign(low) == [1, 1, -1, 1, 1]).all() and (np.sign(high) == np.sign(low)).all())


@cache
def plane() -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Heart rate and ST depression, the target, and the coefficients and intercept of the fit to both."""
    table = heart()
    X, y_true = table[["MaxHR", "Oldpeak"]].to_numpy(dtype=float), table["HeartDisease"].to_numpy()
    mean, scale = X.mean(axis=0), X.std(axis=0)
    coefficients, intercept, _ = fit((X - mean) / scale, y_true, steps=1000)
    return X, y_true, coefficients / scale, intercept - mean / scale @ coefficients


@exhibit(
    alt="Patients by highest heart rate and ST depression, healthy as orange squares, disease as blue circles. A "
    "straight line marks probability {level:.1f}; lines for other probabilities run parallel to it. Patients whose "
    "class it tells rightly are filled.",
    explore={"level": LEVELS},
)
def boundary(level: float = 0.5) -> Figure:
    """In two features, the patients of equal probability lie on a straight line. Another threshold moves it, and does
    not turn it. Filled are the patients whose class it tells rightly. Thin lines: every tenth of probability. Every
    third patient is drawn, moved up or down by up to 0.2 mm, since many have the same ST depression.
    """
    X, y_true, coefficients, intercept = plane()
    figure, axes = style.figure()
    right = (predict_proba(X, coefficients, intercept) >= level) == y_true
    height = X[:, 1] + np.random.default_rng(0).uniform(-0.2, 0.2, len(X))
    third = np.arange(len(X)) % 3 == 0
    for label, color, marker in ((0, style.NEGATIVE, "s"), (1, style.POSITIVE, "o")):
        for drawn, face in ((right, color), (~right, "none")):
            chosen = drawn & third & (y_true == label)
            axes.scatter(
                X[chosen, 0], height[chosen], s=11, marker=marker, facecolor=face, edgecolor=color, linewidth=0.8
            )
    rate = np.array([55, 205])
    for p in LEVELS:
        st = (np.log(p / (1 - p)) - intercept - coefficients[0] * rate) / coefficients[1]
        look = {"color": style.INK, "linewidth": 2} if p == level else {"color": style.MUTED, "linewidth": 0.6}
        axes.plot(rate, st, **look)
    axes.set(xlabel="highest heart rate, beats/min", ylabel="ST depression, mm", xlim=(58, 205), ylim=(-2.8, 6.4))
    return figure


@exhibit()
def largest_difference() -> str:
    """Largest difference of the coefficients and the intercept from scikit-learn's, on five features of 918 patients,
    and from those of PyTorch's LBFGS, on one.
    """
    import torch
    from sklearn.linear_model import LogisticRegression

    coefficients, intercept, X, y_true = several()
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(X, y_true)
    x, target = (torch.tensor(values, dtype=torch.float64) for values in patients())
    weights = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=100, tolerance_grad=1e-12, tolerance_change=0)

    def loss():
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(weights[0] * x + weights[1], target)
        value.backward()
        return value

    optimizer.step(loss)
    ours, theirs = [*coefficients, intercept], [*model.coef_[0], *model.intercept_]
    # Each stops near the minimum, not at it.
    return agreement([(ours, theirs), (curve()[:2], weights.detach())], at_most=1e-9)


@exhibit(follows="the slope with respect to the intercept, which is 0 at the minimum")
def probabilities_fit() -> bool:
    """The mean of the fitted probabilities equals the share of patients with disease, to 9 decimals. The slope of the
    loss by the intercept is the difference of the two.
    """
    coefficients, intercept, X, y_true = several()
    return bool(np.isclose(predict_proba(X, coefficients, intercept).mean(), y_true.mean(), rtol=0, atol=1e-9))
