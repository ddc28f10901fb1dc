"""Whose a paper is, how long it holds, and to which procedure it belongs."""
