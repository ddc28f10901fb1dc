"""Trains the reader of printed lines and writes its ONNX file.

Needs a venv with this project and: pip install torch==2.13.0 onnx fonttools; fonts: apt-get install fonts-liberation2
fonts-freefont-ttf fonts-noto-core; and npm's @fontsource packages that scripts/lines/faces.py names, unpacked as
``NAME/package`` in one folder (``--fonts``).
"""

from __future__ import annotations

import argparse
import copy
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

from ocr_models.lines.ink import HEIGHT  # noqa: E402
from ocr_models.lines.signs import ALPHABET  # noqa: E402
from scripts.lines.faces import Face, find_faces  # noqa: E402
from scripts.lines.net import STEP, LineNet  # noqa: E402
from scripts.lines.samples import Press, Sample  # noqa: E402
from scripts.lines.texts import Texts, load_texts  # noqa: E402

#: Samples that are learned from at once, samples sorted by width at once, and what widths are multiples of.
BATCH, POOL, ROUND = 64, 1536, 32
#: How much of the mean of all weights each step keeps.
KEPT = 0.9985
ENTRY = """[[model]]
name = "lines"
engine = "lines"
file = "lines/lines.onnx"
source = "trained by scripts/train_lines.py: {how}"
licence = "Apache-2.0"
sha256 = "{sha256}"
"""


class Lines(IterableDataset[tuple[Tensor, list[str]]]):
    """Batches of samples of about the same width, without end."""

    def __init__(self, texts: Texts, faces: list[Face], seed: int) -> None:
        self.texts, self.faces, self.seed = texts, faces, seed

    def __iter__(self) -> Iterator[tuple[Tensor, list[str]]]:
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        chance = np.random.default_rng(self.seed + (worker.id if worker else 0))
        press = Press(chance, self.texts, self.faces)
        while True:
            pool = sorted((press.draw() for _ in range(POOL)), key=lambda one: one.ink.shape[1])
            for start in chance.permutation(np.arange(0, POOL, BATCH)):
                yield stack(pool[start : start + BATCH])


def stack(samples: Sequence[Sample]) -> tuple[Tensor, list[str]]:
    """The samples one upon the other as (batch, 1, height, width), padded with paper at the right, and their texts."""
    width = -(-max(sample.ink.shape[1] for sample in samples) // ROUND) * ROUND
    inks = np.zeros((len(samples), 1, HEIGHT, width), np.float32)
    for ink, sample in zip(inks, samples, strict=True):
        ink[0, :, : sample.ink.shape[1]] = sample.ink
    return torch.from_numpy(inks), [sample.text for sample in samples]


class Course:
    """A net in training, with the mean of its last weights, which is what is kept."""

    def __init__(self, net: LineNet, folder: Path, rate: float) -> None:
        self.rate = rate
        self.net, self.folder = net.to(memory_format=torch.channels_last), folder
        self.mean = copy.deepcopy(net)
        self.optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=5e-3, betas=(0.9, 0.98))
        self.loss_of = nn.CTCLoss(zero_infinity=True)
        self.steps = 0

    def step(self, inks: Tensor, texts: list[str], share: float) -> float:
        """Learn from one batch, ``share`` of the way to the end; the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * min(1.0, share / 0.03 + 0.02) * (0.5 + 0.5 * np.cos(np.pi * share)) + 5e-6
        with torch.autocast("cpu", torch.bfloat16):
            odds = self.net(inks.contiguous(memory_format=torch.channels_last))
        scores = odds.float().log_softmax(1).permute(2, 0, 1)
        signs = torch.tensor([ALPHABET.index(sign) + 1 for text in texts for sign in text])
        sizes = torch.tensor([len(text) for text in texts])
        loss = self.loss_of(scores, signs, torch.full((len(texts),), scores.shape[0]), sizes)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.steps += 1
        self._average(min(KEPT, self.steps / (self.steps + 10)))
        return loss.item()

    @torch.no_grad()
    def _average(self, kept: float) -> None:
        ours, theirs = self.mean.state_dict(), self.net.state_dict()
        for name, value in ours.items():
            if value.is_floating_point():
                value.lerp_(theirs[name], 1 - kept)

    def save(self, name: str) -> None:
        """Keep the mean weights as ``name``."""
        torch.save(self.mean.state_dict(), self.folder / f"{name}.new")
        (self.folder / f"{name}.new").replace(self.folder / name)


def train(course: Course, batches: Iterator[tuple[Tensor, list[str]]], seconds: float) -> int:
    """Train for ``seconds``, keeping the weights every five minutes; the number of samples seen."""
    begun, seen, running, kept = time.monotonic(), 0, 0.0, 0
    while (spent := time.monotonic() - begun) < seconds:
        inks, texts = next(batches)
        loss = course.step(inks, texts, spent / seconds)
        seen += len(texts)
        running = 0.98 * running + 0.02 * loss if running else loss
        if course.steps % 100 == 0:
            print(f"{seen} samples, loss {running:.3f}, {100 * spent / seconds:.0f} %", flush=True)
        if spent // 300 > kept:
            kept = int(spent // 300)
            course.save("lines.pt")
    course.save("lines.pt")
    return seen


def measure(net: LineNet, press: Press, count: int) -> tuple[float, float]:
    """The share of ``count`` fresh samples whose whole text is read right, and the errors a sign."""
    net.eval()
    right, errors, signs = 0, 0, 0
    with torch.no_grad():
        for _ in range(count):
            sample = press.draw()
            best = net(stack([sample])[0])[0].argmax(0).tolist()
            kept = [sign for at, sign in enumerate(best) if sign and (at == 0 or best[at - 1] != sign)]
            text = "".join(ALPHABET[sign - 1] for sign in kept).strip()
            right += text == sample.text
            errors += _distance(text, sample.text)
            signs += len(sample.text)
    return right / count, errors / signs


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, match in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (sign != match))
    return row[-1]


def export(net: LineNet, folder: Path, how: str) -> None:
    """Write ``lines.onnx`` into ``folder`` and print its entry in ocr_models/manifest.toml."""
    plain = copy.deepcopy(net).eval()
    plain.head = plain.head.folded()
    path = folder / "lines.onnx"
    torch.onnx.export(
        plain, (torch.zeros(1, 1, HEIGHT, 256),), str(path), input_names=["ink"], output_names=["odds"],
        dynamic_axes={"ink": {3: "width"}, "odds": {2: "columns"}}, opset_version=13, dynamo=False,
    )  # fmt: skip
    print(ENTRY.format(how=how, sha256=hashlib.sha256(path.read_bytes()).hexdigest()))


def main() -> None:
    """Train, measure, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="*", default=[], help="folders of unpacked @fontsource packages")
    parser.add_argument("--text", type=Path, required=True, help="gzipped lines of administrative prose")
    parser.add_argument("--seconds", type=float, default=4500)
    parser.add_argument("--rate", type=float, default=2.5e-3, help="the highest rate of learning")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--weights", type=Path, required=True, help="folder to keep the weights in")
    parser.add_argument("--out", type=Path, default=ROOT / "ocr_models" / "lines")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    faces = find_faces([Path("/usr/share/fonts/truetype"), *chosen.fonts])
    texts = load_texts(chosen.text)
    net = LineNet()
    print(f"{sum(p.numel() for p in net.parameters())} parameters, {len(faces)} faces, step {STEP}", flush=True)
    if chosen.start:
        net.load_state_dict(torch.load(chosen.start))
    course = Course(net.train(), chosen.weights, chosen.rate)
    batches = iter(DataLoader(Lines(texts, faces, chosen.seed), batch_size=None, num_workers=1, prefetch_factor=16))
    count = train(course, batches, chosen.seconds)
    right, errors = measure(course.mean, Press(np.random.default_rng(10**6), texts, faces), 2000)
    print(f"{count} samples; whole lines right: {right:.4f}, errors a sign: {errors:.4f}")
    export(course.mean, chosen.out, f"CTC on {count} drawn lines, {len(faces)} faces, seed {chosen.seed}")


if __name__ == "__main__":
    main()
