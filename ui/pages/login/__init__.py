"""Login, unlock, and the way back in with the recovery code."""
