"""The net: a small convolutional line reader trained with CTC."""

from __future__ import annotations

from torch import Tensor, nn

from ocr_models.digits.reader import ALPHABET


class DigitNet(nn.Module):
    """(batch, 1, 40, width) of ink 0..1 into (batch, signs + 1, width / 2) of log odds."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_block(1, 16),
            nn.MaxPool2d(2),
            *_block(16, 28),
            nn.MaxPool2d((2, 1)),
            *_block(28, 48),
            *_block(48, 48),
            nn.MaxPool2d((2, 1)),
            *_block(48, 72),
            nn.Conv2d(72, 96, (5, 3), padding=(0, 1), bias=False),
            nn.BatchNorm2d(96),
            nn.ReLU(inplace=True),
            nn.Dropout2d(0.1),
        )
        self.head = nn.Sequential(
            nn.Conv1d(96, 96, 7, padding=3, bias=False),
            nn.BatchNorm1d(96),
            nn.ReLU(inplace=True),
            nn.Conv1d(96, len(ALPHABET) + 1, 1),
        )

    def forward(self, ink: Tensor) -> Tensor:
        """Log odds of each sign at each column."""
        return self.head(self.body(ink).squeeze(2))


def _block(inside: int, outside: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(inside, outside, 3, padding=1, bias=False)
    return convolution, nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
