"""Engines and their model files."""
