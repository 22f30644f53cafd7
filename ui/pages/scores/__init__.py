"""成绩: the grid of one class, an assessment at a time."""
