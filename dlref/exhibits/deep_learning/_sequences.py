"""The three recurrent networks of the page on sequences: how each is trained, and what it answers.

All are trained in float64: trainings of this length come out alike on every processor there, in float32 they do not.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from dlref.datasets import english_words, german_words, passengers, story
from dlref.engine.trained import trained
from dlref.pytorch.sequences import CharacterModel, Forecaster, Translator

# Forecasting: months that are read, months to come, and where the held-out years begin.
PAST, HORIZON, SPLIT = 24, 12, 108
# Text: the share to learn from, and how long.
LEARNED, STEPS, EARLY, SPAN = 0.85, 500, 125, 64
# Translation: numbers up to here, and the longest translation in parts, its end included.
NUMBERS, LONGEST = 1000, 7
LEARNED_FROM = [50, 100, 200, 400]
YEARS = [1958, 1959, 1960]


@cache
def logs() -> np.ndarray:
    """Natural logarithms of the passengers: a yearly growth by a factor becomes one by a step."""
    return np.log(passengers()["Passengers"].to_numpy(dtype=float))


def held_out_starts() -> range:
    """The first months of the held-out forecasts: every month from which a whole year to come is known."""
    return range(SPLIT, len(logs()) - HORIZON + 1)


def windows(starts: range) -> tuple[Tensor, Tensor]:
    """Past and coming months around each start, both relative to the last month that is known."""
    past = np.array([logs()[i - PAST : i] - logs()[i - 1] for i in starts])
    coming = np.array([logs()[i : i + HORIZON] - logs()[i - 1] for i in starts])
    return torch.tensor(past), torch.tensor(coming)


@trained
def forecaster_state(seed: int) -> dict:
    """A network that has seen the years before 1958, in windows whose answers also lie before 1958."""
    torch.manual_seed(seed)
    past, coming = windows(range(PAST, SPLIT - HORIZON + 1))
    model = Forecaster(16, horizon=HORIZON).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(400):
        optimizer.zero_grad()
        functional.mse_loss(model(past), coming).backward()
        optimizer.step()
    return model.state_dict()


@cache
def network_forecasts(seed: int) -> np.ndarray:
    """The network's forecasts from every held-out start, in thousands of passengers."""
    model = Forecaster(16, horizon=HORIZON).double()
    model.load_state_dict(forecaster_state(seed))
    with torch.no_grad():
        steps = model(windows(held_out_starts())[0]).numpy()
    return np.exp(steps + logs()[[i - 1 for i in held_out_starts()], None])


@cache
def simple_forecasts() -> dict[str, np.ndarray]:
    """What needs no training: forecasts from every held-out start, and under "actual" what came."""
    values = np.exp(logs())
    starts = held_out_starts()
    last_year = np.array([values[i - 12 : i] for i in starts])
    growth = np.array([values[i - 12 : i].sum() / values[i - 24 : i - 12].sum() for i in starts])
    return {
        "actual": np.array([values[i : i + HORIZON] for i in starts]),
        "naive": values[[i - 1 for i in starts], None].repeat(HORIZON, axis=1),
        "seasonal naive": last_year,
        "seasonal naive × growth": last_year * growth[:, None],
    }


@cache
def alphabet() -> list[str]:
    """The characters of the text, in order."""
    return sorted(set(story()))


@cache
def letters() -> Tensor:
    """The text as indices into the alphabet."""
    return torch.tensor([alphabet().index(character) for character in story()])


def learned() -> int:
    """How many characters the network learns from; the rest is held out."""
    return int(LEARNED * len(letters()))


@trained
def character_states(seed: int) -> dict:
    """A network that guesses the next letter: its state early and at the end, and its bits a letter on the way."""
    torch.manual_seed(seed)
    text = letters()[: learned()]
    model = CharacterModel(len(alphabet()), hidden=96).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    states, curve = {}, []
    for step in range(1, STEPS + 1):
        starts = torch.randint(len(text) - SPAN, (32,))
        spans = torch.stack([text[i : i + SPAN + 1] for i in starts])
        optimizer.zero_grad()
        functional.cross_entropy(model(spans[:, :-1])[0].transpose(1, 2), spans[:, 1:]).backward()
        optimizer.step()
        if step % 25 == 0:
            curve.append([step, *bits(model)])
        if step in (EARLY, STEPS):
            states[str(step)] = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    return {"states": states, "curve": curve}


@torch.no_grad()
def bits(model: nn.Module) -> list[float]:
    """Mean bits a letter on the text learned from and on the text held out, read in one go."""
    logits, _ = model(letters()[None, :-1])
    losses = functional.cross_entropy(logits[0], letters()[1:], reduction="none") / np.log(2)
    return [losses[: learned() - 1].mean().item(), losses[learned() - 1 :].mean().item()]


@cache
def character_model(steps: int) -> CharacterModel:
    """The network after so many steps."""
    model = CharacterModel(len(alphabet()), hidden=96).double()
    model.load_state_dict(character_states(0)["states"][str(steps)])
    return model


def ngram_bits(order: int, weight: float = 3.0) -> float:
    """Bits a held-out letter of counting: how often each followed the last `order` letters, smoothed by fewer."""
    text, size = story(), learned()
    probability = np.full(len(text) - size, 1 / len(alphabet()))
    for length in range(order + 1):
        runs: dict[str, dict[str, int]] = {}
        for i in range(length, size):
            after = runs.setdefault(text[i - length : i], {})
            after[text[i]] = after.get(text[i], 0) + 1
        for k, i in enumerate(range(size, len(text))):
            after = runs.get(text[i - length : i], {})
            seen = after.get(text[i], 0) + weight * probability[k]
            probability[k] = seen / (sum(after.values()) + weight)
    return float(-np.log2(probability).mean())


@cache
def vocabularies() -> tuple[dict[str, int], dict[str, int]]:
    """English words from 1 up, German parts from 3 up: 0 fills, 1 begins, 2 ends."""
    english = sorted({word for n in range(NUMBERS) for word in english_words(n)})
    german = sorted({part for n in range(NUMBERS) for part in german_words(n)})
    return {word: i for i, word in enumerate(english, 1)}, {part: i for i, part in enumerate(german, 3)}


@cache
def sentences() -> tuple[Tensor, Tensor]:
    """All numbers in both languages, as indices, filled up with 0."""
    english, german = vocabularies()
    source, target = torch.zeros(NUMBERS, 4, dtype=torch.long), torch.zeros(NUMBERS, LONGEST, dtype=torch.long)
    for n in range(NUMBERS):
        words, parts = [english[w] for w in english_words(n)], [german[p] for p in german_words(n)]
        source[n, : len(words)] = torch.tensor(words)
        target[n, : len(parts) + 1] = torch.tensor([*parts, 2])
    return source, target


@cache
def shuffled_numbers(seed: int = 0) -> np.ndarray:
    """All numbers in a random order: the first are learned from, the last 500 are held out."""
    return np.random.default_rng(seed).permutation(NUMBERS)


def new_translator() -> Translator:
    """An untrained network for these languages."""
    english, german = vocabularies()
    return Translator(len(english) + 1, len(german) + 3, hidden=32).double()


@trained
def translator_state(count: int, seed: int) -> dict:
    """A network that has learned from so many numbers."""
    torch.manual_seed(seed)
    numbers = torch.tensor(shuffled_numbers(seed)[:count])
    source, target = sentences()
    model = new_translator()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(600):
        batch = numbers[torch.randint(count, (64,))]
        # While it learns, it is told the right words so far, shifted by one.
        told = functional.pad(target[batch, :-1], (1, 0), value=1)
        logits, _ = model(source[batch], told)
        optimizer.zero_grad()
        functional.cross_entropy(logits.transpose(1, 2), target[batch], ignore_index=0).backward()
        optimizer.step()
    return model.state_dict()


@cache
def translations(count: int, seed: int = 0) -> tuple[list[list[str]], np.ndarray]:
    """What a network that has learned from so many numbers writes for each number, and its attention."""
    model = new_translator()
    model.load_state_dict(translator_state(count, seed))
    written, attention = model.translate(sentences()[0], longest=LONGEST)
    parts = {i: part for part, i in vocabularies()[1].items()}
    return [_until_end(row, parts) for row in written.tolist()], attention.numpy()


def _until_end(row: list[int], parts: dict[int, str]) -> list[str]:
    """The parts before the end sign."""
    ends = row.index(2) if 2 in row else len(row)
    return [parts.get(i, "?") for i in row[:ends]]


def word_for_word(number: int) -> list[str]:
    """Each English word by its German one, in the English order."""
    names = {english_words(n)[0]: german_words(n)[0] for n in [*range(20), *range(20, 100, 10)]}
    names |= {"hundred": "hundert"}
    words = [names[word] for word in english_words(number)]
    return ["ein" if word == "eins" and i < len(words) - 1 else word for i, word in enumerate(words)]


def unseen(seed: int = 0) -> np.ndarray:
    """The numbers that no network has learned from."""
    return shuffled_numbers(seed)[-500:]


def exact(answers: list[list[str]], seed: int = 0) -> float:
    """Share of the held-out numbers that are translated without any mistake."""
    return float(np.mean([answers[n] == german_words(n) for n in unseen(seed)]))


def error(forecasts: np.ndarray) -> float:
    """Mean absolute error over all held-out starts and months, in thousands of passengers."""
    return float(np.abs(forecasts - simple_forecasts()["actual"]).mean())


def year_error(forecasts: np.ndarray, year: int) -> float:
    """Mean absolute error for the months of one year, forecast at the end of the year before."""
    row = 12 * (year - 1949) - held_out_starts()[0]
    return float(np.abs(forecasts[row] - simple_forecasts()["actual"][row]).mean())


def sequence_measures(seed: int) -> dict[str, float]:
    """What one training of each of the three networks reaches."""
    forecasts = network_forecasts(seed)
    found = {"forecast error": error(forecasts)}
    found |= {f"forecast error in {year}": year_error(forecasts, year) for year in YEARS}
    for step, train, held_out in character_states(seed)["curve"]:
        found |= {f"bits after {step:g} steps, training": train, f"bits after {step:g} steps, held-out": held_out}
    found |= {f"exact, {count} numbers": exact(translations(count, seed)[0], seed) for count in LEARNED_FROM}
    return found | {"exact, word for word": exact([word_for_word(n) for n in range(NUMBERS)], seed)}
