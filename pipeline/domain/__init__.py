"""What we talk about: frozen values, tuples, standard library and numpy only."""
