"""Fixtures for every test. The development samples lie beside the checkout, in ``shared``; they may be absent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

#: How long an example takes says something of the machine alone.
settings.register_profile("sohoa", deadline=None)
settings.load_profile("sohoa")

pytest_plugins = ("tests.stack_fixtures",)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development samples; a test that asks for them is skipped where they are absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "samples").is_dir():
        pytest.skip("the development samples (../shared) are not on this machine")
    return folder
