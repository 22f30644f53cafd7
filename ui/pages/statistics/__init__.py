"""统计: figures, the lists behind them, what was sent, and the page for Mondays."""
