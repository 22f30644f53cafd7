"""考勤: the grid of one class, trainees by sessions."""
