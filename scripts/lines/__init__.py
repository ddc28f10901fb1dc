"""What the reader of printed lines is trained on, and its net."""
