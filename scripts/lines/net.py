"""The net: a small convolutional line reader trained with CTC."""

from __future__ import annotations

import unicodedata

import torch
from torch import Tensor, nn

from ocr_models.lines.ink import HEIGHT
from ocr_models.lines.signs import ALPHABET

#: Columns of ink to one column of odds.
STEP = 4


class LineNet(nn.Module):
    """(batch, 1, 36, width) of ink 0..1 into (batch, signs + 1, width / 4) of log odds."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_block(1, 48, 5, (2, 2)),
            *_block(48, 48, 3, (1, 1)),
            *_block(48, 96, 3, (2, 2)),
            _Residual(96),
            nn.MaxPool2d((3, 1)),
            *_block(96, 160, 3, (1, 1)),
            *_block(160, 160, 3, (1, 1)),
            nn.Conv2d(160, 224, (HEIGHT // 12, 1), bias=False),
            nn.BatchNorm2d(224),
            nn.ReLU(inplace=True),
            nn.Dropout2d(0.05),
        )
        self.context = nn.Sequential(*(_Along(224, reach) for reach in (1, 2, 4)))
        self.head = _Signs(224)

    def forward(self, ink: Tensor) -> Tensor:
        """Log odds of each sign at each column."""
        return self.head(self.context(self.body(ink)))[:, :, 0]


class _Residual(nn.Module):
    """Two convolutions beside a way past them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.way = nn.Sequential(*_block(channels, channels, 3, (1, 1)), *_block(channels, channels, 3, (1, 1)))

    def forward(self, field: Tensor) -> Tensor:
        return field + self.way(field)


class _Along(nn.Module):
    """What stands ``reach`` columns to both sides, seen with what stands here."""

    def __init__(self, channels: int, reach: int) -> None:
        super().__init__()
        self.way = nn.Sequential(
            nn.Conv2d(channels, channels, (1, 3), padding=(0, reach), dilation=(1, reach), bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, field: Tensor) -> Tensor:
        return field + self.way(field)


class _Signs(nn.Module):
    """Log odds of signs, whose weights are sums of those of their parts: letter, case, mark of the vowel, tone.

    So a letter that is rare is known by its parts, each of which is common. ``folded`` is the plain convolution it comes to.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        parts = [_parts(sign) for sign in ALPHABET]
        names = sorted({part for sign in parts for part in sign})
        table = torch.zeros(len(ALPHABET) + 1, len(names) + len(ALPHABET) + 1)
        for row, sign in enumerate(parts, 1):
            for part in sign:
                table[row, names.index(part)] = 1.0
        table[:, len(names) :] = torch.eye(len(ALPHABET) + 1)
        self.register_buffer("table", table)
        self.weight = nn.Parameter(torch.randn(table.shape[1], channels) * channels**-0.5 * 0.5)
        self.bias = nn.Parameter(torch.zeros(table.shape[1]))

    def forward(self, field: Tensor) -> Tensor:
        return nn.functional.conv2d(field, (self.table @ self.weight)[:, :, None, None], self.table @ self.bias)

    def folded(self) -> nn.Conv2d:
        """The same as one convolution."""
        weight = self.table @ self.weight
        plain = nn.Conv2d(weight.shape[1], weight.shape[0], 1)
        plain.weight.data = weight.data[:, :, None, None].clone()
        assert plain.bias is not None, "a convolution has a bias unless told otherwise"
        plain.bias.data = (self.table @ self.bias).data.clone()
        return plain


def _parts(sign: str) -> list[str]:
    letters = unicodedata.normalize("NFD", sign.lower().replace("đ", "d\u0335"))
    case = "capital" if sign.isupper() else "small" if sign.isalpha() else "other"
    return [case, *letters, *([] if len(letters) > 1 or not sign.isalpha() else ["bare"])]


def _block(inside: int, outside: int, size: int, stride: tuple[int, int]) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(inside, outside, size, stride=stride, padding=size // 2, bias=False)
    return convolution, nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
