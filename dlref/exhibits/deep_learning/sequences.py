"""Exhibits of the page on recurrent networks at work."""

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import english_words, german_words, passengers, story
from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._recorded import OVER, RUNS, outside, recorded, spread
from dlref.exhibits.deep_learning._sequences import (
    EARLY,
    LEARNED_FROM,
    SPLIT,
    STEPS,
    YEARS,
    alphabet,
    character_model,
    character_states,
    error,
    exact,
    held_out_starts,
    learned,
    network_forecasts,
    ngram_bits,
    simple_forecasts,
    translations,
    unseen,
    year_error,
)
from dlref.plots import activation, style
from dlref.pytorch.sequences import sample_characters

TEMPERATURES = [0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5]
SHOWN_NUMBERS = [42, 101, 116, 360, 742, 999]
ORDERS = [0, 1, 2, 3, 4, 5]
# For what is learned from the one series and the one text there are.
STARTS = f"{RUNS} recorded trainings, each with a start of its own"
METHODS = ("naive", "seasonal naive", "seasonal naive × growth")


@exhibit(
    alt=lambda year: (
        f"Airline passengers a month from 1956 to {year}, high in summer and rising. For {year} three lines: what "
        f"came, the network's forecast, off by {year_errors(year)[0]:.0f} thousand on average, and the seasonal "
        f"naive one, off by {year_errors(year)[1]:.0f}."
    ),
    explore={"year": YEARS},
)
def forecast(year: int = 1960) -> Figure:
    """A forecast for a year that the network has not seen, made at the end of the year before, by one training."""
    table = passengers()
    values, months = table["Passengers"].to_numpy(), np.arange(len(table)) / 12 + 1949
    start = 12 * (year - 1949)
    row = start - held_out_starts()[0]
    figure, axes = style.figure(4.8, 3.3)
    axes.plot(months[: start + 12], values[: start + 12], color=style.INK, linewidth=1.2)
    coming = months[start : start + 12]
    for color, dash, name, forecasts in (
        (style.BLUE, "-", "network", network_forecasts(0)),
        (style.ORANGE, (0, (5, 2)), "seasonal naive", simple_forecasts()["seasonal naive"]),
    ):
        axes.plot(coming, forecasts[row], color=color, linestyle=dash, label=name)
    axes.plot([], [], color=style.INK, linewidth=1.2, label="actual")
    axes.axvline(coming[0] - 1 / 24, color=style.MUTED, linewidth=0.8)
    axes.legend(loc="upper left")
    axes.set(xlim=(1955.9, 1961.1), ylim=(200, 680), ylabel="passengers, thousands")
    axes.set_xticks(range(1956, 1962), [str(one) for one in range(1956, 1962)])
    return figure


@exhibit(digits=1)
def forecast_errors() -> DataFrame:
    """Mean absolute error of forecasts for twelve months, from all held-out starts, in thousands of passengers; of the
    network, mean and range of the recorded trainings.
    """
    rows = [(name, error(simple_forecasts()[name]), "") for name in METHODS]
    name = "sequences: forecast error"
    rows.append(("recurrent network (GRU)", recorded(name).mean(), spread(name, 1)))
    return DataFrame(rows, columns=["method", "error", "range"])


@exhibit(over=STARTS)
def network_beats_the_naive_forecasts() -> bool:
    """In every training, the network's mean absolute error is below those of both naive forecasts."""
    limit = min(error(simple_forecasts()[name]) for name in METHODS[:2])
    return bool((recorded("sequences: forecast error") < limit).all())


def year_errors(year: int) -> tuple[float, float]:
    """Mean absolute errors for one year: of the network drawn, and of the seasonal naive forecast."""
    return tuple(year_error(one, year) for one in (network_forecasts(0), simple_forecasts()["seasonal naive"]))


@exhibit(over=STARTS)
def naive_wins_one_year() -> bool:
    """Of the three years drawn, 1958 is the one for which the seasonal naive forecast is nearer than the network's in
    most trainings, nine in ten or more; for both others it is nearer in one of ten or fewer.
    """
    naive = simple_forecasts()["seasonal naive"]
    wins = [np.mean(recorded(f"sequences: forecast error in {year}") > year_error(naive, year)) for year in YEARS]
    return bool(wins[0] >= 0.9 and max(wins[1:]) <= 0.1)


@exhibit(over=STARTS)
def growth_is_level_with_the_network() -> bool:
    """The mean error of the networks and that of the seasonal naive forecast times last year's growth differ by less
    than a fifth.
    """
    ratio = recorded("sequences: forecast error").mean() / error(simple_forecasts()[METHODS[2]])
    return bool(abs(ratio - 1) < 0.2)


@exhibit(over="one training while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """The forecast error, the bits a letter and the share of exact translations of the networks drawn on this page are
    like the recorded ones: within their range, made wider on each side by twice its width and a tenth of the mean.
    """
    found = {"forecast error": error(network_forecasts(0))}
    found |= {f"bits after {step:g} steps, held-out": bits for step, _, bits in character_states(0)["curve"]}
    found |= {f"exact, {count} numbers": exact(translations(count)[0]) for count in (LEARNED_FROM[1], LEARNED_FROM[-1])}
    return not outside({f"sequences: {name}": value for name, value in found.items()})


@exhibit()
def training_months() -> int:
    """Months before the held-out years."""
    return SPLIT


@exhibit()
def origins() -> int:
    """From how many held-out months a forecast is made."""
    return len(held_out_starts())


def likeliest(temperature: float) -> tuple[np.ndarray, list[str]]:
    """The eight letters that are likeliest after "the keeper", with their probabilities at a temperature."""
    start = torch.tensor([[alphabet().index(character) for character in "the keeper "]])
    with torch.no_grad():
        logits = character_model(EARLY)(start)[0][0, -1].double()
    first = logits.argsort(descending=True)[:8]
    return (logits / temperature).softmax(dim=0)[first].numpy(), [alphabet()[i] for i in first]


@exhibit(
    alt=lambda temperature: (
        f"Probabilities of eight letters to come at temperature {temperature:g}: "
        + ", ".join(f"{letter} {chance:.2f}" for chance, letter in zip(*likeliest(temperature), strict=True))
        + "."
    ),
    explore={"temperature": TEMPERATURES},
)
def next_letter(temperature: float = 0.6) -> Figure:
    """The letters that are likeliest after "the keeper", by the network that was stopped early: a low temperature gives
    nearly all to the first, a high one evens them out.
    """
    chances, letters = likeliest(temperature)
    return activation.bars(chances, letters, ylabel="probability", ylim=(0, 1.08))


@exhibit(explore={"temperature": TEMPERATURES})
def generated(temperature: float = 0.6) -> str:
    """One draw, letter by letter, from the network that was stopped early, after the words "the keeper"."""
    return continued(EARLY, temperature)


@exhibit(explore={"temperature": TEMPERATURES})
def recited(temperature: float = 0.6) -> str:
    """One draw, letter by letter, from the network that was trained to the end, after the words "the keeper"."""
    return continued(STEPS, temperature)


def continued(steps: int, temperature: float, seed: int = 0) -> str:
    """What the network writes after so many steps of training."""
    start = "the keeper "
    added = sample_characters(
        character_model(steps),
        [alphabet().index(character) for character in start],
        count=180,
        temperature=temperature,
        generator=torch.Generator().manual_seed(seed),
    )
    return " ".join((start + "".join(alphabet()[i] for i in added)).split())


def copied(text: str, piece: int = 20) -> float:
    """Share of a text's letters that stand in pieces of 20 or more found, letter for letter, in what was learned."""
    source = " ".join(story()[: learned()].split())
    found = np.zeros(len(text), bool)
    for i in range(len(text) - piece + 1):
        if text[i : i + piece] in source:
            found[i : i + piece] = True
    return float(found.mean())


def copied_share(steps: int, temperature: float, draws: int = 5) -> str:
    """The mean of some draws."""
    return f"{np.mean([copied(continued(steps, temperature, seed)) for seed in range(draws)]):.0%}".replace("%", " %")


@exhibit(explore={"temperature": TEMPERATURES}, over="5 draws from one training", one_run=True)
def copied_early(temperature: float = 0.6) -> str:
    """Of the letters that the network stopped early writes, the share in pieces of 20 or more copied from the text that
    it has learned from.
    """
    return copied_share(EARLY, temperature)


@exhibit(explore={"temperature": TEMPERATURES}, over="5 draws from one training", one_run=True)
def copied_late(temperature: float = 0.6) -> str:
    """Of the letters that the network trained to the end writes, the share in pieces of 20 or more copied from the text
    that it has learned from.
    """
    return copied_share(STEPS, temperature)


@exhibit(over="5 draws from one training at each temperature")
def it_recites() -> bool:
    """At a temperature of 0.6, the network trained to the end copies more than half of what it writes in pieces of 20
    letters or more, and the network stopped early less than a third; at 1.5 the first copies less than at 0.6.
    """
    late, early = ([copied(continued(steps, 0.6, seed)) for seed in range(5)] for steps in (STEPS, EARLY))
    wild = [copied(continued(STEPS, 1.5, seed)) for seed in range(5)]
    return bool(np.mean(late) > 0.5 and np.mean(early) < 1 / 3 and np.mean(wild) < np.mean(late))


@exhibit(explore={"temperature": TEMPERATURES}, digits=1)
def chosen_temperature(temperature: float = 0.6) -> float:
    """The temperature that the slider is at."""
    return temperature


@exhibit(
    alt=lambda: (
        "Bits a letter against training steps. On the text learned from they fall all the way; on held-out text they "
        "fall, reach their least early and rise again. A dashed line for the best counting model lies a little above "
        "the least."
    )
)
def bits_curve() -> Figure:
    """On what it has read the network gets ever better; on held-out text it soon gets worse: it learns by heart. Means
    of the recorded trainings, which lie close together.
    """
    step = range(25, STEPS + 1, 25)
    train, held_out = ([bits_after(one, part) for one in step] for part in ("training", "held-out"))
    figure, axes = style.figure(4.6, 3.2)
    counted = min(ngram_bits(order) for order in ORDERS)
    axes.plot(step, train, color=style.TRAINING, marker="o")
    axes.plot(step, held_out, color=style.VALIDATION, marker="s")
    axes.axhline(counted, color=style.MUTED, linestyle=(0, (4, 3)), linewidth=1)
    axes.axvline(EARLY, color=style.MUTED, linewidth=0.8)
    axes.text(EARLY + 6, 0.12, "stopped early", color=style.INK, fontsize=9)
    axes.annotate("text learned from", (step[-1], train[-1]), (0, 12), textcoords="offset points", ha="right")
    axes.annotate("held-out text", (step[-1], held_out[-1]), (0, 8), textcoords="offset points", ha="right")
    axes.annotate("counting", (step[-1], counted), (0, -12), textcoords="offset points", ha="right", color=style.INK)
    axes.set(xlabel="training steps", ylabel="bits a letter", xlim=(0, STEPS + 10), ylim=(0, 4.2))
    return figure


def bits_after(steps: int, part: str) -> float:
    """Bits a letter after so many steps: the mean of the recorded trainings."""
    return float(recorded(f"sequences: bits after {steps} steps, {part}").mean())


@exhibit()
def bits_table() -> DataFrame:
    """Bits that each held-out letter costs: the better the guess, the fewer. Counting uses the best number of letters
    before; of the network, mean and range of the recorded trainings.
    """
    order = min(ORDERS, key=ngram_bits)
    rows = [
        ("all letters alike", float(np.log2(len(alphabet()))), ""),
        ("how frequent each letter is", ngram_bits(0), ""),
        (f"counts after the last {order} letters", ngram_bits(order), ""),
    ]
    for steps, name in ((EARLY, "stopped early"), (STEPS, "trained to the end")):
        measure = f"sequences: bits after {steps} steps, held-out"
        rows.append((f"recurrent network (LSTM), {name}", recorded(measure).mean(), spread(measure)))
    return DataFrame(rows, columns=["guess by", "bits a letter", "range"])


@exhibit(over=STARTS)
def network_guesses_better_than_counting() -> bool:
    """In every training: stopped early, the network needs fewer bits a held-out letter than counts with any number of
    letters before; trained to the end, it needs more.
    """
    early, late = (recorded(f"sequences: bits after {steps} steps, held-out") for steps in (EARLY, STEPS))
    counted = min(ngram_bits(order) for order in ORDERS)
    return bool((early < counted).all() and (counted < late).all())


@exhibit()
def text_length() -> int:
    """Characters of the text."""
    return len(story())


@exhibit()
def text_held_out() -> int:
    """Characters at its end that are held out."""
    return len(story()) - learned()


@exhibit(
    alt=lambda number: (
        f"Attention for {' '.join(english_words(number))}: a row for each German part written, a column for each "
        "English word read; dark cells mostly pair words of the same meaning."
    ),
    explore={"number": SHOWN_NUMBERS},
)
def attention(number: int = 742) -> Figure:
    """Where the network looks while it writes: the cells leave the diagonal where German puts units before tens. `und`
    and the end have no English word of their own.
    """
    written, weights = translations(LEARNED_FROM[-1])
    source, target = english_words(number), [*written[number], "(end)"]
    shown = np.round(weights[number, : len(target), : len(source)], 2)
    figure, axes = style.figure(4.0, 3.3)
    mesh = axes.pcolormesh(shown, cmap=style.ramp(style.BLUE), vmin=0, vmax=1, edgecolor=style.GROUND, linewidth=1.5)
    mesh.set_rasterized(False)
    for (row, column), weight in np.ndenumerate(shown):
        if weight >= 0.1:
            color = style.GROUND if weight > 0.6 else style.INK
            axes.text(column + 0.5, row + 0.5, f"{weight:.1f}", ha="center", va="center", fontsize=9, color=color)
    axes.set(xlim=(0, 4), ylim=(6, 0), xlabel="read", ylabel="written")
    axes.set_xticks(np.arange(len(source)) + 0.5, source)
    axes.set_yticks(np.arange(len(target)) + 0.5, target)
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    return figure


@exhibit(explore={"number": SHOWN_NUMBERS})
def translated(number: int = 742) -> str:
    """What the network that has learned from most numbers writes for the number."""
    return "".join(translations(LEARNED_FROM[-1])[0][number])


@exhibit(explore={"number": SHOWN_NUMBERS})
def chosen_number(number: int = 742) -> str:
    """The number that the slider is at, in English."""
    return " ".join(english_words(number))


@exhibit()
def translation_results() -> DataFrame:
    """Share of the held-out numbers translated without any mistake, mean and range of the recorded trainings: most need
    the words in another order.
    """
    rows = {"word for word, in the English order": "exact, word for word"}
    rows |= {f"network, {count} numbers read": f"exact, {count} numbers" for count in LEARNED_FROM}
    values = [(name, recorded(f"sequences: {one}").mean(), spread(f"sequences: {one}")) for name, one in rows.items()]
    return DataFrame(values, columns=["translation", "exact matches", "range"])


@exhibit(over=OVER)
def translation_improves() -> bool:
    """In every training, the network that has read most numbers translates at least nine in ten held-out ones exactly,
    more than the one that has read fewest, and more than word for word.
    """
    word, fewest, most = (
        recorded(f"sequences: exact, {one}") for one in ("word for word", "50 numbers", "400 numbers")
    )
    return bool((most >= 0.9).all() and (most > fewest).all() and (most > word + 0.3).all())


@exhibit()
def translation_mistakes() -> DataFrame:
    """Held-out numbers that the network with 100 examples gets wrong, the first five in order."""
    written, _ = translations(100)
    wrong = [n for n in sorted(unseen()) if written[n] != german_words(n)][:5]
    return DataFrame(
        {
            "number": [int(n) for n in wrong],
            "network": ["".join(written[n]) for n in wrong],
            "right": ["".join(german_words(n)) for n in wrong],
        }
    )
