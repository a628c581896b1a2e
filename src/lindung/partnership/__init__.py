"""Agreements between a city and a branch, the money behind them, and how long that money lasts."""
