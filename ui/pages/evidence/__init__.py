"""佐证: the 佐证 tab of a class, and the page that matches many files to its people."""
