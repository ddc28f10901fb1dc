"""The names of the engines there are, known without loading any."""

#: The usual one first: Tesseract's library in a process that stays, and its program.
ENGINES = ("tesserocr", "tesseract")
