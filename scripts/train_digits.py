"""Trains the reader of handwritten digits and writes its ONNX file.

Needs a venv of its own: pip install torch==2.13.0 onnx scikit-learn pillow opencv-python-headless pytesseract; and fonts:
apt-get install fonts-breip fonts-bwht fonts-dkg-handwriting fonts-ecolier-court fonts-femkeklaver fonts-rufscript
fonts-sjfonts fonts-liberation2 fonts-freefont-ttf, and any of npm's @fontsource handwriting packages (``--fonts``).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ocr_models.digits.ink import HEIGHT  # noqa: E402
from ocr_models.digits.reader import ALPHABET, WIDTH  # noqa: E402
from scripts.digits.glyphs import HANDWRITING, PRINT, find_faces, split_faces  # noqa: E402
from scripts.digits.net import DigitNet  # noqa: E402
from scripts.digits.samples import Faces, Sample, draw_sample  # noqa: E402

BATCH, POOL = 64, 768
ENTRY = '''[[model]]
name = "digits"
engine = "digits"
file = "digits/digits.onnx"
source = "trained by scripts/train_digits.py: {how}"
data = """\\
drawn pen strokes; outlines of handwriting fonts (OFL-1.1, Apache-2.0, GPL with font exception); UCI optical \\
recognition of handwritten digits as scikit-learn ships it (CC BY 4.0, E. Alpaydin and C. Kaynak 1998)"""
licence = "Apache-2.0"
sha256 = "{sha256}"
'''


class Gaps(IterableDataset[tuple[Tensor, list[str]]]):
    """Batches of samples of about the same width, without end."""

    def __init__(self, faces: Faces, seed: int) -> None:
        self.faces, self.seed = faces, seed

    def __iter__(self) -> Iterator[tuple[Tensor, list[str]]]:
        worker = torch.utils.data.get_worker_info()
        chance = np.random.default_rng(self.seed + (worker.id if worker else 0))
        while True:
            pool = sorted((draw_sample(chance, self.faces) for _ in range(POOL)), key=lambda one: one.ink.shape[1])
            for start in chance.permutation(np.arange(0, POOL, BATCH)):
                yield stack(pool[start : start + BATCH])


def stack(samples: Sequence[Sample]) -> tuple[Tensor, list[str]]:
    """The samples side by side as (batch, 1, height, width), padded with paper at the right, and their texts."""
    width = -(-max(sample.ink.shape[1] for sample in samples) // 4) * 4
    inks = np.zeros((len(samples), 1, HEIGHT, width), np.float32)
    for ink, sample in zip(inks, samples, strict=True):
        ink[0, :, : sample.ink.shape[1]] = sample.ink
    return torch.from_numpy(inks), [sample.text for sample in samples]


def train(net: DigitNet, faces: Faces, seconds: float, seed: int) -> int:
    """Train for ``seconds``; the number of samples seen."""
    batches = iter(DataLoader(Gaps(faces, seed), batch_size=None, num_workers=1, prefetch_factor=24))
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    loss_of = nn.CTCLoss(zero_infinity=True)
    begun, seen, running = time.monotonic(), 0, 0.0
    while (share := (time.monotonic() - begun) / seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * min(1.0, share / 0.04) * (0.5 + 0.5 * np.cos(np.pi * share)) + 2e-5
        inks, texts = next(batches)
        scores = net(inks).log_softmax(1).permute(2, 0, 1)
        signs = torch.tensor([ALPHABET.index(sign) + 1 for text in texts for sign in text])
        sizes = torch.tensor([len(text) for text in texts])
        loss = loss_of(scores, signs, torch.full((len(texts),), scores.shape[0]), sizes)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        seen += len(texts)
        running = 0.98 * running + 0.02 * float(loss) if running else float(loss)
        if seen % (BATCH * 100) == 0:
            print(f"{seen} samples, loss {running:.3f}, {100 * share:.0f} %", flush=True)
    return seen


def measure(net: DigitNet, faces: Faces, count: int, seed: int) -> float:
    """The share of ``count`` fresh samples whose whole text is read right."""
    chance = np.random.default_rng(seed)
    net.eval()
    right = 0
    with torch.no_grad():
        for _ in range(count):
            sample = draw_sample(chance, faces)
            best = net(stack([sample])[0])[0].argmax(0).tolist()
            kept = [sign for at, sign in enumerate(best) if sign and (at == 0 or best[at - 1] != sign)]
            right += "".join(ALPHABET[sign - 1] for sign in kept) == sample.text
    return right / count


def export(net: DigitNet, folder: Path, how: str) -> None:
    """Write ``digits.onnx`` into ``folder`` and print its entry in ocr_models/manifest.toml."""
    net.eval()
    path = folder / "digits.onnx"
    torch.onnx.export(
        net, (torch.zeros(1, 1, HEIGHT, WIDTH),), str(path), input_names=["ink"], output_names=["odds"],
        opset_version=13, dynamo=False,
    )  # fmt: skip
    print(ENTRY.format(how=how, sha256=hashlib.sha256(path.read_bytes()).hexdigest()))


def main() -> None:
    """Train, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="*", default=[], help="more folders with fonts")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--weights", type=Path, required=True, help="where to keep the weights")
    parser.add_argument("--out", type=Path, default=ROOT / "ocr_models" / "digits")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    roots = [Path("/usr/share/fonts"), *chosen.fonts]
    hands, prints = find_faces(roots, HANDWRITING), find_faces(roots, PRINT)
    seen_faces = Faces(split_faces(hands, held_out=False), prints)
    net = DigitNet()
    print(f"{sum(p.numel() for p in net.parameters())} parameters, {len(seen_faces.hands)} hands", flush=True)
    if chosen.start:
        net.load_state_dict(torch.load(chosen.start))
    net.train()
    count = train(net, seen_faces, chosen.seconds, chosen.seed)
    torch.save(net.state_dict(), chosen.weights)
    seen = measure(net, seen_faces, 1500, 10**6)
    unseen = measure(net, Faces(split_faces(hands, held_out=True), prints), 1500, 10**6)
    print(f"{count} samples; whole samples right: {seen:.4f}, of unseen hands {unseen:.4f}")
    export(net, chosen.out, f"CTC on {count} drawn samples, {len(seen_faces.hands)} handwriting fonts, seed {chosen.seed}")


if __name__ == "__main__":
    main()
