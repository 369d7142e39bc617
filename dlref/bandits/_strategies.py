"""Strategies: functions of what has been seen so far that return the arm to choose next; ties are broken at random."""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from dlref import _check

Arms = Int[np.ndarray, "*runs"]


def epsilon_greedy(counts: ArrayLike, totals: ArrayLike, *, epsilon: float, generator: np.random.Generator) -> Arms:
    r"""Choose the arm that looks best, one of them at random if several do; with probability epsilon, any arm.

    $$a = \begin{cases} \operatorname{argmax}_a \text{totals}_a / n_a & \text{with probability } 1 - \varepsilon \\
    \text{any arm, all equally likely} & \text{with probability } \varepsilon \end{cases}$$

    Args:
        counts: How often each arm was chosen, (..., arms).
        totals: The sum of the rewards that each gave, in the shape of `counts`.
        epsilon: The share of rounds that explore, in [0, 1].
        generator: Source of the random numbers.

    Returns:
        The arm to choose next in each run, (...).

    Raises:
        TypeError: If `generator` is no `numpy.random.Generator`, or another argument holds no numbers.
        ValueError: If `epsilon` lies outside [0, 1], or counts and totals are of no possible history.

    Examples:
        >>> import numpy as np
        >>> from dlref.bandits import epsilon_greedy
        >>> counts, totals = [10, 10, 20], [4, 5, 8]
        >>> print(epsilon_greedy(counts, totals, epsilon=0, generator=np.random.default_rng(0)))
        1

        With epsilon 0.3 and three arms, the other two are each chosen in a tenth of the rounds.

        >>> import numpy as np
        >>> from dlref.bandits import epsilon_greedy
        >>> counts, totals = np.tile([10, 10, 20], (100_000, 1)), np.tile([4, 5, 8], (100_000, 1))
        >>> arms = epsilon_greedy(counts, totals, epsilon=0.3, generator=np.random.default_rng(0))
        >>> print((np.bincount(arms) / 100_000).round(2))
        [0.1 0.8 0.1]

        An arm that was never chosen goes first, and of several such arms any; one failure is enough to be ranked by it.

        >>> import numpy as np
        >>> from dlref.bandits import epsilon_greedy
        >>> for counts, totals in [([10, 10, 0], [4, 5, 0]), ([1, 4, 4], [0, 3, 1]), ([1, 4, 4], [1, 3, 1])]:
        ...     print(epsilon_greedy(counts, totals, epsilon=0, generator=np.random.default_rng(0)))
        2
        1
        0

        Ties are broken at random, all arms that look best being equally likely:

        >>> import numpy as np
        >>> from dlref.bandits import epsilon_greedy
        >>> counts, totals = np.tile([2, 4, 4], (100_000, 1)), np.tile([1, 2, 1], (100_000, 1))
        >>> arms = epsilon_greedy(counts, totals, epsilon=0, generator=np.random.default_rng(0))
        >>> print((np.bincount(arms, minlength=3) / 100_000).round(2))
        [0.5 0.5 0. ]

        Two runs at once, each with its own history:

        >>> import numpy as np
        >>> from dlref.bandits import epsilon_greedy
        >>> counts, totals = [[9, 1], [2, 8]], [[6, 0], [0, 1]]
        >>> print(epsilon_greedy(counts, totals, epsilon=0, generator=np.random.default_rng(0)))
        [0 1]

    References:
        Sutton and Barto, *Reinforcement Learning*, 2nd ed. (2018), section 2.2. On the page:
        [Choosing a learning method][ml-reinforcement].
    """
    counts, totals = _history(counts, totals)
    epsilon = _check.number("epsilon", epsilon, low=0, high=1)
    generator = _check.instance("generator", generator, np.random.Generator)

    explores = generator.random(counts.shape[:-1]) < epsilon
    anyone = generator.integers(counts.shape[-1], size=counts.shape[:-1])
    return np.where(explores, anyone, _best(_means(counts, totals), generator))


def ucb1(counts: ArrayLike, totals: ArrayLike, *, generator: np.random.Generator) -> Arms:
    r"""Choose the arm that could be best: its mean reward plus what is still unknown about it.

    $$a = \operatorname{argmax}_a \left( \frac{\text{totals}_a}{n_a} + \sqrt{\frac{2 \ln n}{n_a}} \right)
    \qquad n = \sum_a n_a$$

    The second term shrinks as the arm is chosen, and grows slowly while it is not. An arm that was never chosen goes
    first, in an order drawn at random; so are ties.

    Args:
        counts: How often each arm was chosen, (..., arms).
        totals: The sum of the rewards that each gave, in the shape of `counts`.
        generator: Source of the random numbers that break ties.

    Returns:
        The arm to choose next in each run, (...).

    Raises:
        TypeError: If `generator` is no `numpy.random.Generator`, or another argument holds no numbers.
        ValueError: If counts and totals are of no possible history.

    Examples:
        The first arm has the better mean; the second is chosen where it was tried less often.

        >>> import numpy as np
        >>> from dlref.bandits import ucb1
        >>> generator = np.random.default_rng(0)
        >>> print(ucb1([20, 10], [10, 4], generator=generator), ucb1([20, 18], [10, 7], generator=generator))
        1 0

        A much worse mean, 0.2 against 0.9, is tried again once the difference of the bonuses outweighs it; an arm
        that was never chosen goes first.

        >>> import numpy as np
        >>> from dlref.bandits import ucb1
        >>> histories = [([10, 3], [9, 0.6]), ([10, 2], [9, 0.4]), ([10, 0], [9, 0]), ([1, 1], [0, 1])]
        >>> print([int(ucb1(*history, generator=np.random.default_rng(0))) for history in histories])
        [0, 1, 1, 1]

        At the start, and wherever histories are alike, chance decides:

        >>> import numpy as np
        >>> from dlref.bandits import ucb1
        >>> for history in ([0, 0], [0, 0]), ([5, 5], [2, 2]):
        ...     counts, totals = (np.tile(values, (100_000, 1)) for values in history)
        ...     print(ucb1(counts, totals, generator=np.random.default_rng(0)).mean().round(2))
        0.5
        0.5

        Two runs at once, each with its own history: the many rounds of the second count for nothing in the first.

        >>> import numpy as np
        >>> from dlref.bandits import ucb1
        >>> generator = np.random.default_rng(0)
        >>> print(ucb1([[10, 3], [1000, 1000]], [[9, 0.6], [200, 700]], generator=generator))
        [0 1]
        >>> print(ucb1([[9, 1], [2, 0]], [[6, 1], [1, 0]], generator=generator))
        [1 1]

    References:
        Auer, Cesa-Bianchi and Fischer, Finite-time analysis of the multiarmed bandit problem, *Machine Learning* 47
        (2002), figure 1, which leaves open how ties are broken. On the page:
        [Choosing a learning method][ml-reinforcement].
    """
    counts, totals = _history(counts, totals)
    generator = _check.instance("generator", generator, np.random.Generator)

    with np.errstate(divide="ignore", invalid="ignore"):
        bonus = np.sqrt(2 * np.log(counts.sum(axis=-1, keepdims=True)) / counts)
    return _best(np.where(counts > 0, _means(counts, totals) + bonus, np.inf), generator)


def thompson_sampling(counts: ArrayLike, totals: ArrayLike, *, generator: np.random.Generator) -> Arms:
    r"""Choose each arm as often as it is likely to be the best, given what was seen.

    $$\theta_a \sim \operatorname{Beta}(1 + \text{totals}_a,\; 1 + n_a - \text{totals}_a)
    \qquad a = \operatorname{argmax}_a \theta_a$$

    $\theta_a$ is a guess at the arm's chance of a reward, drawn from its posterior distribution after rewards of 0 and
    1, where all chances were equally likely before. Arms with equal histories are equally likely to be chosen.

    Args:
        counts: How often each arm was chosen, (..., arms).
        totals: The sum of the rewards that each gave, in the shape of `counts`.
        generator: Source of the random numbers.

    Returns:
        The arm to choose next in each run, (...).

    Raises:
        TypeError: If `generator` is no `numpy.random.Generator`, or another argument holds no numbers.
        ValueError: If counts and totals are of no possible history.

    Examples:
        One success of one against one failure of one: the second arm may still be the better one, with a chance of
        one in six.

        >>> import numpy as np
        >>> from dlref.bandits import thompson_sampling
        >>> counts, totals = np.tile([1, 1], (100_000, 1)), np.tile([1, 0], (100_000, 1))
        >>> print(thompson_sampling(counts, totals, generator=np.random.default_rng(1)).mean().round(2))
        0.17
        >>> print(thompson_sampling([900, 900], [300, 600], generator=np.random.default_rng(1)))
        1

    References:
        Thompson, On the likelihood that one unknown probability exceeds another, *Biometrika* 25 (1933), 285–294.
        On the page: [Choosing a learning method][ml-reinforcement].
    """
    counts, totals = _history(counts, totals)
    generator = _check.instance("generator", generator, np.random.Generator)

    return np.asarray(np.argmax(generator.beta(1 + totals, 1 + counts - totals), axis=-1))


def ab_test(counts: ArrayLike, totals: ArrayLike, *, per_arm: int, generator: np.random.Generator) -> Arms:
    r"""Try every arm equally often, then choose the one with the larger total for good.

    Args:
        counts: How often each arm was chosen, (..., arms).
        totals: The sum of the rewards that each gave, in the shape of `counts`.
        per_arm: Length of the trial: rounds for each arm, at least 1.
        generator: Source of the random numbers that order the trial and break ties.

    Returns:
        The arm to choose next in each run, (...): during the trial one of those chosen least often, at random, then
        its winner; equal totals are decided at random. What the winner gives after the trial changes nothing.

    Raises:
        TypeError: If `generator` is no `numpy.random.Generator`, or another argument holds no numbers.
        ValueError: If `per_arm` is below 1, or counts and totals are of no possible history.

    Examples:
        During the trial, at its end, and after it:

        >>> import numpy as np
        >>> from dlref.bandits import ab_test
        >>> for counts, totals in [([2, 1], [2, 0]), ([2, 2], [0, 1]), ([2, 9], [1, 1])]:
        ...     print(ab_test(counts, totals, per_arm=2, generator=np.random.default_rng(0)))
        1
        1
        1

        Who begins, and who wins a tie, is drawn:

        >>> import numpy as np
        >>> from dlref.bandits import ab_test
        >>> for history in ([0, 0], [0, 0]), ([2, 2], [1, 1]):
        ...     counts, totals = (np.tile(values, (100_000, 1)) for values in history)
        ...     print(ab_test(counts, totals, per_arm=2, generator=np.random.default_rng(0)).mean().round(2))
        0.5
        0.5

        Four runs at once: in the first two the trial goes on, in the third it is over, in the last arm 0 has won.

        >>> import numpy as np
        >>> from dlref.bandits import ab_test
        >>> counts, totals = [[2, 1], [1, 2], [2, 2], [5, 2]], [[2, 1], [0, 1], [0, 1], [3, 1]]
        >>> print(ab_test(counts, totals, per_arm=2, generator=np.random.default_rng(0)))
        [1 0 1 0]

    References:
        Also called explore-then-commit: Lattimore and Szepesvári, *Bandit Algorithms* (2020), chapter 6. On the page:
        [Choosing a learning method][ml-reinforcement].
    """
    counts, totals = _history(counts, totals)
    per_arm = _check.integer("per_arm", per_arm)
    generator = _check.instance("generator", generator, np.random.Generator)

    trial = np.any(counts < per_arm, axis=-1, keepdims=True)
    decided = np.any(counts > per_arm, axis=-1, keepdims=True)
    # Only the winner is chosen after the trial, so it is the arm with the larger count.
    return _best(np.where(trial, -counts, np.where(decided, counts, totals)), generator)


def _history(counts: ArrayLike, totals: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Counts and totals that rewards in [0, 1] can have led to."""
    counts = _check.not_empty("counts", _check.integers("counts", counts))
    totals = _check.floats("totals", totals)
    if counts.ndim == 0:
        raise _check.wrong_value("counts", "have an axis of arms", "a single number")
    _check.same_shape(counts=counts, totals=totals)
    impossible = ~((totals >= 0) & (totals <= counts))
    if impossible.any():
        raise _check.wrong_value("totals", "lie between 0 and counts", f"{totals[impossible].flat[0]}")
    return counts, totals


def _means(counts: np.ndarray, totals: np.ndarray) -> Float[np.ndarray, "*runs arms"]:
    """Mean reward of each arm; ∞ for an arm that was never chosen, so that it goes first."""
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.inf)


def _best(values: np.ndarray, generator: np.random.Generator) -> Arms:
    """The arm with the largest value; where several have it, one of them, all equally likely."""
    ties = values == values.max(axis=-1, keepdims=True)
    return np.asarray(np.argmax(np.where(ties, generator.random(values.shape), -np.inf), axis=-1))
