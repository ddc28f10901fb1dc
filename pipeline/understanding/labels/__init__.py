"""Labels on forms and certificates, and where the values behind them end."""
