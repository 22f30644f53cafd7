"""Building blocks of every page, in the one design language of the product."""
