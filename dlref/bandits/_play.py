"""Playing strategies on drawn rewards, and what their choices cost."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import ArrayLike

from dlref import _check


def bernoulli_rewards(
    probabilities: ArrayLike, *, runs: int, rounds: int, generator: np.random.Generator
) -> Bool[np.ndarray, "runs rounds arms"]:
    r"""Draw what every arm would give in every round: a reward of 1 with the arm's probability, else 0.

    Strategies that are compared on the same draws meet the same luck.

    Args:
        probabilities: The chance $\mu_a$ of a reward, one value per arm, each in [0, 1].
        runs: Number of independent repeats, at least 1.
        rounds: Number of rounds in each, at least 1.
        generator: Source of the random numbers.

    Returns:
        True where the arm would give a reward.

    Raises:
        TypeError: If `generator` is no `numpy.random.Generator`, or another argument is no number.
        ValueError: If a probability lies outside [0, 1], there is no arm, or `runs` or `rounds` is below 1.

    Examples:
        >>> import numpy as np
        >>> from dlref.bandits import bernoulli_rewards
        >>> rewards = bernoulli_rewards([0, 0.2, 1], runs=50, rounds=400, generator=np.random.default_rng(0))
        >>> print(rewards.shape, rewards.mean(axis=(0, 1)).round(2))
        (50, 400, 3) [0.  0.2 1. ]

    References:
        On the page: [Choosing a learning method][ml-reinforcement].
    """
    probabilities = _arms("probabilities", probabilities)
    runs, rounds = _check.integer("runs", runs), _check.integer("rounds", rounds)
    generator = _check.instance("generator", generator, np.random.Generator)

    return generator.random((runs, rounds, len(probabilities))) < probabilities


def play(rewards: ArrayLike, choose: Callable[[np.ndarray, np.ndarray], ArrayLike]) -> Int[np.ndarray, "*runs rounds"]:
    """Let a strategy choose round by round; of each round it sees only the reward of the arm that it chose.

    Args:
        rewards: What every arm would give in every round, (..., rounds, arms), each in [0, 1].
        choose: The strategy: called with `counts` and `totals`, each (..., arms), it returns an arm for each run.

    Returns:
        The arm chosen in each round.

    Raises:
        TypeError: If `rewards` holds anything but real numbers.
        ValueError: If a reward lies outside [0, 1], `rewards` has no axis of rounds or holds nothing, or what `choose`
            returns is not an arm for each run.

    Examples:
        >>> import numpy as np
        >>> from dlref.bandits import ab_test, play, ucb1
        >>> rewards = [[0, 1], [0, 1], [1, 0], [1, 1], [0, 1], [0, 1]]
        >>> generator = np.random.default_rng(0)
        >>> print(play(rewards, lambda counts, totals: ucb1(counts, totals, generator=generator)))
        [0 1 1 1 0 1]
        >>> print(play(rewards, lambda counts, totals: ab_test(counts, totals, per_arm=2, generator=generator)))
        [0 1 0 1 1 1]

        A strategy is any function of counts and totals, such as this one, which has made up its mind:

        >>> from dlref.bandits import play
        >>> print(play([[0, 1], [1, 1], [1, 0]], lambda counts, totals: 1))
        [1 1 1]

    References:
        On the page: [Choosing a learning method][ml-reinforcement].
    """
    _check.function("choose", choose)
    rewards = _check.not_empty("rewards", _check.probabilities("rewards", rewards))
    if rewards.ndim < 2:
        raise _check.wrong_value("rewards", "have the axes (..., rounds, arms)", f"shape {rewards.shape}")

    *runs, rounds, arms = rewards.shape
    counts = totals = np.zeros((*runs, arms))
    chosen = np.empty((*runs, rounds), dtype=np.int64)
    for t in range(rounds):
        # Copies, so that a strategy that writes to them does not change the game.
        arm = _check.integers("what choose returns", choose(counts.copy(), totals.copy()), high=arms)
        if arm.shape != tuple(runs):
            raise _check.wrong_value(
                "what choose returns", f"be an arm for each run, {tuple(runs)}", f"shape {arm.shape}"
            )
        chosen[..., t] = arm
        # One-hot, so that runs need no loop.
        tried = arm[..., None] == np.arange(arms)
        counts, totals = counts + tried, totals + tried * rewards[..., t, :]
    return chosen


def regret(probabilities: ArrayLike, chosen: ArrayLike) -> Float[np.ndarray, "*runs rounds"]:
    r"""What choosing has cost so far: the rewards expected from the best arm less those expected from the arms chosen.

    $$R_t = \sum_{s=1}^{t} (\mu^* - \mu_{a_s}) \qquad \mu^* = \max_a \mu_a$$

    Args:
        probabilities: The chance $\mu_a$ of a reward, one value per arm, each in [0, 1].
        chosen: The arm $a_s$ chosen in each round, (..., rounds).

    Returns:
        Regret after each round, in rewards; it never falls. 0 throughout for who always chooses the best arm.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a probability lies outside [0, 1], an arm is chosen that is not there, or `chosen` is one number.

    Examples:
        >>> from dlref.bandits import regret
        >>> print(regret([0.5, 0.75, 0.25], [0, 1, 2, 2, 1]))
        [0.25 0.25 0.75 1.25 1.25]

        Two runs, each with a row of its own:

        >>> from dlref.bandits import regret
        >>> print(regret([0.5, 0.2], [[0, 1, 1], [1, 0, 0]]).round(1))
        [[0.  0.3 0.6]
         [0.3 0.3 0.3]]

    References:
        Lattimore and Szepesvári, *Bandit Algorithms* (2020), section 4.2, there without expectation: the pseudo-regret
        of one run. On the page: [Choosing a learning method][ml-reinforcement].
    """
    probabilities = _arms("probabilities", probabilities)
    chosen = _check.integers("chosen", chosen, high=len(probabilities))
    if chosen.ndim == 0:
        raise _check.wrong_value("chosen", "have an axis of rounds", "a single number")

    return np.cumsum(probabilities.max() - probabilities[chosen], axis=-1)


def ucb1_regret_bound(probabilities: ArrayLike, rounds: ArrayLike) -> Float[np.ndarray, "*shape"]:
    r"""The regret that UCB1 stays under on average, whatever the rewards in [0, 1].

    $$8 \sum_{a:\, \Delta_a > 0} \frac{\ln n}{\Delta_a} + \left(1 + \frac{\pi^2}{3}\right) \sum_a \Delta_a
    \qquad \Delta_a = \mu^* - \mu_a$$

    Args:
        probabilities: The mean reward $\mu_a$, one value per arm, each in [0, 1].
        rounds: Numbers of rounds $n$ after which to give the bound, of any shape, each at least 1.

    Returns:
        The bound in the shape of `rounds`; 0 if all arms are equally good.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If a mean lies outside [0, 1], or a number of rounds is below 1.

    Examples:
        It grows with the logarithm of the rounds, and is large where the gap is small.

        >>> from dlref.bandits import ucb1_regret_bound
        >>> print(ucb1_regret_bound([0.5, 0.75, 0.25], [1, 10, 1000]).round(2))
        [  3.22 113.74 334.79]
        >>> print(ucb1_regret_bound([0.5, 0.51], [1000]).round(2))
        [5526.25]

    References:
        Auer, Cesa-Bianchi and Fischer, Finite-time analysis of the multiarmed bandit problem, *Machine Learning* 47
        (2002), theorem 1. On the page: [Choosing a learning method][ml-reinforcement].
    """
    probabilities = _arms("probabilities", probabilities)
    rounds = _check.integers("rounds", rounds, low=1)

    gaps = probabilities.max() - probabilities
    return np.asarray(8 * np.log(rounds) * np.sum(1 / gaps[gaps > 0]) + (1 + np.pi**2 / 3) * np.sum(gaps))


def _arms(argument: str, value: ArrayLike) -> Float[np.ndarray, "arms"]:
    """One probability an arm, and at least one arm."""
    return _check.not_empty(argument, _check.probabilities(argument, value, ndim=1))
