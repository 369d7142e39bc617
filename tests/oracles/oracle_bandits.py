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
    return {"counts": counts, "totals": totals, "per_arm": per_arm, "generator": draw(generators)}


def fresh(generator):
    """A generator at the start of the same stream."""
    return np.random.default_rng(generator.bit_generator.seed_seq.entropy)


def each_run(value):
    """What each arm is worth in one run, in plain Python; of the best ones, the one with the largest number drawn."""

    def arms(counts, totals, *, generator, **kwargs):
        return largest(counts, totals, fresh(generator), value, **kwargs)

    return arms


def largest(counts, totals, generator, value, **kwargs):
    rows = zip(*(values.reshape(-1, counts.shape[-1]).tolist() for values in (counts, totals)), strict=True)
    best = []
    for n, s in rows:
        worth = value(n, s, **kwargs)
        drawn = [generator.random() for _ in worth]
        best.append(max(range(len(worth)), key=lambda a: (worth[a], drawn[a])))
    return np.reshape(best, counts.shape[:-1])


def mean(n, s):
    return s / n if n else math.inf


def means(counts, totals):
    return [mean(n, s) for n, s in zip(counts, totals, strict=True)]


def upper_bounds(counts, totals):
    rounds = sum(counts)
    pairs = zip(counts, totals, strict=True)
    return [mean(n, s) + (math.sqrt(2 * math.log(rounds) / n) if n else 0) for n, s in pairs]


def explore_or_not(counts, totals, *, epsilon, generator):
    generator = fresh(generator)
    explores = [generator.random() < epsilon for _ in range(counts[..., 0].size)]
    anyone = [generator.integers(counts.shape[-1]) for _ in explores]
    best = largest(counts, totals, generator, means).ravel()
    chosen = [a if e else b for e, a, b in zip(explores, anyone, best, strict=True)]
    return np.reshape(chosen, counts.shape[:-1])


def one_guess_an_arm(counts, totals, *, generator):
    generator = fresh(generator)
    rows = zip(*(values.reshape(-1, counts.shape[-1]).tolist() for values in (counts, totals)), strict=True)
    guesses = [[generator.beta(1 + s, 1 + n - s) for n, s in zip(*row, strict=True)] for row in rows]
    return np.reshape([guess.index(max(guess)) for guess in guesses], counts.shape[:-1])


def try_then_commit(counts, totals, *, per_arm):
    if min(counts) < per_arm:
        return [-n for n in counts]
    return counts if max(counts) > per_arm else totals


def coins(probabilities, *, runs, rounds, generator):
    generator = fresh(generator)
    return np.array([[[generator.random() < p for p in probabilities] for _ in range(rounds)] for _ in range(runs)])


def leader(counts, totals):
    """A strategy without chance: the arm that is furthest above a reward in every second round."""
    return np.argmax(totals - counts / 2, axis=-1)


def one_run(rewards):
    """The same on the rewards of one run, with its own books."""
    counts, totals, chosen = [0] * len(rewards[0]), [0.0] * len(rewards[0]), []
    for row in rewards:
        ahead = [s - n / 2 for n, s in zip(counts, totals, strict=True)]
        arm = ahead.index(max(ahead))
        counts[arm] += 1
        totals[arm] += row[arm]
        chosen.append(arm)
    return chosen


def run_by_run(rewards, choose):
    return np.reshape([one_run(run) for run in rewards.reshape(-1, *rewards.shape[-2:])], rewards.shape[:-1])


def losses(probabilities, chosen):
    runs = chosen.reshape(-1, chosen.shape[-1])
    sums = [[sum(max(probabilities) - probabilities[a] for a in run[: t + 1]) for t in range(len(run))] for run in runs]
    return np.reshape(sums, chosen.shape)


def bound(probabilities, rounds):
    gaps = [max(probabilities) - p for p in probabilities]
    constant = (1 + math.pi**2 / 3) * sum(gaps)
    return np.reshape([8 * sum(math.log(n) / g for g in gaps if g) + constant for n in rounds.ravel()], rounds.shape)


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
    "ucb1": Oracle(
        "figure 1 of Auer et al. 2002, run by run",
        each_run(upper_bounds),
        with_generator(histories(integral=False), generator=generators),
    ),
    "thompson_sampling": Oracle(
        "the definition, arm by arm", one_guess_an_arm, with_generator(histories(), generator=generators)
    ),
    "ab_test": Oracle("the definition, run by run", each_run(try_then_commit), trials()),
    "play": Oracle("a strategy with its own books, run by run", run_by_run, st.tuples(rewards, st.just(leader))),
    "regret": Oracle("the sum of the losses, written out", losses, probabilities_and_arms()),
    "ucb1_regret_bound": Oracle("theorem 1 of Auer et al. 2002, arm by arm", bound, bounds),
}
