"""Digital signatures with pyHanko: keys, time stamps, what they look like, and whether they hold."""
