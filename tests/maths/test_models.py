"""The networks for vision, sequences and generation compute what their formulas say."""

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlref.pytorch.generation import RandomFilters, discriminator_loss, generator_loss, gram_matrix
from dlref.pytorch.sequences import CharacterModel, Forecaster, Translator, sample_characters
from dlref.pytorch.vision import Detector, Localizer, cell_centers, detection_loss, detection_targets


def test_adversarial_losses_are_binary_cross_entropies():
    real, fake = torch.randn(2, 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 5
    bce = functional.binary_cross_entropy
    ones, zeros = torch.ones_like(real), torch.zeros_like(fake)
    expected = bce(real.sigmoid(), ones) + bce(fake.sigmoid(), zeros)
    torch.testing.assert_close(discriminator_loss(real, fake), expected)
    torch.testing.assert_close(generator_loss(fake), bce(fake.sigmoid(), ones))


def test_gram_matrix_is_the_mean_outer_product():
    features = torch.randn(4, 5, 6, generator=torch.Generator().manual_seed(0))
    expected = sum(torch.outer(features[:, i, j], features[:, i, j]) for i in range(5) for j in range(6)) / 30
    torch.testing.assert_close(gram_matrix(features), expected)


def test_random_filters_are_not_trained():
    assert not any(parameter.requires_grad for parameter in RandomFilters((3, 5), count=2).parameters())


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_characters_are_drawn_at_their_temperature(temperature):
    torch.manual_seed(0)
    model = CharacterModel(4, hidden=8)
    # Without weights the network always gives the same logits.
    torch.nn.init.zeros_(model.out.weight)
    model.out.bias.data = torch.tensor([1.0, 0.0, -1.0, 0.5])
    drawn = sample_characters(
        model, [0], count=4000, temperature=temperature, generator=torch.Generator().manual_seed(1)
    )
    expected = (model.out.bias.double() / temperature).softmax(dim=0).detach().numpy()
    share = np.bincount(drawn, minlength=4) / 4000
    # Four standard errors of a share.
    np.testing.assert_array_less(np.abs(share - expected), 4 * np.sqrt(expected * (1 - expected) / 4000))


@pytest.mark.parametrize("training", [True, False])
def test_models_come_back_in_the_mode_they_were_in(training):
    """Left in evaluation mode, training stopped on a GPU: after wiseodd/controlled-text-generation #24."""
    writer, translator = CharacterModel(4, hidden=8).train(training), Translator(6, 7, hidden=8).train(training)
    writer.out.train(not training)
    sample_characters(writer, [0], count=3, temperature=1.0, generator=torch.Generator().manual_seed(1))
    translator.translate(torch.tensor([[3, 4]]), longest=2)
    assert (writer.training, writer.out.training, translator.training) == (training, not training, training)


def test_reading_in_parts_is_reading_in_one_go():
    torch.manual_seed(0)
    model, text = CharacterModel(5, hidden=16), torch.randint(5, (2, 20))
    whole, _ = model(text)
    first, memory = model(text[:, :7])
    torch.testing.assert_close(torch.cat([first, model(text[:, 7:], memory)[0]], dim=1), whole)


def test_attention_is_a_share_of_the_words_that_are_there():
    torch.manual_seed(0)
    model = Translator(6, 7, hidden=8)
    _, attention = model(torch.tensor([[3, 4, 0, 0]]), torch.tensor([[1, 5, 6]]))
    torch.testing.assert_close(attention.sum(dim=2), torch.ones(1, 3))
    assert (attention[..., 2:] == 0).all()


def test_a_translator_learns_to_turn_a_pair_round():
    torch.manual_seed(0)
    model = Translator(8, 10, hidden=16)
    source = torch.cartesian_prod(torch.arange(1, 6), torch.arange(1, 6))
    target = torch.cat([source.flip(1) + 2, torch.full((25, 1), 2)], dim=1)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(150):
        logits, _ = model(source, functional.pad(target[:, :-1], (1, 0), value=1))
        loss = functional.cross_entropy(logits.transpose(1, 2), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert torch.equal(model.translate(source, longest=3)[0], target)


def test_a_forecast_depends_on_the_whole_window():
    torch.manual_seed(0)
    model, window = Forecaster(8, horizon=3), torch.zeros(1, 24)
    moved = window.clone()
    moved[0, 0] = 1
    assert not torch.equal(model(window), model(moved))


def test_a_localizer_without_weights_answers_with_the_middle():
    model = Localizer(3).eval()
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    torch.testing.assert_close(model(torch.zeros(1, 3, 48, 48)), torch.tensor([[0.0] * 3 + [0.5] * 4]))


def test_targets_lead_back_to_their_boxes():
    boxes = torch.tensor([[0.1, 0.2, 0.4, 0.9], [0.6, 0.5, 0.62, 0.55]])
    targets = detection_targets(boxes, [0, 2], classes=3)
    x, y = cell_centers(12)
    left, top, right, bottom = targets[3:]
    found = torch.stack([x - left, y - top, x + right, y + bottom], dim=-1)
    for box, label in zip(boxes, (0, 2), strict=True):
        inside = targets[label] == 1
        # Even the box that is smaller than a cell has one.
        assert inside.any()
        torch.testing.assert_close(found[inside], box.expand(int(inside.sum()), 4))
    assert (targets[1] == 0).all()


def test_the_right_answer_has_no_detection_loss():
    targets = detection_targets(torch.tensor([[0.1, 0.2, 0.4, 0.9]]), [1], classes=2)[None]
    answer = torch.cat([100 * (2 * targets[:, :2] - 1), targets[:, 2:]], dim=1)
    assert detection_loss(answer, targets).item() == pytest.approx(0, abs=1e-6)
    # Distances outside of objects do not count.
    away = (1 - targets[:, 1:2]) * torch.tensor([0, 0, 1, 1, 1, 1.0]).reshape(1, 6, 1, 1)
    assert detection_loss(answer + away, targets).item() == pytest.approx(0, abs=1e-6)
    empty = torch.zeros(1, 6, 12, 12)
    assert detection_loss(empty, empty).item() == pytest.approx(288 * math.log(2), rel=1e-5)


def test_a_new_detector_finds_next_to_nothing():
    torch.manual_seed(0)
    assert Detector(3)(torch.rand(2, 3, 48, 48))[:, :3].sigmoid().mean() < 0.2
