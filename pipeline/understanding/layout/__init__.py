"""What Decree 30/2020/NĐ-CP wants of the layout of a paper, and what the paper lacks: hints, never problems."""

from pipeline.understanding.layout.linter import lint_layout

__all__ = ("lint_layout",)
