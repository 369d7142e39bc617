"""Small recurrent networks for sequences: numbers to come, letter after letter, one language into another."""

import torch
from torch import Tensor, nn

from dlref import _check
from dlref.pytorch._modes import mode

__all__ = ["CharacterModel", "Forecaster", "Translator", "sample_characters"]


class Forecaster(nn.Module):
    """Reads a window of past values one by one, and answers with all values to come at once.

    Args:
        hidden: Numbers that the network keeps between two values.
        horizon: How many values to come.

    Raises:
        TypeError: If an argument is no integer.
        ValueError: If one is below 1.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.sequences import Forecaster
        >>> print(Forecaster(8, horizon=12)(torch.zeros(5, 24)).shape)
        torch.Size([5, 12])

    References:
        K. Cho and others, "Learning phrase representations using RNN encoder–decoder for statistical machine
        translation", EMNLP 2014 (the gated recurrent unit). On the page: [Recurrent networks at work][dl-recurrent].
    """

    def __init__(self, hidden: int, *, horizon: int) -> None:
        super().__init__()
        hidden, horizon = _check.integer("hidden", hidden), _check.integer("horizon", horizon)
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, horizon)

    def forward(self, x: Tensor) -> Tensor:
        """Windows of shape (n, past) to values of shape (n, horizon)."""
        _, last = self.rnn(x[..., None])
        return self.out(last[0])


class CharacterModel(nn.Module):
    """For each character of a text, logits for the next one.

    Args:
        characters: How many different characters there are.
        hidden: Numbers that each half of the LSTM's memory holds, at least 4.

    Raises:
        TypeError: If an argument is no integer.
        ValueError: If `characters` is below 1 or `hidden` below 4.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.sequences import CharacterModel
        >>> logits, memory = CharacterModel(30, hidden=16)(torch.zeros(5, 64, dtype=torch.long))
        >>> print(logits.shape, memory[0].shape)
        torch.Size([5, 64, 30]) torch.Size([1, 5, 16])

    References:
        A. Graves, "Generating sequences with recurrent neural networks", 2013, arXiv:1308.0850.
        On the page: [Recurrent networks at work][dl-recurrent].
    """

    def __init__(self, characters: int, *, hidden: int) -> None:
        super().__init__()
        characters, hidden = _check.integer("characters", characters), _check.integer("hidden", hidden, low=4)
        self.embedding = nn.Embedding(characters, hidden // 4)
        self.rnn = nn.LSTM(hidden // 4, hidden, batch_first=True)
        self.out = nn.Linear(hidden, characters)

    def forward(self, x: Tensor, memory: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Characters of shape (n, length) to logits of shape (n, length, characters), and the memory at the end."""
        states, memory = self.rnn(self.embedding(x), memory)
        return self.out(states), memory


@torch.no_grad()
def sample_characters(
    model: CharacterModel, start: list[int], *, count: int, temperature: float, generator: torch.Generator
) -> list[int]:
    r"""Go on with a text: draw a character, feed it back, and so on.

    $$P(c) = \frac{e^{z_c / T}}{\sum_k e^{z_k / T}}$$

    Args:
        model: Gives logits $z$ for the next character.
        start: The characters to begin with, at least one.
        count: How many to add.
        temperature: $T$ above 0: near 0 always the likeliest character, 1 as learned, above 1 nearer to chance.
        generator: Source of the draws.

    Returns:
        The characters that were added.

    Raises:
        TypeError: If `model` is no `CharacterModel`, or a number of the wrong kind.
        ValueError: If `start` is empty or holds a character that the model does not have, `count` is below 1, or the
            temperature is not above 0.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.sequences import CharacterModel, sample_characters
        >>> model = CharacterModel(3, hidden=8)
        >>> _ = torch.nn.init.constant_(model.out.bias, 0.0)
        >>> _ = model.out.bias.data[2].fill_(50.0)
        >>> print(sample_characters(model, [0, 1], count=4, temperature=1.0, generator=torch.Generator()))
        [2, 2, 2, 2]

        Dividing by a temperature of 0 gives no probabilities.

        >>> import torch
        >>> from dlref.pytorch.sequences import CharacterModel, sample_characters
        >>> try:
        ...     sample_characters(CharacterModel(3, hidden=8), [0], count=4, temperature=0, generator=torch.Generator())
        ... except ValueError as error:
        ...     print(error)
        sample_characters: temperature must be a finite number > 0; got 0.

    References:
        On the page: [Recurrent networks at work][dl-recurrent].
    """
    _check.instance("model", model, CharacterModel)
    start = _check.not_empty("start", _check.integers("start", start, ndim=1, high=model.out.out_features)).tolist()
    _check.instance("generator", generator, torch.Generator)
    count, temperature = _check.integer("count", count), _check.number("temperature", temperature, above=0)

    added: list[int] = []
    with mode(model, training=False):
        logits, memory = model(torch.tensor([start]))
        for _ in range(count):
            scores = logits[0, -1].double()
            # A tiny temperature would make them infinite.
            probabilities = ((scores - scores.max()) / temperature).softmax(dim=0)
            added.append(int(torch.multinomial(probabilities, 1, generator=generator)))
            logits, memory = model(torch.tensor([added[-1:]]), memory)
    return added


class Translator(nn.Module):
    r"""Reads a sentence in both directions, then writes one word at a time, looking back at what it has read.

    $$a_{ts} = \operatorname{softmax}_s(q_t \cdot k_s) \qquad c_t = \sum_s a_{ts} h_s$$

    The writer's state gives the query $q_t$, the reader's states $h_s$ the keys $k_s$; $c_t$ is what it looks at.
    Word 0 fills up short sentences, word 1 begins and word 2 ends the translation.

    Args:
        words_in: How many words the first language has, the filler among them.
        words_out: How many words the second language has, the three special ones among them.
        hidden: Size of the states, an even number.

    Raises:
        TypeError: If an argument is no integer.
        ValueError: If `words_in` or `hidden` is below 1, `words_out` below 3, or `hidden` odd.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.sequences import Translator
        >>> model = Translator(30, 35, hidden=16)
        >>> logits, attention = model(torch.ones(5, 4, dtype=torch.long), torch.ones(5, 7, dtype=torch.long))
        >>> print(logits.shape, attention.shape)
        torch.Size([5, 7, 35]) torch.Size([5, 7, 4])

    References:
        D. Bahdanau, K. Cho and Y. Bengio, "Neural machine translation by jointly learning to align and translate",
        ICLR 2015; the dot product is that of M.-T. Luong, H. Pham and C. Manning, EMNLP 2015.
        On the page: [Recurrent networks at work][dl-recurrent].
    """

    def __init__(self, words_in: int, words_out: int, *, hidden: int) -> None:
        super().__init__()
        words_in, words_out = _check.integer("words_in", words_in), _check.integer("words_out", words_out, low=3)
        if _check.integer("hidden", hidden) % 2:
            raise _check.wrong_value("hidden", "be even, half for each direction", hidden)
        self.read = nn.Embedding(words_in, hidden)
        self.write = nn.Embedding(words_out, hidden)
        self.reader = nn.GRU(hidden, hidden // 2, batch_first=True, bidirectional=True)
        self.writer = nn.GRU(hidden, hidden, batch_first=True)
        self.query = nn.Linear(hidden, hidden)
        self.out = nn.Linear(2 * hidden, words_out)

    def forward(self, source: Tensor, written: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the next words, (n, written, words_out), and attention to those read, (n, written, source)."""
        states, last = self.reader(self.read(source))
        queries, _ = self.writer(self.write(written), torch.cat([last[0], last[1]], dim=1)[None])
        scores = self.query(queries) @ states.transpose(1, 2)
        attention = scores.masked_fill((source == 0)[:, None], -torch.inf).softmax(dim=2)
        return self.out(torch.cat([queries, attention @ states], dim=2)), attention

    @torch.no_grad()
    def translate(self, source: Tensor, *, longest: int) -> tuple[Tensor, Tensor]:
        """The likeliest word, again and again: words of shape (n, longest), and the attention to each source word."""
        _check.instance("source", source, Tensor)
        if source.ndim != 2 or source.is_floating_point():
            raise _check.wrong_value("source", "have a row of word numbers a sentence", f"shape {tuple(source.shape)}")
        _check.integers("source", source, high=self.read.num_embeddings)
        longest = _check.integer("longest", longest)
        written = torch.ones(len(source), 1, dtype=torch.long)
        with mode(self, training=False):
            for _ in range(longest):
                logits, attention = self(source, written)
                written = torch.cat([written, logits[:, -1:].argmax(dim=2)], dim=1)
        return written[:, 1:], attention
