"""Networks that make something new: the losses of a generator and its discriminator, and those of style transfer."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

from dlref import _check

__all__ = ["RandomFilters", "discriminator_loss", "generator_loss", "gram_matrix"]


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Small where the discriminator calls real examples real and made ones made.

    $$L_D = -\tfrac1n \sum_i \ln D(x_i) - \tfrac1n \sum_i \ln\bigl(1 - D(G(z_i))\bigr)$$

    Args:
        real_logits: What the discriminator gives for real examples $x_i$; the sigmoid makes it $D(x_i)$.
        fake_logits: What it gives for made ones, $G(z_i)$.

    Returns:
        The sum of both means, 0 or more; 2 ln 2 = 1.39 where it can tell nothing.

    Raises:
        TypeError: If an argument is no tensor.
        ValueError: If it is empty or does not hold floats.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.generation import discriminator_loss
        >>> print(f"{discriminator_loss(torch.zeros(4), torch.zeros(4)).item():.4f}")
        1.3863
        >>> print(f"{discriminator_loss(torch.tensor([2.0]), torch.tensor([-1.0])).item():.4f}")
        0.4402

    References:
        I. Goodfellow and others, "Generative adversarial nets", NeurIPS 2014.
        On the page: [Generative adversarial networks][dl-gan].
    """
    real_logits, fake_logits = _check.tensor("real_logits", real_logits), _check.tensor("fake_logits", fake_logits)

    return functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()


def generator_loss(fake_logits: Tensor) -> Tensor:
    r"""Small where the discriminator takes made examples for real.

    $$L_G = -\tfrac1n \sum_i \ln D(G(z_i))$$

    This form is used in practice; $\ln(1 - D(G(z)))$ has next to no slope as long as the discriminator wins.

    Args:
        fake_logits: What the discriminator gives for made examples.

    Returns:
        The mean, 0 or more.

    Raises:
        TypeError: If an argument is no tensor.
        ValueError: If it is empty or does not hold floats.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.generation import generator_loss
        >>> print(f"{generator_loss(torch.tensor([0.0, 2.0])).item():.4f}")
        0.4100

    References:
        I. Goodfellow and others, "Generative adversarial nets", NeurIPS 2014, section 3.
        On the page: [Generative adversarial networks][dl-gan].
    """
    return functional.softplus(-_check.tensor("fake_logits", fake_logits)).mean()


def gram_matrix(features: Tensor) -> Tensor:
    r"""How strongly each two features occur together, wherever in the picture: its texture, without its layout.

    $$G_{ij} = \frac{1}{N} \sum_{p} F_{ip} F_{jp}$$

    Args:
        features: Feature maps $F$ of shape (features, height, width), with $N$ places $p$.

    Returns:
        Shape (features, features), symmetric.

    Raises:
        TypeError: If an argument is no tensor.
        ValueError: If it is empty, does not hold floats or has another shape.

    Examples:
        Moving everything about leaves the matrix as it is.

        >>> import torch
        >>> from dlref.pytorch.generation import gram_matrix
        >>> features = torch.tensor([[[1.0, 0.0], [2.0, 0.0]], [[0.0, 3.0], [1.0, 0.0]]])
        >>> print(gram_matrix(features).tolist())
        [[1.25, 0.5], [0.5, 2.5]]
        >>> print(torch.equal(gram_matrix(features.flip(2)), gram_matrix(features)))
        True

    References:
        L. Gatys, A. Ecker and M. Bethge, "Image style transfer using convolutional neural networks", CVPR 2016; they do
        not divide by $N$ here but in the loss. On the page: [Style transfer][dl-style].
    """
    flat = _check.tensor("features", features, ndim=3).flatten(1)
    return flat @ flat.T / flat.shape[1]


class RandomFilters(nn.Module):
    """Convolutions of several sizes with random weights, never trained, each followed by ReLU.

    Args:
        sizes: Side of the filters of each group, in pixels.
        count: Filters a group.

    Raises:
        TypeError: If a size or `count` is no integer.
        ValueError: If one is below 1.

    Examples:
        >>> import torch
        >>> from dlref.pytorch.generation import RandomFilters
        >>> maps = RandomFilters((3, 7), count=8)(torch.zeros(1, 3, 20, 30))
        >>> print([tuple(group.shape) for group in maps])
        [(8, 18, 28), (8, 14, 24)]

    References:
        I. Ustyuzhaninov, W. Brendel, L. Gatys and M. Bethge, "What does it take to generate natural textures?",
        ICLR 2017. On the page: [Style transfer][dl-style].
    """

    def __init__(self, sizes: Sequence[int], *, count: int) -> None:
        super().__init__()
        count = _check.integer("count", count)
        sizes = [_check.integer("sizes", size, below=2**16) for size in _check.items("sizes", sizes)]
        self.groups = nn.ModuleList(nn.Conv2d(3, count, size, bias=False) for size in sizes)
        self.requires_grad_(False)

    def forward(self, x: Tensor) -> list[Tensor]:
        """A picture of shape (1, 3, height, width) to maps of shape (count, rows, columns), one tensor a group."""
        return [functional.relu(group(x))[0] for group in self.groups]
