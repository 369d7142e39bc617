"""Bandits against theory, and how they answer bad input."""

from functools import partial

import numpy as np
import pytest
from scipy import integrate, stats

from dlref.bandits import (
    ab_test,
    bernoulli_rewards,
    epsilon_greedy,
    play,
    regret,
    thompson_sampling,
    ucb1,
    ucb1_regret_bound,
)

MEANS = np.array([0.4, 0.6])


def drawing(strategy, seed=1, **keywords):
    """A strategy with a generator of its own, at the start of its stream."""
    return partial(strategy, generator=np.random.default_rng(seed), **keywords)


STRATEGIES = {
    "epsilon_greedy": lambda: drawing(epsilon_greedy, epsilon=0),
    "ucb1": lambda: drawing(ucb1),
    "thompson_sampling": lambda: drawing(thompson_sampling),
    "ab_test": lambda: drawing(ab_test, per_arm=2),
}


def streams(means=MEANS, runs=400, rounds=1000, seed=0):
    return bernoulli_rewards(means, runs=runs, rounds=rounds, generator=np.random.default_rng(seed))


@pytest.mark.parametrize("means", [(0.4, 0.6), (0.1, 0.2, 0.9), (0.45, 0.5, 0.55)])
def test_ucb1_stays_under_its_bound(means):
    lost = regret(means, play(streams(means), drawing(ucb1))).mean(axis=0)
    rounds = np.arange(1, 1001)
    assert (lost <= ucb1_regret_bound(means, rounds)).all()


def test_ucb1_chooses_a_worse_arm_no_more_often_than_its_proof_allows():
    chosen = play(streams(), drawing(ucb1))
    worse = np.cumsum(chosen == 0, axis=1).mean(axis=0)
    allowed = 8 * np.log(np.arange(1, 1001)) / 0.2**2 + 1 + np.pi**2 / 3
    assert (worse <= allowed).all()


def test_thompson_chooses_an_arm_as_often_as_it_is_likely_to_be_the_best():
    counts, totals = np.array([12, 5]), np.array([7, 4])
    first, second = (stats.beta(1 + s, 1 + n - s) for n, s in zip(counts, totals, strict=True))
    likely, _ = integrate.quad(lambda x: second.pdf(x) * first.cdf(x), 0, 1)
    size = 100_000
    generator = np.random.default_rng(0)
    arms = thompson_sampling(np.tile(counts, (size, 1)), np.tile(totals, (size, 1)), generator=generator)
    assert abs(arms.mean() - likely) < 4 * np.sqrt(likely * (1 - likely) / size)


def test_thompson_loses_about_what_the_lower_bound_of_lai_and_robbins_says():
    """Its regret grows as ln(n) times gap / KL; between 1,000 and 8,000 rounds the slope is within a third of that."""
    rewards = streams(rounds=8000)
    lost = regret(MEANS, play(rewards, drawing(thompson_sampling))).mean(axis=0)
    slope = (lost[7999] - lost[999]) / np.log(8)
    divergence = 0.4 * np.log(0.4 / 0.6) + 0.6 * np.log(0.6 / 0.4)
    assert slope == pytest.approx(0.2 / divergence, rel=1 / 3)


def test_epsilon_greedy_keeps_losing_by_epsilon():
    """Once it knows the better arm, it still takes the worse of two in a share epsilon / 2 of the rounds."""
    chosen = play(streams(rounds=4000), drawing(epsilon_greedy, epsilon=0.2))
    assert np.mean(chosen[:, 2000:] == 0) == pytest.approx(0.1, abs=0.005)


def test_an_ab_test_errs_as_often_as_two_binomials_say():
    """The worse arm wins a trial of 20 each if it has more successes, and half of the ties."""
    chosen = play(streams(runs=20_000, rounds=41), drawing(ab_test, per_arm=20))
    successes = np.arange(21)
    worse, better = stats.binom(20, 0.4), stats.binom(20, 0.6)
    wrong = np.sum(worse.pmf(successes) * (better.cdf(successes) - better.pmf(successes) / 2))
    assert abs(np.mean(chosen[:, -1] == 0) - wrong) < 4 * np.sqrt(wrong * (1 - wrong) / 20_000)
    assert (np.sum(chosen[:, :40], axis=1) == 20).all()


def test_the_winner_of_an_ab_test_stays():
    chosen = play(streams(runs=50, rounds=200), drawing(ab_test, per_arm=5))
    assert (chosen[:, 10:] == chosen[:, 10:11]).all()


def test_the_share_of_rewards_is_the_probability():
    rewards = streams((0.0, 0.3, 1.0), runs=100, rounds=1000)
    assert rewards.mean(axis=(0, 1)) == pytest.approx([0, 0.3, 1], abs=4 * np.sqrt(0.21 / 1e5))
    independent = np.corrcoef(rewards[..., 1].ravel()[:-1], rewards[..., 1].ravel()[1:])[0, 1]
    assert abs(independent) < 4 / np.sqrt(1e5)


def at_random(values, size=100_000):
    return np.tile(values, (size, 1))


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize(
    ("counts", "totals"), [([0, 0, 0], [0, 0, 0]), ([2, 2, 2], [1, 1, 1])], ids=["untried", "equal histories"]
)
def test_of_equal_arms_each_is_chosen_as_often(name, counts, totals):
    arms = STRATEGIES[name]()(at_random(counts), at_random(totals))
    shares = np.bincount(arms, minlength=3) / len(arms)
    assert shares == pytest.approx(np.full(3, 1 / 3), abs=4 * np.sqrt(2 / 9 / len(arms)))


@pytest.mark.parametrize("name", ["epsilon_greedy", "ucb1", "ab_test"])
@pytest.mark.parametrize(
    ("counts", "totals"), [([0, 2, 0], [0, 1, 0]), ([2, 2, 2], [2, 0, 2])], ids=["untried", "equal histories"]
)
def test_an_arm_that_is_behind_has_no_part_in_the_tie(name, counts, totals):
    arms = STRATEGIES[name]()(at_random(counts), at_random(totals))
    assert np.bincount(arms) / len(arms) == pytest.approx([0.5, 0, 0.5], abs=4 * np.sqrt(0.25 / len(arms)))
    assert not (arms == 1).any()


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_order_of_the_arms_makes_no_difference(name):
    """With the better arm first or last, the regret is the same but for chance."""
    lost = []
    for means in (MEANS, MEANS[::-1]):
        ends = regret(means, play(streams(means, runs=2000, rounds=100), STRATEGIES[name]()))[:, -1]
        lost.append((ends.mean(), ends.var() / len(ends)))
    (first, noise), (last, more) = lost
    assert abs(first - last) < 4 * np.sqrt(noise + more)


def test_each_arm_is_tried_before_any_is_tried_again():
    chosen = play(streams((0.1, 0.9, 0.5), runs=100, rounds=3), drawing(ucb1))
    assert (np.sort(chosen, axis=1) == [0, 1, 2]).all()


def leader(counts, totals):
    """A strategy without chance: the arm that is furthest above a reward in every second round."""
    return np.argmax(totals - counts / 2, axis=-1)


def test_one_run_alone_is_the_same_as_beside_others():
    rewards = streams(runs=5, rounds=100)
    together = play(rewards, leader)
    assert all((play(run, leader) == arms).all() for run, arms in zip(rewards, together, strict=True))


def test_a_strategy_sees_no_reward_that_it_did_not_choose():
    rewards = streams(runs=3, rounds=50)
    chosen = play(rewards, drawing(ucb1))
    hidden = np.arange(2) != chosen[..., None]
    assert (play(np.where(hidden, ~rewards, rewards), drawing(ucb1)) == chosen).all()


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_same_seed_gives_the_same_choices(name):
    rewards = streams(runs=4, rounds=60)
    assert (play(rewards, STRATEGIES[name]()) == play(rewards, STRATEGIES[name]())).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: drawing(ucb1)(3, 1), "ucb1: counts must have an axis of arms; got a single number."),
        (lambda: drawing(ucb1)([], []), "ucb1: counts must not be empty; got shape (0,)."),
        (lambda: drawing(ucb1)([1.5], [1]), "ucb1: counts must hold integers from 0; got 1.5."),
        (lambda: drawing(ucb1)([1], [-1]), "ucb1: totals must lie between 0 and counts; got -1.0."),
        (lambda: drawing(ucb1)([1], [np.nan]), "ucb1: totals must lie between 0 and counts; got nan."),
        (lambda: ucb1([1], [1], generator=3), "ucb1: generator must be a Generator; got int 3."),
        (lambda: drawing(ab_test)([1], [1], per_arm=0), "ab_test: per_arm must be an integer >= 1; got 0."),
        (lambda: ab_test([1], [1], per_arm=1, generator=3), "ab_test: generator must be a Generator; got int 3."),
        (
            lambda: thompson_sampling([1], [1], generator=np.random),
            "thompson_sampling: generator must be a Generator; got module <module 'numpy.random' from",
        ),
        (
            lambda: epsilon_greedy([1], [1], epsilon=-0.1, generator=np.random.default_rng()),
            "epsilon_greedy: epsilon must be a finite number >= 0 and <= 1; got -0.1.",
        ),
        (lambda: play([0, 1], leader), "play: rewards must have the axes (..., rounds, arms); got shape (2,)."),
        (lambda: play([[2, 0]], leader), "play: rewards must lie in [0, 1]; got 2.0."),
        (
            lambda: play(np.zeros((3, 2, 2)), lambda n, s: 0),
            "play: what choose returns must be an arm for each run, (3,); got shape ().",
        ),
        (lambda: regret([0.5], 0), "regret: chosen must have an axis of rounds; got a single number."),
        (lambda: regret([], [0]), "regret: probabilities must not be empty; got shape (0,)."),
        (
            lambda: bernoulli_rewards([0.5], runs=0, rounds=1, generator=np.random.default_rng()),
            "bernoulli_rewards: runs must be an integer >= 1; got 0.",
        ),
        (lambda: ucb1_regret_bound([0.5], 0), "ucb1_regret_bound: rounds must hold integers from 1; got 0."),
        (lambda: ucb1_regret_bound([0.5, 60], 9), "ucb1_regret_bound: probabilities must lie in [0, 1]; got 60.0."),
    ],
)
def test_what_is_wrong_is_named(call, message):
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert str(caught.value).startswith(message)
