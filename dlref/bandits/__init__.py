r"""Bandits: choosing among actions (arms) whose rewards are unknown, while learning which is best.

A strategy is a function of what has been seen so far: how often each arm was chosen (`counts`, $n_a$) and the sum of
the rewards it gave (`totals`). It returns the arm to choose next, numbered from 0. Where several arms are equally good
to it, those never chosen among them, one of them is drawn by the generator that it is given, all equally likely. The
last axis is the arms; any axes before it are runs that go on side by side.
"""

from dlref.bandits._play import bernoulli_rewards, play, regret, ucb1_regret_bound
from dlref.bandits._strategies import ab_test, epsilon_greedy, thompson_sampling, ucb1

__all__ = [
    "ab_test",
    "bernoulli_rewards",
    "epsilon_greedy",
    "play",
    "regret",
    "thompson_sampling",
    "ucb1",
    "ucb1_regret_bound",
]
