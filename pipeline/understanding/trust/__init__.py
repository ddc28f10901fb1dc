"""How likely a field is right."""
