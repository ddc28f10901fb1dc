"""Sohoa: from the paper of administrative procedures to searchable, trustworthy, reusable documents.

Read :mod:`pipeline.flow` first: it is the table of contents.
"""
