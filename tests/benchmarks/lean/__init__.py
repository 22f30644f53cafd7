"""L: a lean engine of the same guarantees, the measure of what reporting costs; nothing of the product is in it."""
