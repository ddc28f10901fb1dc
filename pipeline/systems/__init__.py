"""Systems of others: who is registered, how they prove it, their tokens, how fast they may ask, what they hand in."""
