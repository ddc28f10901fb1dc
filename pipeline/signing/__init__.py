"""Digital signatures around the flow: who signs what and when, keys and trust from settings, files that come in signed."""
