"""Questions that cannot wait; everything else opens in the panel at the right."""
