"""Exhibits of the page on where the workshop's slides differ: one check for each difference."""

import numpy as np

from dlref.activations import sigmoid
from dlref.bandits import ab_test, bernoulli_rewards, play, regret, thompson_sampling
from dlref.convolution import conv1d
from dlref.datasets import heart
from dlref.encoding import multi_hot
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import preparation
from dlref.losses import bias_error, binary_cross_entropy, hinge_loss, multiclass_hinge_loss, squared_error
from dlref.metrics import confusion_matrix, counts, r2_score, sum_of_squared_errors, true_positive_rate
from dlref.optimizers import adagrad, adam
from dlref.softmax import softmax


@exhibit(follows="the definition of the two errors")
def type_one_is_a_false_positive() -> bool:
    """An actual negative that is predicted positive, which is a Type I error, counts as FP; the reverse as FN."""
    type_one, type_two = counts(confusion_matrix([0], [1])), counts(confusion_matrix([1], [0]))
    return type_one == (0, 1, 0, 0) and type_two == (0, 0, 1, 0)


@exhibit(follows="the definition of the true positive rate")
def rate_divides_by_all_positives() -> bool:
    """TP/(TP + FN) on the workshop's counts equals scikit-learn's recall; TP/(TP + FP) is another number."""
    from sklearn.metrics import recall_score

    tn, fp, fn, tp = 50, 10, 5, 100
    y_true, y_pred = np.repeat([0, 0, 1, 1], (tn, fp, fn, tp)), np.repeat([0, 1, 0, 1], (tn, fp, fn, tp))
    rate = true_positive_rate([[tn, fp], [fn, tp]])
    return bool(np.isclose(rate, recall_score(y_true, y_pred)) and not np.isclose(rate, tp / (tp + fp)))


@exhibit(follows="the definitions of R² and of the sum of squared errors")
def r2_is_not_the_sum_of_squares() -> bool:
    """R² equals 1 - SSE/SST and scikit-learn's `r2_score`; SSE itself has another value."""
    from sklearn import metrics

    y_true, y_pred = np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 3.0])
    sse, sst = sum_of_squared_errors(y_true, y_pred), sum_of_squared_errors(y_true, np.full(3, y_true.mean()))
    r2 = r2_score(y_true, y_pred)
    return bool(np.isclose(r2, 1 - sse / sst) and np.isclose(r2, metrics.r2_score(y_true, y_pred)) and r2 != sse)


@exhibit(follows="the definition of a multi-label code")
def two_labels_at_once() -> bool:
    """A picture with a tree and a house is encoded with two ones, so its labels do not exclude each other."""
    return multi_hot([[0, 1]], classes=3).sum() == 2


@exhibit(follows="the outputs of a softmax adding up to 1")
def softmax_cannot_give_two_labels() -> bool:
    """On scores (3, 3, -3) sigmoids give two labels above one half; a softmax, whose outputs sum to 1, gives none."""
    scores = np.array([3.0, 3.0, -3.0])
    return (sigmoid(scores) > 0.5).sum() == 2 and (softmax(scores) > 0.5).sum() == 0


@exhibit(follows="the definition of the loss")
def minus_belongs_to_both_terms() -> bool:
    """With both terms negated the loss equals PyTorch's; the formula of the slide is negative for label 0."""
    import torch

    y, p = np.array([0.0, 1.0]), np.array([0.3, 0.6])
    theirs = torch.nn.functional.binary_cross_entropy(torch.tensor(p), torch.tensor(y), reduction="none")
    slide = -(y * np.log(p)) + (1 - y) * np.log(1 - p)
    return bool(np.allclose(binary_cross_entropy(y, p), theirs.numpy()) and slide[0] < 0)


@exhibit(follows="the definition of the loss")
def the_slide_shows_the_multiclass_hinge() -> bool:
    """The sum over the other classes equals PyTorch's multi-class margin loss, which is that sum over their number."""
    import torch

    y, scores = np.array([2, 0]), np.array([[0.2, 1.0, 0.5], [2.0, 0.3, 0.9]])
    theirs = torch.nn.functional.multi_margin_loss(torch.tensor(scores), torch.tensor(y), reduction="none") * 3
    return bool(np.allclose(multiclass_hinge_loss(y, scores), theirs.numpy()))


@exhibit(follows="a sigmoid staying below 1")
def a_sigmoid_never_satisfies_the_hinge() -> bool:
    """On raw scores the binary hinge loss reaches 0; on a sigmoid's output, which is below 1, it stays above 0."""
    scores = np.linspace(-5, 5, 101)
    positive = np.ones_like(scores)
    return hinge_loss(positive, scores).min() == 0 and hinge_loss(positive, sigmoid(scores)).min() > 0


@exhibit(follows="the definition of the mean bias error")
def bias_has_no_minimum() -> bool:
    """Errors of +5 and -5 give a mean bias error of 0, and ever larger predictions drive it ever lower or higher."""
    y = np.zeros(2)
    far = [bias_error(y, np.full(2, c)).mean() for c in (-1000.0, 0.0, 1000.0)]
    return bias_error(y, np.array([5.0, -5.0])).mean() == 0 and abs(far[0] - far[2]) == 2000 and far[1] == 0


@exhibit(follows="the definition of Adam")
def adam_keeps_two_moments() -> bool:
    """Adam's first step follows from running means of the gradient and of its square, each freed of its bias."""
    init, step = adam(learning_rate=0.1, beta1=0.9, beta2=0.999)
    x, gradient = np.array([1.0, -2.0]), np.array([0.5, -30.0])
    moment, square = 0.1 * gradient / (1 - 0.9), 0.001 * gradient**2 / (1 - 0.999)
    moved, _ = step(x, gradient, init(x))
    return bool(np.allclose(moved, x - 0.1 * moment / (np.sqrt(square) + 1e-8)))


@exhibit(over="the optimizers of the installed PyTorch")
def there_is_no_adaprop() -> bool:
    """PyTorch has Adadelta and RMSprop, and nothing called Adaprop."""
    import torch

    return all(hasattr(torch.optim, name) for name in ("Adadelta", "RMSprop")) and not hasattr(torch.optim, "Adaprop")


@exhibit(follows="the definition of Adagrad")
def adagrad_does_not_look_at_weights() -> bool:
    """From other weights, the same gradients give Adagrad the same steps; larger past gradients give smaller ones."""
    init, step = adagrad(learning_rate=0.1)

    def moves(start, gradients):
        x, state, path = np.array([start]), init(np.array([start])), []
        for gradient in gradients:
            x, state = step(x, np.array([gradient]), state)
            path.append(x[0])
        return np.diff([start, *path])

    same = np.allclose(moves(1.0, [3.0, 1.0]), moves(-7.0, [3.0, 1.0]))
    return bool(same and moves(0.0, [3.0, 1.0])[1] > moves(0.0, [1.0, 1.0])[1])


@exhibit(follows="the definition of convexity, by a counterexample")
def a_network_is_not_convex() -> bool:
    """For y = w₂·tanh(w₁·x), weights (1, 1) and (-1, -1) fit the data exactly, and their midpoint does not."""
    x = np.linspace(-2, 2, 9)
    y = np.tanh(x)

    def loss(w1, w2):
        return squared_error(y, w2 * np.tanh(w1 * x)).mean()

    return loss(1, 1) == loss(-1, -1) == 0 < loss(0, 0)


@exhibit(follows="the definition of a convolution")
def a_convolution_sees_its_window() -> bool:
    """With 4 inputs and a kernel of 3, changing the last input leaves the first output as it was."""
    weight, bias = np.array([[[0.5, -1.0, 2.0]]]), np.zeros(1)
    before, after = (conv1d(np.array([[[1.0, 2.0, 3.0, last]]]), weight, bias) for last in (4.0, 40.0))
    (first, second), (first_after, second_after) = before.ravel(), after.ravel()
    return bool(first == first_after and second != second_after)


@exhibit(follows="the two forms, each of which has a probability for every class")
def logistic_regression_takes_three_classes() -> bool:
    """scikit-learn fits it to the three classes of chest pain most common in the heart data, in both forms."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    patients = heart()
    patients = patients[patients["ChestPainType"].isin(["ASY", "ATA", "NAP"])]
    X, y = patients[["Age", "MaxHR", "Oldpeak"]], patients["ChestPainType"]
    models = LogisticRegression(max_iter=5000), OneVsRestClassifier(LogisticRegression(max_iter=5000))
    shares = [model.fit(X, y).predict_proba(X) for model in models]
    return all(p.shape == (len(X), 3) and np.allclose(p.sum(axis=1), 1) for p in shares)


@exhibit(follows="the mean of independent draws, whose deviation falls with the root of their number")
def smaller_batches_are_noisier() -> bool:
    """Over 4,000 batches of either size, a gradient from a batch of 64 patients spreads about an eighth as much as one
    from a single patient.

    The gradient is that of a line's squared error, heart rate against age, at slope 0.
    """
    patients = heart()
    x, y = ((patients[name] - patients[name].mean()) / patients[name].std() for name in ("Age", "MaxHR"))
    gradients, rng = (2 * x * (0.0 * x - y)).to_numpy(), np.random.default_rng(0)
    one, many = (gradients[rng.integers(0, len(x), (4000, size))].mean(axis=1).std() for size in (1, 64))
    return 7.5 < one / many < 8.5


@exhibit(over="1,000 runs, at pass rates of 0.4 and 0.6")
def a_bandit_loses_less_and_learns_no_sooner() -> bool:
    """After each number of students from 50 to 1,000, Thompson sampling has less regret than an A/B test with 100
    students for each method: it assigns the worse one less often.

    After 50, 100, 200 and 400 students the method that looks better to it is the better one in no more runs than when
    both are assigned equally often, but for four standard errors of a share.
    """
    rewards = bernoulli_rewards([0.4, 0.6], runs=1000, rounds=1000, generator=np.random.default_rng(0))
    draw = np.random.default_rng(1)
    bandit = play(rewards, lambda n, s: thompson_sampling(n, s, generator=draw))
    trial, even = (play(rewards, lambda n, s, k=k: ab_test(n, s, per_arm=k, generator=draw)) for k in (100, 500))
    lost, lost_by_trial = (regret([0.4, 0.6], chosen).mean(axis=0)[49:] for chosen in (bandit, trial))
    ahead = [share_right(bandit, rewards, n) - share_right(even, rewards, n) for n in (50, 100, 200, 400)]
    return bool((lost < lost_by_trial).all() and max(ahead) < 4 * np.sqrt(0.25 / 1000))


def share_right(chosen: np.ndarray, rewards: np.ndarray, rounds: int) -> float:
    """Share of runs in which the better method, the second, has the larger share of passes; a tie is half."""
    tried = chosen[:, :rounds, None] == np.arange(2)
    first, second = (np.sum(tried & rewards[:, :rounds], axis=1) / np.maximum(tried.sum(axis=1), 1)).T
    return float(np.mean(second > first) + np.mean(second == first) / 2)


@exhibit(over="all 918 patients")
def structure_without_groups() -> bool:
    """One direction, the first principal component, holds more than 0.3 of the variance of four scaled numbers, where
    numbers that have nothing to do with each other would give it a fourth. No label is used, and no group formed.
    """
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    numbers = heart()[["Age", "RestingBP", "MaxHR", "Oldpeak"]]
    shares = PCA().fit(StandardScaler().fit_transform(numbers)).explained_variance_ratio_
    return shares[0] > 0.3 and np.isclose(shares.sum(), 1)


@exhibit(over="5 folds, drawn 4 times")
def a_network_is_not_ahead_on_this_table() -> bool:
    """On the heart data, a network's area under the ROC curve is above a random forest's by less than 0.005, the mean
    over the same folds for both.
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline

    patients = heart()
    X, y = patients.drop(columns="HeartDisease"), patients["HeartDisease"]
    folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=4, random_state=0)
    models = (
        RandomForestClassifier(random_state=0),
        MLPClassifier((16,), alpha=1.0, max_iter=2000, tol=1e-3, random_state=0),
    )
    forest, network = (
        cross_val_score(make_pipeline(preparation(), model), X, y, cv=folds, scoring="roc_auc").mean()
        for model in models
    )
    return bool(network - forest < 0.005)
