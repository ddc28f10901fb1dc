"""Batches of years of paper: files taken apart, their documents handed to the workers as those can take them."""
