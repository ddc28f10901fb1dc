"""Which type a document is, and where one ends and the next begins."""
