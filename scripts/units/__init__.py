"""The administrative units of the country as one file of our own, put together from published packages."""
