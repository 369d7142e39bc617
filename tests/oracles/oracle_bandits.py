"""What the functions of `dlref.bandits` equal: the definition, followed run by run and arm by arm.

Of the libraries that the site uses, none has bandits.
"""

import math

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle

seeds = st.integers(0, 2**32)
generators = seeds.map(np.random.default_rng)
probabilities = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.55, 1.0]) | st.floats(0, 1), min_size=1, max_size=4)
shapes = npst.array_shapes(min_dims=1, max_dims=3, max_side=4)


@st.composite
def histories(draw, integral=True):
    """Counts, zeros and equal ones among them, and totals that they allow."""
    counts = draw(npst.arrays("int64", shapes, elements=st.integers(0, 6) | st.integers(0, 1000)))
    shares = draw(npst.arrays("float64", counts.shape, elements=st.sampled_from([0, 0.25, 0.5, 1])))
    totals = counts * shares
    return counts, np.floor(totals) if integral else totals


@st.composite
def trials(draw):
    """A history that an A/B test can have: all arms alike, one ahead by a turn, or a winner chosen further."""
    arms, per_arm = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        played = draw(st.integers(0, per_arm * arms + 3))
        counts = [min(played, per_arm * arms) // arms + (a < min(played, per_arm * arms) % arms) for a in range(arms)]
        counts[draw(st.integers(0, arms - 1))] += max(0, played - per_arm * arms)
        rows.append([counts, [draw(st.integers(0, n)) for n in counts]])
    counts, totals = np.moveaxis(np.array(rows), 1, 0)
    return {"counts": counts, "totals": totals, "per_arm": per_arm}


def fresh(generator):
    """A generator at the start of the same stream."""
    return np.random.default_rng(generator.bit_generator.seed_seq.entropy)


def each_run(strategy):
    """A strategy for one run in plain Python, applied to each of several."""

    def arms(counts, totals, **kwargs):
        runs = zip(counts.reshape(-1, counts.shape[-1]), totals.reshape(-1, counts.shape[-1]), strict=True)
        return np.reshape([strategy(n.tolist(), s.tolist(), **kwargs) for n, s in runs], counts.shape[:-1])

    return arms


def first_best(values):
    return max(range(len(values)), key=lambda a: (values[a], -a))


def mean(n, s):
    return s / n if n else math.inf


def greedy(counts, totals):
    return first_best([mean(n, s) for n, s in zip(counts, totals, strict=True)])


def upper_bound(counts, totals):
    rounds = sum(counts)
    pairs = zip(counts, totals, strict=True)
    return first_best([mean(n, s) + (math.sqrt(2 * math.log(rounds) / n) if n else 0) for n, s in pairs])


def explore_or_not(counts, totals, *, epsilon, generator):
    generator = fresh(generator)
    explores = [generator.random() < epsilon for _ in range(counts[..., 0].size)]
    anyone = [generator.integers(counts.shape[-1]) for _ in explores]
    best = each_run(greedy)(counts, totals).ravel()
    chosen = [a if e else b for e, a, b in zip(explores, anyone, best, strict=True)]
    return np.reshape(chosen, counts.shape[:-1])


def one_guess_an_arm(counts, totals, *, generator):
    generator = fresh(generator)

    def choose(counts, totals):
        return first_best([generator.beta(1 + s, 1 + n - s) for n, s in zip(counts, totals, strict=True)])

    return each_run(choose)(counts, totals)


def try_then_commit(counts, totals, *, per_arm):
    if min(counts) < per_arm:
        return counts.index(min(counts))
    if max(counts) > per_arm:
        return counts.index(max(counts))
    return first_best(totals)


def coins(probabilities, *, runs, rounds, generator):
    generator = fresh(generator)
    return np.array([[[generator.random() < p for p in probabilities] for _ in range(rounds)] for _ in range(runs)])


def one_run(rewards):
    """UCB1 on the rewards of one run, with its own books."""
    counts, totals, chosen = [0] * len(rewards[0]), [0.0] * len(rewards[0]), []
    for row in rewards:
        arm = upper_bound(counts, totals)
        counts[arm] += 1
        totals[arm] += row[arm]
        chosen.append(arm)
    return chosen


def ucb1_runs(rewards, choose):
    return np.reshape([one_run(run) for run in rewards.reshape(-1, *rewards.shape[-2:])], rewards.shape[:-1])


def losses(probabilities, chosen):
    runs = chosen.reshape(-1, chosen.shape[-1])
    sums = [[sum(max(probabilities) - probabilities[a] for a in run[: t + 1]) for t in range(len(run))] for run in runs]
    return np.reshape(sums, chosen.shape)


def bound(probabilities, rounds):
    gaps = [max(probabilities) - p for p in probabilities]
    constant = (1 + math.pi**2 / 3) * sum(gaps)
    return np.reshape([8 * sum(math.log(n) / g for g in gaps if g) + constant for n in rounds.ravel()], rounds.shape)


def ucb1(counts, totals):
    from dlref.bandits import ucb1

    return ucb1(counts, totals)


def with_generator(strategy, **drawn):
    """Counts and totals beside other keyword arguments."""
    pairs = st.tuples(strategy, st.fixed_dictionaries(drawn))
    return pairs.map(lambda pair: {"counts": pair[0][0], "totals": pair[0][1]} | pair[1])


@st.composite
def probabilities_and_arms(draw):
    values = draw(probabilities)
    return values, draw(npst.arrays("int64", shapes, elements=st.integers(0, len(values) - 1)))


sizes = st.integers(1, 4)
rewards = npst.arrays(
    "float64",
    npst.array_shapes(min_dims=2, max_dims=4, max_side=4),
    elements=st.sampled_from([0.0, 1.0]) | st.sampled_from([0.25, 0.5]),
)
draws = st.fixed_dictionaries({"probabilities": probabilities, "runs": sizes, "rounds": sizes, "generator": generators})
bounds = st.tuples(
    st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.55, 1.0]), min_size=1, max_size=4),
    npst.arrays("int64", npst.array_shapes(min_dims=0, max_dims=2, max_side=4), elements=st.integers(1, 10**6)),
)

ORACLES = {
    "bernoulli_rewards": Oracle("one coin at a time", coins, draws),
    "epsilon_greedy": Oracle(
        "the definition, run by run",
        explore_or_not,
        with_generator(histories(integral=False), epsilon=st.sampled_from([0.0, 0.5, 1.0]), generator=generators),
    ),
    "ucb1": Oracle("figure 1 of Auer et al. 2002, run by run", each_run(upper_bound), histories(integral=False)),
    "thompson_sampling": Oracle(
        "the definition, arm by arm", one_guess_an_arm, with_generator(histories(), generator=generators)
    ),
    "ab_test": Oracle("the definition, run by run", each_run(try_then_commit), trials()),
    "play": Oracle("UCB1 with its own books, run by run", ucb1_runs, st.tuples(rewards, st.just(ucb1))),
    "regret": Oracle("the sum of the losses, written out", losses, probabilities_and_arms()),
    "ucb1_regret_bound": Oracle("theorem 1 of Auer et al. 2002, arm by arm", bound, bounds),
}
