"""The zones of administrative papers: head, subject, signature, recipients."""
