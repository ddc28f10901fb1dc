"""What the words of a value mean: names, days, money, numbers, codes."""
