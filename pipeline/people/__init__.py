"""Who may come in: passwords, signing in, sessions, tickets, the accounts themselves."""
