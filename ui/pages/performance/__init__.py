"""绩效: ledger, pool and allocation of a year."""
