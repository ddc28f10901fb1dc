"""Adapters for objects, catalogue and embedded servers."""
